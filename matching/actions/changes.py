"""
After a change: only what it touches is looked at again, some seconds later and together with what else changed.

Nothing is remembered for this; the rows say what changed since the quarter's last round. What happened longer ago than
`LOOK_BACK` (the server was off) waits for the night.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from accounts.models import VolunteerChange, VolunteerProfile
from matching.actions.rounds import UNDERWAY, quarters_lacking, run_small_round
from matching.models import HelpRequest, MatchEvent, RequestEvent, Round
from places.models import Quarter

LOOK_BACK = timedelta(minutes=15)
OPENING = ("publish", "change", "reopen")  # moves of a request after which somebody is looked for
FREEING = ("reject", "refuse")  # moves of a match after which its request lacks somebody; waves see to the others
BINDING = ("propose", "release", "accept", "clear", "confirm", "offer")  # these only take room: nothing new to find


def run_change_rounds(*, now: datetime) -> int:
    """A small round in each quarter where something changed that may help. Returns how many; safe to run twice."""
    return sum(_look_again(quarter, now=now) for quarter in quarters_lacking())


def _look_again(quarter: Quarter, *, now: datetime) -> bool:
    rounds = Round.objects.filter(quarter=quarter, dry_run=False)
    if rounds.filter(state__in=UNDERWAY).exists():  # it will see everything itself, or the next look does
        return False
    last = rounds.order_by("-started_at").first()
    lacking = HelpRequest.objects.lacking().filter(quarter=quarter)
    named = set(_touched(lacking, _later(last.started_at if last else None, now - LOOK_BACK)))
    freed = _with_room(quarter, _later(last.finished_at if last else None, now - LOOK_BACK)).exists()
    if not named and not freed:
        return False
    requests = set(lacking.values_list("pk", flat=True)) if freed else named
    run_small_round(quarter=quarter, requests=requests, by=None, now=now, named=named)
    return True


def _touched(lacking: QuerySet[HelpRequest], since: datetime) -> Iterator[UUID]:
    """Requests that were opened or changed, or whose proposal a worker or the resident did not want."""
    keys = list(lacking.values_list("pk", flat=True))
    moved = RequestEvent.objects.filter(request__in=keys, move__in=OPENING, at__gt=since)
    yield from moved.values_list("request", flat=True)
    freed = MatchEvent.objects.filter(match__request__in=keys, move__in=FREEING, at__gt=since)
    yield from freed.values_list("match__request", flat=True)


def _with_room(quarter: Quarter, since: datetime) -> QuerySet[VolunteerProfile]:
    """People who serve the quarter, could take one more, and of whom something changed that is not such a yes."""
    notes = VolunteerChange.objects.filter(at__gt=since).values("user_id")
    bound = MatchEvent.objects.filter(at__gt=since, move__in=BINDING).values("match__volunteer")
    free = Q(welcomed_at__isnull=False, user__suspended_at__isnull=True, live_matches__lt=F("capacity"))
    return VolunteerProfile.objects.filter(free, served_quarters=quarter, user__in=notes).exclude(user__in=bound)


def _later(one: datetime | None, other: datetime) -> datetime:
    return max(one, other) if one else other
