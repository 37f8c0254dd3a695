"""
When both could: windows of a request against what a volunteer has free. Pure; local days are Europe/Berlin by default.

The law of time, which every faster calculation keeps to:

- Weekly windows, series and exceptions are local wall-clock time, so that "Tuesdays at ten" stays at ten on both sides
  of a clock change. What lies in the hour that a clock change leaves out is no time; of an hour that comes twice the
  first reading counts.
- The grid is the quarter of an hour of the local clock. A visit starts on a full quarter; a duration counts as whole
  quarters, begun ones too. A window of either side is trimmed to the grid (start up, end down); what takes time away
  (an absence, an agreed visit with the way to it) takes every quarter it touches.
- A visit happens on one day: free stretches are cut at local midnight.
- On a public holiday weekly windows and series of a volunteer do not count, unless they help on holidays; hours they
  gave for that very day do.
- What the day itself admits (checks that hold, the hours of the young) stands in `matching.dayrules`.
- Between an agreed visit and the new one lies the way (`places.distance.travel_minutes`), before and after; none where
  one of the two is by telephone.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from core.holidays import holidays_between
from matching import dayrules
from matching.facts import Interval, RequestFacts, VolunteerFacts, WeeklyWindow
from matching.localdays import days as days
from matching.localdays import local_days as local_days
from places.distance import travel_minutes

STEP = timedelta(minutes=15)
DAY_MINUTES = (8 * 60, 20 * 60)  # what "sometime until Friday" means: between 8 and 20 o'clock
WEEKLY_AHEAD_DAYS = 28  # how far a weekly wish is looked ahead
HORIZON_DAYS = 60  # how far "sometime" and a series of days are looked ahead


def local_interval(day: date, start_minute: int, end_minute: int, zone: tzinfo) -> Interval:
    """The moments of a local window; 1440 is the next midnight. Empty where the clock leaves it out."""
    return moment(day, start_minute, zone), moment(day, end_minute, zone)


@lru_cache(maxsize=65536)
def moment(day: date, minute: int, zone: tzinfo) -> datetime:
    """`minute` of this local day, in UTC; 1440 is the next midnight. Where the clock leaves it out: when it jumps."""
    whole_days, rest = divmod(minute, 1440)
    wall = datetime.combine(day + timedelta(days=whole_days), time(rest // 60, rest % 60))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return found
    found = _round_down(wall.replace(tzinfo=zone, fold=1).astimezone(UTC))
    while found.astimezone(zone).replace(tzinfo=None) < wall:
        found += STEP
    return found


def quarters(duration: timedelta) -> int:
    """Whole quarters of an hour, begun ones counted."""
    return -(-duration // STEP)


def weekly_intervals(
    windows: Iterable[WeeklyWindow], first: date, last: date, zone: tzinfo, *, but: Collection[date] = ()
) -> list[Interval]:
    """Every occurrence of these weekly windows between two days (both included), in order; `but`: days left out."""
    by_weekday: dict[int, list[tuple[int, int]]] = {}
    for weekday, start, end in windows:
        by_weekday.setdefault(weekday, []).append((start, end))
    found = [
        local_interval(day, start, end, zone)
        for day in days(first, last)
        if day not in but
        for start, end in by_weekday.get(day.weekday(), ())
    ]
    return sorted(found)


def joined(intervals: Iterable[Interval]) -> list[Interval]:
    """Touching and overlapping intervals as one, in order."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def without(intervals: Iterable[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """What is left of `intervals` when `taken` is cut out."""
    left = joined(intervals)
    for gone_start, gone_end in joined(taken):
        left = [piece for start, end in left for piece in _cut(start, end, gone_start, gone_end)]
    return left


def overlaps(ours: Iterable[Interval], theirs: Iterable[Interval]) -> list[Interval]:
    """The common stretches of two lists of intervals, in order."""
    others = joined(theirs)
    pairs = ((max(a, c), min(b, d)) for a, b in joined(ours) for c, d in others)
    return [(start, end) for start, end in pairs if start < end]


def free_of(volunteer: VolunteerFacts, request: RequestFacts, zone: tzinfo) -> list[Interval]:
    """The stretches on the grid in which this volunteer is free for this request, cut at midnight, in order."""
    asked = on_grid(joined(request.windows))
    if not asked:
        return []
    first, last = asked[0][0].astimezone(zone).date(), asked[-1][1].astimezone(zone).date()
    closed = frozenset() if volunteer.helps_on_holidays else holidays_between(first, last)
    weekly = weekly_intervals(volunteer.weekly, first, last, zone, but=closed)
    there = on_grid([*weekly, *volunteer.series, *volunteer.extra])
    taken = [
        (_round_down(start), round_up(end)) for start, end in [*volunteer.away, *visits_with_way(volunteer, request)]
    ]
    free = _by_day(without(overlaps(asked, there), taken), zone)
    return on_grid(_where_open(free, volunteer, request, zone))


def _where_open(
    free: Iterable[Interval], volunteer: VolunteerFacts, request: RequestFacts, zone: tzinfo
) -> Iterator[Interval]:
    """What the day of the visit admits: checks that hold on it, the hours of the young."""
    for start, end in free:
        day = start.astimezone(zone).date()
        minutes = dayrules.minutes(request, volunteer, day, zone)
        if minutes == dayrules.WHOLE_DAY:
            yield start, end
        elif minutes:
            first, last = local_interval(day, *minutes, zone)
            if max(start, first) < min(end, last):
                yield max(start, first), min(end, last)


def visits_with_way(volunteer: VolunteerFacts, request: RequestFacts) -> Iterator[Interval]:
    """Agreed visits of the volunteer, each with the way from and to the place of this request."""
    for start, end, cell in volunteer.busy:
        near = request.remote or not cell
        way = timedelta(minutes=0 if near else travel_minutes(request.cell, cell))
        yield start - way, end + way


def usable_quarters(request: RequestFacts, volunteer: VolunteerFacts, zone: tzinfo) -> int:
    """How many quarters of an hour lie in free stretches that hold the whole duration."""
    needed = quarters(request.duration)
    long = ((end - start) // STEP for start, end in free_of(volunteer, request, zone))
    return sum(stretch for stretch in long if stretch >= needed)


def on_grid(intervals: Iterable[Interval]) -> list[Interval]:
    """The full quarters of an hour inside each of these intervals; those that hold none fall out."""
    trimmed = ((round_up(start), _round_down(end)) for start, end in intervals)
    return [(start, end) for start, end in trimmed if start < end]


def slots(free: Iterable[Interval], duration: timedelta) -> Iterator[datetime]:
    """The first full quarter of each stretch that holds the whole duration, in whole quarters."""
    for start, end in on_grid(free):
        if start + quarters(duration) * STEP <= end:
            yield start


def round_up(moment: datetime) -> datetime:
    """To the next full quarter of an hour."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment + STEP - past


def week_of(moment: datetime, zone: tzinfo) -> date:
    """The Monday of the local week."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _round_down(moment: datetime) -> datetime:
    """To the last full quarter of an hour. Every zone's clock is whole quarters from UTC."""
    return moment - timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)


def _by_day(intervals: Iterable[Interval], zone: tzinfo) -> Iterator[Interval]:
    """Each interval cut at local midnight."""
    for start, end in intervals:
        while start < end:
            midnight = moment(start.astimezone(zone).date(), 1440, zone)
            yield start, min(end, midnight)
            start = midnight


def _cut(start: datetime, end: datetime, gone_start: datetime, gone_end: datetime) -> Iterator[Interval]:
    if gone_end <= start or end <= gone_start:
        yield start, end
        return
    if start < gone_start:
        yield start, gone_start
    if gone_end < end:
        yield gone_end, end
