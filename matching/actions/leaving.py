"""Somebody goes for good: what they had promised ends, and whoever waited hears it as always."""

from datetime import datetime

from django.db import transaction

from matching import states
from matching.actions.steps import end_confirmed, free_place, holds_place, lock_request, request_step, step
from matching.models import Match

LEFT = "left"  # why such a match is over


@transaction.atomic
def leave_match(*, match_id: object, now: datetime) -> Match:
    """The volunteer of this match is gone: it closes or ends, its place is free and its request looks again."""
    request = lock_request(Match.objects.values_list("request_id", flat=True).get(pk=match_id))
    match = Match.objects.select_related("request__quarter", "resident", "volunteer").get(pk=match_id)
    if match.state == states.CONFIRMED:
        end_confirmed(match, request, by=match.volunteer, now=now, reason=LEFT)
        if request.state == states.FILLED:
            request_step(request, "reopen", by=None, now=now, reason="match ended")
    elif match.state in states.WAITING:
        held = holds_place(match)
        step(match, "close", by=None, now=now, reason=LEFT, end_reason=LEFT)
        if held:
            free_place(request)
    return match
