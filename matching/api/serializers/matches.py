"""What leaves the house about matches, and about the two people of one."""

from rest_framework import serializers

from matching.api import sights
from matching.api.serializers.requests import QuarterName, TimesOut
from matching.models import Match


class PersonSeen(serializers.Serializer):
    """`id` and `last_name` for workers only."""

    id = serializers.UUIDField(allow_null=True)
    first_name = serializers.CharField()
    last_name = serializers.CharField(allow_null=True)


class VolunteerSeen(PersonSeen):
    about = serializers.CharField()
    checked = serializers.ListField(child=serializers.CharField(), help_text="what a worker has checked")


class ResidentSeen(PersonSeen):
    first_name = serializers.CharField(allow_null=True)


class AskedFor(TimesOut):
    id = serializers.UUIDField()
    quarter = QuarterName()
    skills = serializers.ListField(child=serializers.CharField())
    description = serializers.CharField(allow_null=True)
    duration_minutes = serializers.IntegerField()
    languages = serializers.ListField(child=serializers.CharField())


class OrderOut(serializers.Serializer):
    number = serializers.CharField()
    carrier = serializers.CharField()
    what = serializers.CharField()
    dated = serializers.DateField()


class MatchOut(serializers.Serializer):
    """As this person may see it (`seen_as`); null stands for what is not theirs to see."""

    id = serializers.UUIDField()
    seen_as = serializers.ChoiceField(["volunteer", "resident", "worker"])
    state = serializers.CharField()
    origin = serializers.ChoiceField(Match.Origin.choices)
    version = serializers.IntegerField()
    moves = serializers.ListField(child=serializers.CharField(), help_text="what this person may do now")
    reasons = serializers.ListField(child=serializers.CharField(), help_text="in the language of the answer")
    request = AskedFor()
    resident = ResidentSeen()
    volunteer = VolunteerSeen()
    distance_band = serializers.ChoiceField(["same", "near", "far"], allow_null=True)
    slot_start = serializers.DateTimeField(allow_null=True)
    deadline = serializers.DateTimeField(allow_null=True)
    proposed_at = serializers.DateTimeField()
    asked_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    order = OrderOut(allow_null=True)
    code_word = serializers.CharField(allow_null=True)
    score = serializers.FloatField(allow_null=True)
    parts = serializers.DictField(child=serializers.FloatField(), allow_null=True)
    needs_review = serializers.BooleanField(allow_null=True)
    end_reason = serializers.CharField(allow_null=True)

    def to_representation(self, match: Match) -> dict:
        return super().to_representation(sights.match_as_seen(match, self.context["viewer"]))


class AddressOut(serializers.Serializer):
    """Open to the two of a confirmed match; each reading is kept."""

    full_name = serializers.CharField()
    street = serializers.CharField()
    number = serializers.CharField()
    postcode = serializers.CharField()
    city = serializers.CharField()
    hint = serializers.CharField()
    phone = serializers.CharField(help_text="empty where it is not shared")
