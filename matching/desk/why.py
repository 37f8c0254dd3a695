"""Why a request found nobody, read from what the last rounds wrote down."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext

from matching.models import HelpRequest, RoundResult
from matching.reasons import say_gate


def main_reasons(requests: Iterable[HelpRequest]) -> dict[UUID, str]:
    """Per request the gate at which most volunteers fell in its last round; one query for all of them."""
    found = RoundResult.objects.filter(request__in=[request.pk for request in requests], volunteer__isnull=True)
    return {result.request_id: _main_reason(result.why_not) for result in found.order_by("round__started_at", "id")}


def _main_reason(why_not: dict) -> str:
    gates = why_not.get("gates") or {}
    if not gates:
        return gettext("In diesem Quartier hilft noch niemand.")
    return say_gate(max(gates, key=lambda gate: (gates[gate], gate)))
