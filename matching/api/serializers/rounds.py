"""What a round found."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching.api.serializers.requests import QuarterName
from matching.api.serializers.why import WhyNotOut
from matching.models import Round, RoundResult
from matching.reasons import say


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
