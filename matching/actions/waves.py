"""
Waves: who says no, or lets the deadline pass, is replaced by the next best at once.

Every leaving is answered by one `replace` event at the match that left. The event is the memory: a wake-up that got
lost is found by the clock, and what is answered is never answered twice.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from core.errors import HouseError
from matching import rules, states
from matching.actions.matches import release_match
from matching.actions.proposals import propose_match
from matching.actions.steps import lock_loads, lock_request
from matching.models import HelpRequest, Match, MatchEvent
from matching.models.matches import GONE
from matching.suggestions import Suggestion, suggestions

LEAVES = ("decline", "expire", "refuse", "reject", "end")  # moves after which somebody is missing
_OVER = (states.DECLINED, states.EXPIRED, states.REFUSED, states.REJECTED, states.ENDED)
MISSED = Q(state__in=_OVER) | Q(state=states.CLOSED, end_reason__in=GONE)
ANSWER = "replace"
SPARE = 5  # looked at beyond the wave: somebody may be taken by another request in the same second


def is_missed(match: Match, move: str) -> bool:
    """After this move somebody is missing: they left, or their match closed because they are gone."""
    return move in LEAVES or (move == "close" and match.end_reason in GONE)


def next_wave(*, request_id: object, now: datetime) -> list[Match]:
    """
    Ask the next best until as many wait as the quarter's policy says: `wave_size` for each place that is still free.

    Released at once where the policy may, else they wait on the desk. Returns the new matches; none when enough wait,
    nobody is left, or the request is not open. Safe to run twice, and twice at the same time.
    """
    request = HelpRequest.objects.for_cards().get(pk=request_id)
    left = _unanswered(request)
    found = _next_best(request, now=now) if _lacking(request) > 0 else []
    return _propose(request_id, found, answered=left, now=now)


def catch_up_waves(*, now: datetime) -> int:
    """The clock: leavings whose wave never ran. Returns how many people were found; safe to run twice."""
    missed = Match.objects.filter(MISSED, request=OuterRef("pk")).exclude(Exists(_answers()))
    waiting = HelpRequest.objects.open().filter(Exists(missed)).order_by("pk").values_list("pk", flat=True)
    return sum(len(next_wave(request_id=pk, now=now)) for pk in list(waiting))


def _next_best(request: HelpRequest, *, now: datetime) -> list[Suggestion]:
    most = request.quarter.wave_size * request.helpers_needed
    return suggestions(request, now=now, limit=most + SPARE)


@transaction.atomic
def _propose(
    request_id: object, found: Sequence[Suggestion], *, answered: Collection[UUID], now: datetime
) -> list[Match]:
    """One wave. What was found a moment ago is looked at again under the lock: who left meanwhile stays out."""
    request = lock_request(request_id)
    lacking = _lacking(request)
    _answer(request, answered, now=now)
    met = set(request.matches.exclude(state=states.CLOSED).values_list("volunteer", flat=True))
    lock_loads([one.volunteer.pk for one in found])
    made: list[Match] = []
    for one in found:
        if len(made) >= lacking:
            break
        if one.volunteer.pk not in met and (match := _ask(request, one, now=now)):
            made.append(match)
    return made


def _lacking(request: HelpRequest) -> int:
    """How many more should be waiting; none for a request that is not open."""
    if request.state != states.OPEN:
        return 0
    free = request.helpers_needed - request.accepted_helpers
    waiting = request.matches.filter(state__in=states.WAITING).exclude(state=states.ACCEPTED, needs_review=False)
    return request.quarter.wave_size * free - waiting.count()


def _ask(request: HelpRequest, one: Suggestion, *, now: datetime) -> Match | None:
    """Propose, and release where the policy may. None: they have no room any more, the next best is taken."""
    try:
        with transaction.atomic():
            match = propose_match(request_id=request.pk, volunteer_id=one.volunteer.pk, by=None, now=now, found=one)
            return release_match(match_id=match.pk, by=None, now=now) if rules.policy_may_release(match) else match
    except HouseError:
        return None


def _answers() -> "QuerySet[MatchEvent]":
    return MatchEvent.objects.filter(match=OuterRef("pk"), move=ANSWER)


def _unanswered(request: HelpRequest) -> list[UUID]:
    left = request.matches.filter(MISSED).exclude(Exists(_answers()))
    return list(left.values_list("pk", flat=True))


def _answer(request: HelpRequest, answered: Collection[UUID], *, now: datetime) -> None:
    rows = request.matches.filter(pk__in=answered).exclude(Exists(_answers())).order_by("pk")
    MatchEvent.objects.bulk_create(
        MatchEvent(match=match, move=ANSWER, before=match.state, after=match.state, at=now) for match in rows
    )
