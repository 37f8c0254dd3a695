"""Public holidays of the federal state the service runs in (setting HOLIDAY_STATE). Known by rule, no network."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays
from django.conf import settings


def holidays_between(first: date, last: date) -> frozenset[date]:
    """The public holidays from `first` to `last`, both included."""
    years = range(first.year, last.year + 1)
    return frozenset(day for year in years for day in _of_year(settings.HOLIDAY_STATE, year) if first <= day <= last)


def is_holiday(day: date) -> bool:
    return day in _of_year(settings.HOLIDAY_STATE, day.year)


def name_of(day: date) -> str:
    """What the holiday is called, in German as people here call it; "" on other days."""
    return _of_year(settings.HOLIDAY_STATE, day.year).get(day, "")


def known_states() -> Iterable[str]:
    """The federal states as the setting may name them."""
    return tuple(holidays.Germany.subdivisions)


@lru_cache(maxsize=64)
def _of_year(state: str, year: int) -> dict[date, str]:
    return dict(sorted(holidays.Germany(subdiv=state, years=year, language="de").items()))
