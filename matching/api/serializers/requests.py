"""What leaves the house about requests for help; who sees what is decided in `sights`."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching.api import sights
from matching.models import HelpRequest
from places.models import Quarter

BAND = serializers.ChoiceField(["same", "near", "far"], allow_null=True)


class QuarterName(serializers.ModelSerializer):
    class Meta:
        model = Quarter
        fields = ["id", "name", "slug"]
        read_only_fields = fields


class DatedOut(serializers.Serializer):
    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class WeeklyOut(serializers.Serializer):
    weekday = serializers.IntegerField()
    start = serializers.CharField()
    end = serializers.CharField()
    rule = serializers.CharField(help_text="RRULE of a series; empty: every week")
    since = serializers.DateField(allow_null=True)


class TimesOut(serializers.Serializer):
    timing = serializers.ChoiceField(HelpRequest.Timing.choices)
    windows = DatedOut(many=True)
    weekly = WeeklyOut(many=True)
    flexible_until = serializers.DateField(allow_null=True)


class RequestOut(serializers.ModelSerializer):
    """In full, for the resident, trusted people and workers of the quarter; never the address."""

    quarter = QuarterName(read_only=True)
    resident = serializers.SerializerMethodField()
    skills = serializers.SerializerMethodField()
    when = serializers.SerializerMethodField()
    place_is_found = serializers.SerializerMethodField(help_text="null: no address given yet")

    class Meta:
        model = HelpRequest
        fields = [
            "id", "state", "version", "quarter", "resident", "skills", "description", "when", "duration_minutes",
            "helpers_needed", "confirmed_helpers", "languages", "gender_wish", "wishes_other_generation",
            "skips_holidays", "urgency", "consent", "place_is_found", "created_at", "open_since", "ended_at",
            "end_reason",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "object", "properties": {"id": {"type": "string"}, "first_name": {"type": "string"}}})
    def get_resident(self, request: HelpRequest) -> dict:
        return {"id": str(request.resident_id), "first_name": request.resident.first_name}

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_skills(self, request: HelpRequest) -> list[str]:
        return sorted(skill.slug for skill in request.skills.all())

    @extend_schema_field(TimesOut)
    def get_when(self, request: HelpRequest) -> dict:
        return TimesOut(sights.times_of(request)).data

    def get_place_is_found(self, request: HelpRequest) -> bool | None:
        return request.place.is_found if request.place else None


class RoughOut(serializers.Serializer):
    day = serializers.DateField(allow_null=True)
    weekday = serializers.IntegerField(allow_null=True)
    rule = serializers.CharField(help_text="RRULE of a series; empty: every week, or one day")
    part = serializers.ChoiceField([name for _begins, name in sights.PARTS_OF_DAY])


class OpenRequestOut(serializers.ModelSerializer):
    """Coarse, for volunteers of the quarter: kind of help, rough time, languages, nearness in steps. Nothing else."""

    quarter = QuarterName(read_only=True)
    skills = serializers.SerializerMethodField()
    when = serializers.SerializerMethodField()
    distance_band = serializers.SerializerMethodField()

    class Meta:
        model = HelpRequest
        fields = [
            "id", "quarter", "skills", "timing", "when", "flexible_until", "duration_minutes", "languages", "urgency",
            "distance_band",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_skills(self, request: HelpRequest) -> list[str]:
        return sorted(skill.slug for skill in request.skills.all())

    @extend_schema_field(RoughOut(many=True))
    def get_when(self, request: HelpRequest) -> list:
        return RoughOut(sights.rough_times(request), many=True).data

    @extend_schema_field(BAND)
    def get_distance_band(self, request: HelpRequest) -> str | None:
        return sights.band(request.place, self.context["viewer"].place)
