"""
What holds for helpers under 18: bands of age as dated data, each with hours, times of day, school and kinds of help.

Sources of the built-in figures: field-germany.md B14 and B15. A city changes them by a new version (`AgeRules`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from accounts.models import AgeRules, Step
from core.holidays import is_holiday

ADULT = 18
NEEDS = (Step.TALK, Step.PARENTS)  # a worker met them first, and the parents agree
_FILE = Path(__file__).resolve().parent / "data" / "age_rules.json"


@dataclass(frozen=True)
class Band:
    """
    One band: ages both included; minutes of the local day between which they may help; `after_school`: the minute
    from which on a school day (None: school does not matter); `kinds`: slugs, empty: all that minors may.
    """

    from_age: int
    to_age: int
    minutes_a_day: int
    hours_a_week: float
    first_minute: int
    last_minute: int
    after_school: int | None
    kinds: frozenset[str]

    def admits(self, kinds: Iterable[str]) -> bool:
        return not self.kinds or self.kinds >= set(kinds)


@dataclass(frozen=True)
class Version:
    """Bands that hold from a day on, with the school holidays known for them."""

    since: date
    bands: tuple[Band, ...]
    breaks: tuple[tuple[date, date], ...]

    def is_school_day(self, day: date) -> bool:
        return day.weekday() < 5 and not is_holiday(day) and not any(a <= day <= b for a, b in self.breaks)


@dataclass(frozen=True)
class Youth:
    """Every version there is, latest first."""

    versions: tuple[Version, ...]

    def on(self, day: date) -> Version:
        """What holds on this day; before the first version the first one."""
        return next((one for one in self.versions if one.since <= day), self.versions[-1])

    def band(self, age: int, day: date) -> Band | None:
        """The band of this age; None where nobody of this age may help."""
        return next((band for band in self.on(day).bands if band.from_age <= age <= band.to_age), None)

    def hours(self, band: Band, day: date) -> tuple[int, int]:
        """First and last minute of the local day; nothing is left where the first is not before the last."""
        school = band.after_school is not None and self.on(day).is_school_day(day)
        first = max(band.first_minute, band.after_school or 0) if school else band.first_minute
        return first, band.last_minute

    @cached_property
    def youngest(self) -> int:
        return min((band.from_age for one in self.versions for band in one.bands), default=ADULT)


def current() -> Youth:
    """What the city decided, else what the product brings along."""
    rows = [_version(row.since, row.bands, row.breaks) for row in AgeRules.objects.order_by("-since", "-number")]
    return Youth((*rows, BUILT_IN.versions[0])) if rows else BUILT_IN


def as_json(band: Band) -> dict[str, Any]:
    return {**band.__dict__, "kinds": sorted(band.kinds)}


def _version(since: date, bands: list[dict], breaks: list[list[str]]) -> Version:
    made = tuple(Band(**{**band, "kinds": frozenset(band["kinds"])}) for band in bands)
    return Version(since, made, tuple((date.fromisoformat(a), date.fromisoformat(b)) for a, b in breaks))


def _built_in() -> Youth:
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return Youth((_version(date.fromisoformat(data["since"]), data["bands"], data["breaks"]),))


BUILT_IN = _built_in()
