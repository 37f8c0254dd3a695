"""What of people's time is taken: agreed visits with their place, and the hours promised in each week."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from matching import states, times
from matching.models import Appointment, HelpRequest, Match
from places.distance import TRAVEL_MOST_MINUTES

LONGEST_WAY = timedelta(minutes=TRAVEL_MOST_MINUTES)


def visits(people: Sequence[UUID] | None, *, now: datetime) -> Iterator[tuple[UUID, datetime, datetime, str]]:
    """
    (person, start, end, cell) of agreed appointments whose way back lies ahead, in either role; None: of everybody.

    The cell is "" where there is no way to keep free: by telephone, at an unknown place, or at one's own home.
    """
    at_home = HelpRequest.skills.through.objects.filter(skill__remote=False, helprequest=OuterRef("match__request"))
    mine = None if people is None else Q(volunteer__in=people) | Q(resident__in=people)
    agreed = _appointments([Appointment.State.AGREED], mine, end__gt=now - LONGEST_WAY).order_by("start", "id")
    for state, start, end, volunteer, resident, cell, home, goes_there in agreed.values_list(
        "state",
        "start",
        "end",
        "match__volunteer",
        "match__resident",
        "match__request__place__cell",
        "match__resident__place__cell",
        Exists(at_home),
    ):
        if state != Appointment.State.AGREED:
            continue
        place = cell or "" if goes_there else ""
        yield volunteer, start, end, place
        yield resident, start, end, "" if place == home else place


def _appointments(states_: Sequence[str], matches: Q | None, **fields: Any) -> "QuerySet[Appointment]":
    """
    Appointments in these states; of these matches only, in whatever state they are.

    With the state in the question SQLite walks through all agreed appointments of the city instead of the few matches.
    """
    rows = Appointment.objects.filter(**fields)
    if matches is None:
        return rows.filter(state__in=states_)
    return rows.filter(match__in=Match.objects.filter(matches).order_by().values("pk"))


def promised(people: Sequence[UUID] | None, *, now: datetime) -> Iterator[tuple[UUID, date, float]]:
    """(volunteer, Monday of a week, hours promised in it) from this week on; None: of everybody."""
    for volunteer, weeks in hours(people, now).items():
        for monday, spent in weeks.items():
            yield volunteer, monday, spent


def known_hours(person_id: UUID, *, now: datetime) -> dict[date, float]:
    """Monday of a week -> hours promised in it, for the volunteer to read: without what is only proposed."""
    return hours([person_id], now, asked_at__isnull=False)[person_id]


def hours(people: Sequence[UUID] | None, now: datetime, **only: Any) -> dict[UUID, dict[date, float]]:
    """Monday of a week -> hours these volunteers promised in it: agreed appointments, else the slot of a live match."""
    zone = timezone.get_default_timezone()
    found: dict[UUID, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    week = times.week_of(now, zone)
    since = times.local_interval(week, 0, 1440, zone)[0]
    whose = None if people is None else Q(volunteer__in=people)
    counts = [Appointment.State.AGREED, Appointment.State.DONE]
    agreed = _appointments(counts, whose, start__gte=since)
    dated = set()
    for state, match, volunteer, start, end in agreed.values_list(
        "state", "match_id", "match__volunteer", "start", "end"
    ):
        if state not in counts:
            continue
        found[volunteer][times.week_of(start, zone)] += (end - start) / timedelta(hours=1)
        dated.add(match)
    mine = {} if people is None else {"volunteer__in": people}
    live = Match.objects.filter(state__in=states.LIVE, slot_start__gte=since, **mine, **only)
    for match, volunteer, slot, minutes in live.values_list(
        "id", "volunteer", "slot_start", "request__duration_minutes"
    ):
        if match not in dated:
            found[volunteer][times.week_of(slot or now, zone)] += minutes / 60
    return found
