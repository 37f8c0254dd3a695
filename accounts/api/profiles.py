"""Shapes of what a volunteer offers and when."""

from typing import Any

from rest_framework import serializers

from accounts import known
from accounts.actions.availability import Window
from accounts.api.serializers import QuarterRef
from accounts.models import Availability, AvailabilityException, VolunteerProfile
from core.serializers import Clock, Day, Input, Languages, Repeating


class OfferedSkillOut(serializers.Serializer):
    slug = serializers.CharField(source="skill_id")
    level = serializers.IntegerField()


class ProfileOut(serializers.ModelSerializer):
    skills = OfferedSkillOut(source="offered_skills", many=True, read_only=True)
    languages = serializers.ListField(source="user.languages", child=serializers.CharField(), read_only=True)
    served_quarters = QuarterRef(many=True, read_only=True)
    hours_per_week = serializers.FloatField(read_only=True)
    welcomed = serializers.SerializerMethodField(help_text="a worker met this volunteer; before that nobody asks")
    live_matches = serializers.SerializerMethodField(help_text="those the volunteer knows of; a worker reads all")

    class Meta:
        model = VolunteerProfile
        fields = [
            "about", "skills", "languages", "served_quarters", "radius_m", "hours_per_week", "capacity", "live_matches",
            "wishes_other_generation", "helps_on_holidays", "ask_wish", "paused", "paused_until", "welcomed",
        ]  # fmt: skip
        read_only_fields = fields

    def get_live_matches(self, profile: VolunteerProfile) -> int:
        return profile.live_matches if self.context.get("for_office") else known.matches_of(profile)

    def get_welcomed(self, profile: VolunteerProfile) -> bool:
        return profile.welcomed_at is not None


class OfferedSkillIn(Input):
    slug = serializers.SlugField(max_length=40)
    level = serializers.IntegerField(min_value=1, max_value=3, default=2)


class ProfileIn(Input):
    about = serializers.CharField(max_length=300, allow_blank=True)
    skills = OfferedSkillIn(many=True, max_length=100)
    languages = Languages()
    served_quarters = serializers.ListField(child=serializers.UUIDField(), max_length=100)
    radius_m = serializers.IntegerField(min_value=100, max_value=50_000)
    hours_per_week = serializers.DecimalField(max_digits=4, decimal_places=1, min_value=0, max_value=40)
    capacity = serializers.IntegerField(min_value=1, max_value=12)
    wishes_other_generation = serializers.BooleanField()
    helps_on_holidays = serializers.BooleanField(
        required=False, help_text="else weekly windows do not count on public holidays"
    )
    ask_wish = serializers.ChoiceField(
        VolunteerProfile.AskWish.choices, required=False, help_text="-1 less often, 1 more often; left out: as before"
    )

    def validate_skills(self, rows: list[dict]) -> dict[str, int]:
        return {row["slug"]: row["level"] for row in rows}


class WindowOut(serializers.ModelSerializer):
    start = Clock(source="start_minute", read_only=True)
    end = Clock(source="end_minute", read_only=True)

    class Meta:
        model = Availability
        fields = ["weekday", "start", "end", "rule", "since"]
        read_only_fields = fields


class ExceptionOut(serializers.ModelSerializer):
    start = Clock(source="start_minute", read_only=True)
    end = Clock(source="end_minute", read_only=True)

    class Meta:
        model = AvailabilityException
        fields = ["id", "first_day", "last_day", "start", "end", "available"]
        read_only_fields = fields


class AvailabilityOut(serializers.Serializer):
    windows = WindowOut(source="availabilities", many=True)
    exceptions = ExceptionOut(many=True)


class WindowIn(Repeating):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday")
    start = Clock()
    end = Clock()


class AvailabilityIn(Input):
    windows = WindowIn(many=True, max_length=100)

    def validate_windows(self, rows: list[dict[str, Any]]) -> list[Window]:
        return [Window(row["weekday"], row["start"], row["end"], row.get("rule", ""), row.get("since")) for row in rows]


class ExceptionIn(Input):
    first_day = Day()
    last_day = Day(required=False)
    start = Clock(source="start_minute", required=False)
    end = Clock(source="end_minute", required=False)
    available = serializers.BooleanField(default=False)


class PauseIn(Input):
    until = Day(required=False, allow_null=True)


def shown_profiles() -> Any:
    """Profiles with everything ProfileOut and AvailabilityOut say, in a fixed number of queries."""
    return VolunteerProfile.objects.select_related("user").prefetch_related(
        "offered_skills", "served_quarters", "availabilities", "exceptions"
    )
