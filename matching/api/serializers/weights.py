"""Versions of the weights, and what a trial of others measured."""

from rest_framework import serializers

from matching.models import Weighing


class WeighingOut(serializers.ModelSerializer):
    by = serializers.CharField(source="by.full_name", default=None, allow_null=True)

    class Meta:
        model = Weighing
        fields = ["number", "weights", "note", "by", "at"]
        read_only_fields = fields


class WeightsOut(serializers.Serializer):
    """`weights`: part of the fit -> weight, as in force. `versions`: the newest first; none: the house's own count."""

    weights = serializers.DictField(child=serializers.FloatField())
    versions = WeighingOut(many=True)


class MeasuresOut(serializers.Serializer):
    """Shares are 0..1, waiting times days, null where there is nothing to measure."""

    requests = serializers.IntegerField()
    filled = serializers.FloatField(allow_null=True)
    waited = serializers.FloatField(allow_null=True, help_text="median")
    waited_worst = serializers.FloatField(allow_null=True, help_text="nine of ten waited no longer")
    evenness = serializers.FloatField(help_text="Gini of asks; 0: everybody was asked alike")
    never_asked = serializers.IntegerField()
    able = serializers.IntegerField(help_text="volunteers who could be asked")
    asks = serializers.IntegerField()
    bands = serializers.DictField(child=serializers.FloatField(), help_text="same, near, far: share of the asked")
    known = serializers.FloatField(allow_null=True, help_text="share of pairs who knew each other")


class TrialOut(serializers.Serializer):
    """`before` and `after` are null where no round of that time kept what it could have chosen."""

    days = serializers.IntegerField()
    rounds = serializers.IntegerField(help_text="decided again")
    other_pairs = serializers.IntegerField(help_text="real pairs that would not have been")
    before = MeasuresOut(allow_null=True)
    after = MeasuresOut(allow_null=True)
