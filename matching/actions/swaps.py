"""
Somebody else for one request, with everything that follows for the others, in one step.

A proposal that gives way is closed by the house, not rejected: the two may be proposed to each other again.
"""

from collections import defaultdict
from datetime import datetime
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.models import User
from core.database import find
from core.errors import StaleScreen, WrongState
from matching import notes, states, swapping
from matching.actions.proposals import propose_match
from matching.actions.steps import guard_version, lock_loads, lock_requests, step
from matching.models import HelpRequest, Match, Round, RoundResult
from matching.planner import Pair
from matching.suggestions import why_not

SWAPPED = "swapped"


@transaction.atomic
def swap_pairs(*, token: str, by: User, now: datetime) -> Round:
    """
    Do what `swapping.weigh_swap` showed this worker, or nothing.

    Raises NotVisible, NotAllowed, and StaleScreen, WrongState or another Conflict where anything changed since.
    """
    plan = swapping.read(token, by=by)
    found = find(Round.objects.visible_to(by), plan["round"])
    dropped = _matches(found, plan["drop"])
    keys = {match.request_id for match, _version in dropped} | {UUID(one["request"]) for one in plan["make"]}
    requests = lock_requests(keys)
    new = [UUID(one["volunteer"]) for one in plan["make"]]
    if len(requests) < len(keys) or notes.changed_since(plan["note"], new):
        raise StaleScreen
    lock_loads({*new, *(match.volunteer_id for match, _version in dropped)})
    gone = [_close(match, version, by=by, now=now) for match, version in dropped]
    made = [_propose(found, requests, one, by=by, now=now) for one in plan["make"]]
    _rewrite(found, requests, gone, made, now=now)
    return found


def _matches(found: Round, said: list[list[Any]]) -> list[tuple[Match, int]]:
    rows = Match.objects.filter(round=found).in_bulk([pk for pk, _version in said])
    if len(rows) != len(said):
        raise StaleScreen
    return [(rows[UUID(pk)], version) for pk, version in sorted(said)]


def _close(match: Match, version: int, *, by: User, now: datetime) -> Match:
    match.refresh_from_db()  # the request is locked only now
    if match.state != states.PROPOSED:
        raise WrongState
    guard_version(match, version)
    return step(match, "close", by=by, now=now, reason=SWAPPED)


def _propose(found: Round, requests: dict[UUID, HelpRequest], said: dict[str, Any], *, by: User, now: datetime) -> Pair:
    request = requests[UUID(said["request"])]
    if request.version != said["version"] or request.matches.live().count() >= request.helpers_needed:
        raise StaleScreen
    pair = swapping.as_pair(said, request)
    propose_match(request_id=request.pk, volunteer_id=pair.volunteer_id, by=by, now=now, round=found, found=pair)
    return pair


def _rewrite(
    found: Round, requests: dict[UUID, HelpRequest], gone: list[Match], made: list[Pair], *, now: datetime
) -> None:
    """The round's results say who is proposed now; what it found first is told by its closed matches."""
    left, new = defaultdict(set), defaultdict(list)
    for match in gone:
        left[match.request_id].add(match.volunteer_id)
    for pair in made:
        new[pair.request.pk].append(pair)
    for pk, request in requests.items():
        rows = list(RoundResult.objects.filter(round=found, request=pk))
        free = [row for row in rows if row.volunteer_id is None or row.volunteer_id in left[pk]]
        candidates = rows[0].candidates if rows else []
        for row, pair in zip_longest(free[: max(len(new[pk]), len(left[pk]))], new[pk]):
            _fill(row or RoundResult(round=found, request=request, candidates=candidates), pair, request, now=now)
    fit = sum(pair.score for pair in made) - sum(match.score or 0 for match in gone)
    more = len(made) - len(gone)
    Round.objects.filter(pk=found.pk).update(
        fit=F("fit") + fit, filled=F("filled") + more, proposed=F("proposed") + more
    )


def _fill(row: RoundResult, pair: Pair | None, request: HelpRequest, *, now: datetime) -> None:
    row.volunteer_id = pair.volunteer_id if pair else None
    row.score = pair.score if pair else None
    row.parts, row.reasons = (pair.parts, pair.reasons) if pair else ({}, [])
    row.slot_start = pair.slot_start if pair else None
    row.why_not = {} if pair else why_not(_for_cards(request), now=now).as_json()
    row.save()


def _for_cards(request: HelpRequest) -> HelpRequest:
    return HelpRequest.objects.for_cards().get(pk=request.pk)
