"""What everybody may know of a quarter."""

from rest_framework import serializers

from places.models import Quarter


class QuarterOut(serializers.ModelSerializer):
    class Meta:
        model = Quarter
        fields = [
            "id", "name", "slug", "office_name", "office_address", "office_phone", "office_hours", "carrier"
        ]  # fmt: skip
        read_only_fields = fields
