"""What a suspension does to pairs: they end at once, and whoever was to be helped is looked for anew."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from matching import states
from matching.actions.steps import (
    drop_appointments,
    free_place,
    helpers_of,
    holds_place,
    lock_loads,
    lock_request,
    request_step,
    step,
)
from matching.models import HelpRequest, Match
from matching.models.matches import SUSPENDED


def let_suspended_go(*, now: datetime, person: User | None = None) -> int:
    """
    End every live match of suspended people (or of this one), and take back what they asked for themselves.

    Called at once, and by the clock for whatever was missed. Returns how many requests; safe to run twice.
    """
    away = Q(suspended_at__isnull=False) & (Q(pk=person.pk) if person else Q())
    people = User.objects.filter(away)
    live = Match.objects.live().filter(Q(volunteer__in=people) | Q(resident__in=people))
    asked = HelpRequest.objects.filter(resident__in=people, state__in=[states.OPEN, states.FILLED])
    keys = {*live.values_list("request", flat=True), *asked.values_list("pk", flat=True)}
    return sum(_let_go(key, now=now) for key in sorted(keys))


@transaction.atomic
def _let_go(request_id: UUID, *, now: datetime) -> bool:
    request = lock_request(request_id)
    lock_loads(helpers_of([request_id]))
    own = request.resident.suspended_at is not None
    for match in request.matches.filter(state__in=states.LIVE).select_related("volunteer").order_by("pk"):
        if own or match.volunteer.suspended_at:
            _end(match, request, now=now)
    if own and request.state in (states.OPEN, states.FILLED):
        request_step(request, "withdraw", by=None, now=now, reason=SUSPENDED)
    elif request.state == states.FILLED:
        request_step(request, "reopen", by=None, now=now, reason=SUSPENDED)
    return True


def _end(match: Match, request: HelpRequest, *, now: datetime) -> None:
    held, confirmed = holds_place(match), match.state == states.CONFIRMED
    step(match, "end" if confirmed else "close", by=None, now=now, reason=SUSPENDED, end_reason=SUSPENDED)
    if confirmed:
        drop_appointments(match)
    if held:
        free_place(request, confirmed=confirmed)
