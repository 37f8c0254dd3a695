"""A stand-in with the right signature until the planner itself lands: greedy over the suggestions, undone afterwards."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from accounts.models import VolunteerProfile
from matching import states, suggestions
from matching.models import HelpRequest, Match
from matching.suggestions import WhyNot
from places.models import Border, Quarter

KEPT = 20


@dataclass(frozen=True)
class Pair:
    request: HelpRequest
    volunteer_id: UUID
    score: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot_start: datetime
    home_quarter_id: UUID | None


@dataclass(frozen=True)
class Planned:
    pairs: list[Pair]
    unmatched: list[HelpRequest]
    why_not: dict[UUID, WhyNot]
    candidates: dict[UUID, list[dict[str, Any]]]
    places: int
    filled: int
    fit: float
    gap: float
    volunteers: int


@transaction.atomic
def plan(
    quarters: Sequence[Quarter],
    *,
    now: datetime,
    progress: Callable[[str, int, int], None] | None = None,
    requests: Collection[UUID] | None = None,
    admit: Collection[tuple[UUID, UUID]] = (),
    force: Collection[tuple[UUID, UUID]] = (),
    forbid: Collection[tuple[UUID, UUID]] = (),
    free: Collection[UUID] = (),
    explain: bool = True,
) -> Planned:
    """Changes rows as if (`admit`, `free`), looks, and undoes it all."""
    undo = transaction.savepoint()
    try:
        for quarter, neighbour in admit:
            Border.objects.filter(quarter=quarter, neighbour=neighbour).update(admitted=True)
        for match in Match.objects.filter(pk__in=free):
            VolunteerProfile.objects.filter(user=match.volunteer_id).update(live_matches=F("live_matches") - 1)
            match.delete()
        return _greedy(quarters, now=now, progress=progress, only=requests, force=force, forbid=forbid, explain=explain)
    finally:
        transaction.savepoint_rollback(undo)


def _greedy(quarters, *, now, progress, only, force, forbid, explain):  # type: ignore[no-untyped-def]
    live = Count("matches", filter=Q(matches__state__in=states.LIVE))
    rows = HelpRequest.objects.open().filter(quarter__in=quarters).alias(live=live).filter(live__lt=F("helpers_needed"))
    rows = rows if only is None else rows.filter(pk__in=only)
    rows = list(rows.annotate(live=live).for_cards().order_by("-urgency", "open_since", "pk"))
    found = {row.pk: suggestions.suggestions(row, now=now, limit=KEPT) for row in rows}
    forced = {request for request, _volunteer in force}
    load: dict[UUID, int] = {}
    pairs: list[Pair] = []
    unmatched: list[HelpRequest] = []
    places = 0
    for number, row in enumerate(sorted(rows, key=lambda row: row.pk not in forced)):
        if progress:
            progress("solve", number, len(rows))
        lacks = row.helpers_needed - row.live
        places += lacks
        best = sorted(found[row.pk], key=lambda one: (row.pk, one.volunteer.pk) not in force)
        for one in best:
            profile, key = one.volunteer.volunteer_profile, (row.pk, one.volunteer.pk)
            if lacks and key not in forbid and profile.live_matches + load.get(profile.pk, 0) < profile.capacity:
                load[profile.pk] = load.get(profile.pk, 0) + 1
                lacks -= 1
                pairs.append(
                    Pair(
                        row,
                        one.volunteer.pk,
                        one.score,
                        one.parts,
                        one.reasons,
                        one.slot_start,
                        one.volunteer.quarter_id,
                    )
                )
        if lacks:
            unmatched.append(row)
    said = {
        pk: [{"v": str(o.volunteer.pk), "parts": o.parts, "slot": o.slot_start.isoformat()} for o in some]
        for pk, some in found.items()
    }
    why = {row.pk: suggestions.why_not(row, now=now) for row in unmatched} if explain else {}
    people = {one.volunteer.pk for some in found.values() for one in some}
    return Planned(pairs, unmatched, why, said, places, len(pairs), sum(pair.score for pair in pairs), 0.0, len(people))
