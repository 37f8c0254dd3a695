"""Why a request found nobody, read from what the last rounds wrote down."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from matching.models import HelpRequest, RoundResult
from matching.reasons import say_change, say_gate


def main_reasons(requests: Iterable[HelpRequest]) -> dict[UUID, str]:
    """Per request why its last round found nobody, and what would help; one query for all of them."""
    found = RoundResult.objects.filter(request__in=[request.pk for request in requests], volunteer__isnull=True)
    return {result.request_id: _in_one_line(result.why_not) for result in found.order_by("round__started_at", "id")}


def _in_one_line(why_not: Mapping[str, Any]) -> str:
    change = best_change(why_not)
    return f"{main_reason(why_not)} · {change}" if change else main_reason(why_not)


def main_reason(why_not: Mapping[str, Any]) -> str:
    """'7 haben dann keine Zeit': the gate at which most fell."""
    gates = why_not.get("gates") or {}
    if not gates:
        return gettext("Hier hilft noch niemand.")
    gate = max(gates, key=lambda name: (gates[name], name))
    return f"{gates[gate]} {say_gate(gate, gates[gate])}"


def best_change(why_not: Mapping[str, Any]) -> str:
    """The change that would help most, in words; "" where none is known."""
    changes = why_not.get("changes") or []
    return say_change(changes[0]) if changes else ""
