"""Moments as local days, and days in a row. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo


def days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def local_days(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[date, int, int]]:
    """(day, first minute, last minute) of a stretch of time, cut at local midnight."""
    here, there = start.astimezone(zone), end.astimezone(zone)
    begin, close = here.hour * 60 + here.minute + (here.second > 0), there.hour * 60 + there.minute
    first_day, last_day = here.date(), there.date()
    if first_day == last_day:  # nearly always
        if begin < close:
            yield first_day, begin, close
        return
    for day in days(first_day, last_day):
        first = begin if day == first_day else 0
        last = close if day == last_day else 1440
        if first < last:
            yield day, first, last
