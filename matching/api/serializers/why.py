"""Who would fit a request, and why nobody does."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching.api.serializers.matches import PersonSeen
from matching.reasons import say, say_change, say_gate


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
