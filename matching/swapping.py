"""
What it costs to give one request somebody else: the round's unreleased proposals are planned anew around that wish.

Reads and computes; `matching.actions.swap_pairs` does exactly what was shown, or nothing.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.utils.dateparse import parse_datetime

from accounts.models import User
from core.errors import StaleScreen, WrongState
from matching import notes, planner, states
from matching.errors import NotAPair
from matching.models import HelpRequest, Match, Round
from matching.planner import Pair

SHOWN_FOR_S = 3600  # so long a worker may look at what a swap costs


@dataclass(frozen=True)
class Consequence:
    """One request whose people change."""

    request: HelpRequest
    before: list[User]
    after: list[User]


@dataclass(frozen=True)
class Swap:
    """`fit` and `places`: what changes, over all requests together. `token`: for `swap_pairs`, good for this worker."""

    fit: float
    places: int
    consequences: list[Consequence]
    token: str


def weigh_swap(match: Match, volunteer_id: UUID, *, by: User, now: datetime) -> Swap:
    """
    `match`: a proposal of a round, not yet released. Raises WrongState, or NotAPair where these two do not fit (now).
    """
    found = match.round
    if found is None or match.state != states.PROPOSED:
        raise WrongState
    note = notes.newest()
    free = list(Match.objects.filter(round=found, state=states.PROPOSED).select_related("volunteer").for_cards())
    wish = (match.request_id, volunteer_id)
    planned = planner.plan(
        [found.quarter],
        now=now,
        requests=_requests(found, free),
        force={wish},
        forbid={(match.request_id, match.volunteer_id)},
        free={one.pk for one in free},
        explain=False,
    )
    if wish not in {(pair.request.pk, pair.volunteer_id) for pair in planned.pairs}:
        raise NotAPair
    return _compared(found, free, planned.pairs, note=note, by=by)


def _requests(found: Round, free: list[Match]) -> set[UUID]:
    """Those whose people may move, and those for whom nobody was found."""
    left = found.results.filter(volunteer__isnull=True).values_list("request", flat=True)
    return {match.request_id for match in free} | set(left)


def _compared(found: Round, free: list[Match], pairs: list[Pair], *, note: int, by: User) -> Swap:
    wanted = {(pair.request.pk, pair.volunteer_id) for pair in pairs}
    held = {(match.request_id, match.volunteer_id) for match in free}
    drop = [match for match in free if (match.request_id, match.volunteer_id) not in wanted]
    make = [pair for pair in pairs if (pair.request.pk, pair.volunteer_id) not in held]
    return Swap(
        fit=sum(pair.score for pair in make) - sum(match.score or 0 for match in drop),
        places=len(make) - len(drop),
        consequences=_consequences(drop, make),
        token=written(found, drop, make, note=note, by=by),
    )


def _consequences(drop: list[Match], make: list[Pair]) -> list[Consequence]:
    people = User.objects.in_bulk([pair.volunteer_id for pair in make])
    requests = {match.request_id: match.request for match in drop} | {pair.request.pk: pair.request for pair in make}
    before, after = defaultdict(list), defaultdict(list)
    for match in drop:
        before[match.request_id].append(match.volunteer)
    for pair in make:
        after[pair.request.pk].append(people[pair.volunteer_id])
    return [Consequence(request, before[pk], after[pk]) for pk, request in requests.items()]


def written(found: Round, drop: list[Match], make: list[Pair], *, note: int, by: User) -> str:
    """The plan as a signed text that comes back with the worker's yes."""
    plan = {
        "round": str(found.pk),
        "note": note,
        "drop": [[str(match.pk), match.version] for match in drop],
        "make": [
            {
                "request": str(pair.request.pk),
                "version": pair.request.version,
                "volunteer": str(pair.volunteer_id),
                "score": pair.score,
                "parts": pair.parts,
                "reasons": pair.reasons,
                "slot": pair.slot_start.isoformat(),
            }
            for pair in make
        ],
    }
    return signing.dumps(plan, salt=_salt(by), compress=True)


def read(token: str, *, by: User) -> dict[str, Any]:
    """The plan of this worker's page. Raises StaleScreen for one that is too old, or not theirs."""
    try:
        return signing.loads(token, salt=_salt(by), max_age=SHOWN_FOR_S)
    except signing.BadSignature as wrong:
        raise StaleScreen from wrong


def as_pair(said: dict[str, Any], request: HelpRequest) -> Pair:
    """One pair of the plan, as it was shown."""
    slot = parse_datetime(said["slot"])
    assert slot is not None  # we wrote it ourselves
    return Pair(request, UUID(said["volunteer"]), said["score"], said["parts"], said["reasons"], slot, None)


def _salt(by: User) -> str:
    return f"matching.swap.{by.pk}"
