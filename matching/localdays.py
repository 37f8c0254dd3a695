"""Moments as local days, and days in a row. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, tzinfo


def days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def local_days(start: datetime, end: datetime, zone: tzinfo) -> Iterator[tuple[date, int, int]]:
    """(day, first minute, last minute) of a stretch of time, cut at local midnight."""
    here, there = start.astimezone(zone), end.astimezone(zone)
    for day in days(here.date(), there.date()):
        first = here.hour * 60 + here.minute + (here.second > 0) if day == here.date() else 0
        last = there.hour * 60 + there.minute if day == there.date() else 1440
        if first < last:
            yield day, first, last
