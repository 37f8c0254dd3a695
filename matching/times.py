"""
When both could: windows of a request against what a volunteer has free. Pure; local days are Europe/Berlin by default.

Weekly windows are local wall-clock time, so that "Tuesdays at ten" stays at ten on both sides of a clock change.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from matching.facts import Interval, VolunteerFacts, WeeklyWindow

STEP = timedelta(minutes=15)
DAY_MINUTES = (8 * 60, 20 * 60)  # what "sometime until Friday" means: between 8 and 20 o'clock
HORIZON_DAYS = 60
WEEKLY_AHEAD_DAYS = 28  # how far a weekly wish is looked ahead


def local_interval(day: date, start_minute: int, end_minute: int, zone: tzinfo) -> Interval:
    """The moments of a local window; 1440 is the next midnight."""
    return _moment(day, start_minute, zone), _moment(day, end_minute, zone)


def local_days(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[date, int, int]]:
    """(day, first minute, last minute) of a stretch of time, cut at local midnight."""
    here, there = start.astimezone(zone), end.astimezone(zone)
    for day in days(here.date(), there.date()):
        first = here.hour * 60 + here.minute + (here.second > 0) if day == here.date() else 0
        last = there.hour * 60 + there.minute if day == there.date() else 1440
        if first < last:
            yield day, first, last


def quarters(duration: timedelta) -> int:
    """Whole quarters of an hour, begun ones counted."""
    return -(-duration // STEP)


def days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def weekly_intervals(windows: Iterable[WeeklyWindow], first: date, last: date, zone: tzinfo) -> list[Interval]:
    """Every occurrence of these weekly windows between two days (both included), in order."""
    by_weekday: dict[int, list[tuple[int, int]]] = {}
    for weekday, start, end in windows:
        by_weekday.setdefault(weekday, []).append((start, end))
    found = [
        local_interval(day, start, end, zone)
        for day in days(first, last)
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


def free_of(volunteer: VolunteerFacts, windows: Iterable[Interval], zone: tzinfo) -> list[Interval]:
    """The stretches inside `windows` in which this volunteer is free; exceptions and appointments taken out."""
    asked = joined(windows)
    if not asked:
        return []
    first, last = asked[0][0].astimezone(zone).date(), asked[-1][1].astimezone(zone).date()
    there = weekly_intervals(volunteer.weekly, first, last, zone) + list(volunteer.extra)
    return overlaps(asked, without(there, [*volunteer.away, *volunteer.busy]))


def usable_quarters(request, volunteer: VolunteerFacts, zone: tzinfo) -> int:
    free = free_of(volunteer, request.windows, zone)
    return sum(int((end - start) / STEP) for start, end in free if end - start >= request.duration)


def slots(free: Iterable[Interval], duration: timedelta) -> Iterator[datetime]:
    """The first quarter-hour start of each stretch that holds the whole duration."""
    for start, end in free:
        first = round_up(start)
        if first + duration <= end:
            yield first


def round_up(moment: datetime) -> datetime:
    """To the next full quarter of an hour."""
    past = timedelta(minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond)
    return moment if not past else moment + STEP - past


def week_of(moment: datetime, zone: tzinfo) -> date:
    """The Monday of the local week."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _moment(day: date, minute: int, zone: tzinfo) -> datetime:
    whole_days, rest = divmod(minute, 1440)
    at = time(rest // 60, rest % 60)
    return datetime.combine(day + timedelta(days=whole_days), at, tzinfo=zone).astimezone(UTC)


def _cut(start: datetime, end: datetime, gone_start: datetime, gone_end: datetime) -> Iterator[Interval]:
    if gone_end <= start or end <= gone_start:
        yield start, end
        return
    if start < gone_start:
        yield start, gone_start
    if gone_end < end:
        yield gone_end, end
