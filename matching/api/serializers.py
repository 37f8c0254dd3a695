"""What leaves the house about requests, matches, rounds and appointments; who sees what is decided in `sights`."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching.api import sights
from matching.models import Appointment, CheckIn, HelpRequest, Match, Round, RoundResult, Series, Weighing
from matching.reasons import say, say_change, say_gate
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


class SuggestionOut(serializers.Serializer):
    volunteer = serializers.SerializerMethodField()
    score = serializers.FloatField(help_text="0..1")
    parts = serializers.DictField(child=serializers.FloatField())
    reasons = serializers.SerializerMethodField()
    slot_start = serializers.DateTimeField()
    distance_band = serializers.CharField(help_text="same, near, far, or empty where a place is not known")

    @extend_schema_field(PersonSeen)
    def get_volunteer(self, found: Any) -> dict:
        return PersonSeen(found.volunteer).data

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_reasons(self, found: Any) -> list[str]:
        return say(found.reasons, to="worker", known=self.context["skills"])


class GateOut(serializers.Serializer):
    gate = serializers.CharField()
    count = serializers.IntegerField(help_text="how many fell here")
    said = serializers.CharField()


class ChangeOut(serializers.Serializer):
    code = serializers.CharField()
    count = serializers.IntegerField(help_text="how many could then help")
    said = serializers.CharField()


class WhyNotOut(serializers.Serializer):
    """Takes `{candidates, gates: {gate: fell}, changes: [{code, count, ...}]}`, as a round keeps it."""

    candidates = serializers.IntegerField()
    gates = GateOut(many=True)
    changes = ChangeOut(many=True)

    def to_representation(self, found: dict) -> dict:
        gates = [{"gate": gate, "count": n, "said": say_gate(gate, n)} for gate, n in found.get("gates", {}).items()]
        known = self.context.get("skills")
        changes = [change | {"said": say_change(change, known=known)} for change in found.get("changes", [])]
        candidates = found.get("candidates", 0)
        return super().to_representation({"candidates": candidates, "gates": gates, "changes": changes})


class PairOut(serializers.ModelSerializer):
    request = serializers.UUIDField(source="request_id")
    volunteer = serializers.UUIDField(source="volunteer_id")
    reasons = serializers.SerializerMethodField()

    class Meta:
        model = RoundResult
        fields = ["request", "volunteer", "score", "parts", "reasons", "slot_start"]
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_reasons(self, row: RoundResult) -> list[str]:
        return say(row.reasons, to="worker", known=row.request.skills.all())


class UnmatchedOut(serializers.ModelSerializer):
    request = serializers.UUIDField(source="request_id")
    why_not = serializers.SerializerMethodField()

    class Meta:
        model = RoundResult
        fields = ["request", "why_not"]
        read_only_fields = fields

    @extend_schema_field(WhyNotOut)
    def get_why_not(self, row: RoundResult) -> dict:
        return WhyNotOut(row.why_not, context={"skills": row.request.skills.all()}).data


class RoundOut(serializers.ModelSerializer):
    """`step`: load, pair, solve, explain or save while it is `running`. `gap` 0: nothing better exists."""

    quarter = QuarterName(read_only=True)
    weighing = serializers.IntegerField(
        source="weighing.number", default=None, allow_null=True, help_text="version of the weights; null: the house's"
    )
    pairs = serializers.SerializerMethodField()
    unmatched = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = [
            "id", "quarter", "kind", "state", "step", "step_done", "step_of", "dry_run", "started_at", "finished_at",
            "weighing", "weights", "requests", "volunteers", "places", "filled", "fit", "gap", "proposed", "pairs",
            "unmatched",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(PairOut(many=True))
    def get_pairs(self, found: Round) -> list:
        return PairOut([row for row in found.results.all() if row.volunteer_id], many=True).data

    @extend_schema_field(UnmatchedOut(many=True))
    def get_unmatched(self, found: Round) -> list:
        return UnmatchedOut([row for row in found.results.all() if not row.volunteer_id], many=True).data


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


class AppointmentOut(serializers.ModelSerializer):
    """`offer`: times proposed together share it; `replaces`: the appointment this one would move."""

    match = serializers.UUIDField(source="match_id")
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    series = serializers.UUIDField(source="series_id", allow_null=True)
    proposed_by_me = serializers.SerializerMethodField()

    class Meta:
        model = Appointment
        fields = [
            "id",
            "match",
            "start",
            "end",
            "state",
            "version",
            "proposed_by_me",
            "created_at",
            "place",
            "offer",
            "replaces",
            "series",
            "arrived_at",
            "finished_at",
            "minutes",
            "cancel_reason",
        ]
        read_only_fields = fields

    def get_proposed_by_me(self, appointment: Appointment) -> bool:
        return appointment.proposed_by_id == self.context["viewer"].pk


class SeriesOut(serializers.ModelSerializer):
    match = serializers.UUIDField(source="match_id")
    start = serializers.SerializerMethodField(help_text="local time HH:MM")
    proposed_by_me = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = [
            "id",
            "match",
            "first_on",
            "start",
            "minutes",
            "every_weeks",
            "place",
            "proposed_by_me",
            "agreed_at",
            "ended_at",
        ]
        read_only_fields = fields

    def get_start(self, series: Series) -> str:
        return "{:02}:{:02}".format(*divmod(series.start_minute, 60))

    def get_proposed_by_me(self, series: Series) -> bool:
        return series.proposed_by_id == self.context["viewer"].pk


class CheckInOut(serializers.ModelSerializer):
    match = serializers.UUIDField(source="match_id")

    class Meta:
        model = CheckIn
        fields = ["id", "match", "visit", "asked_at", "was_fine", "again", "answered_at"]
        read_only_fields = fields


class FeedOut(serializers.Serializer):
    address = serializers.URLField(help_text="shown this once; an older one stops working")


class VisitOut(serializers.Serializer):
    start = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    kinds = serializers.CharField(help_text="in the reader's language")


class HoursOut(serializers.Serializer):
    name = serializers.CharField(help_text="the month, in the reader's language")
    minutes = serializers.IntegerField()
    visits = VisitOut(many=True)
