"""
What the matcher knows about one request and one volunteer: plain values, no database, no exact place.

Distances come from coarse cells alone (Location rule L2); moments are aware, in UTC.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from accounts.youth import BUILT_IN, Youth

Interval = tuple[datetime, datetime]
WeeklyWindow = tuple[int, int, int]  # weekday (0 Monday), start and end in minutes since local midnight
Visit = tuple[datetime, datetime, str]  # an agreed appointment and the cell it is in; "": no way to it or from it


@dataclass(frozen=True, eq=False)
class RequestFacts:
    """
    `windows`: moments between which the help may happen, future ones only.

    `needs`: what the skills ask to have been checked. `admitted`: home quarters the policy lets in, with the barrier
    to each ("" for none). `out`: volunteer id -> gate for people who can never be this pair (rejected, asked, ...).
    `together`: volunteer id -> how often these two completed a match. `weights`: part of the fit -> weight.
    `youth`: what holds for helpers under 18.
    `around`: every bordering quarter, admitted or not. `without_skill`: kind of help -> what is asked without it.
    """

    resident_id: UUID
    quarter_id: UUID
    cell: str
    skills: frozenset[str]
    needs: frozenset[str]
    minors_may: bool
    remote: bool
    windows: tuple[Interval, ...]
    duration: timedelta
    languages: frozenset[str]
    gender_wish: str
    wishes_other_generation: bool
    resident_languages: frozenset[str]
    resident_born_on: date | None
    admitted: dict[UUID, str]
    weights: dict[str, float]
    around: dict[UUID, str] = field(default_factory=dict)
    youth: Youth = BUILT_IN
    without_skill: dict[str, dict[str, Any]] = field(default_factory=dict)
    out: dict[UUID, str] = field(default_factory=dict)
    together: dict[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class VolunteerFacts:
    """
    `levels`: skill -> 1..3. `vetted`: kind -> last valid day (None: without end), suitable ones only.

    `weekly`: plain weekly windows, which do not count on public holidays unless `helps_on_holidays`. `series`: the
    windows of a series by its days, holidays already left out where they do not count. `extra` and `away`: dated
    exceptions. `busy`: agreed appointments. `hours_taken`: Monday of a week -> hours already promised in it.
    `last_asked_at` None: never.
    """

    id: UUID
    home_quarter_id: UUID | None
    served: frozenset[UUID]
    cell: str
    radius_km: float
    levels: dict[str, int]
    vetted: dict[str, date | None]
    weekly: tuple[WeeklyWindow, ...]
    extra: tuple[Interval, ...]
    away: tuple[Interval, ...]
    busy: tuple[Visit, ...]
    hours_per_week: float
    hours_taken: dict[date, float]
    capacity: int
    live_matches: int
    paused: bool
    ready: bool  # welcomed by a worker, active, not suspended
    languages: frozenset[str]
    gender: str
    born_on: date | None
    wishes_other_generation: bool
    last_asked_at: datetime | None
    joined_at: datetime
    ask_wish: int = 0  # -1 less often than the others, 1 more often
    series: tuple[Interval, ...] = ()
    helps_on_holidays: bool = False


class Person(NamedTuple):
    """What can be told of a volunteer besides the hours; the fields are those of `VolunteerFacts`."""

    id: UUID
    home_quarter_id: UUID | None
    cell: str
    levels: dict[str, int]
    languages: frozenset[str]
    born_on: date | None
    wishes_other_generation: bool
    last_asked_at: datetime | None
    live_matches: int
    capacity: int


def age_on(born_on: date, day: date) -> int:
    """Full years on this day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def birthday(born_on: date, years: int) -> date:
    """The day on which somebody is so many years old; who was born on 29 February, else on 1 March."""
    try:
        return born_on.replace(year=born_on.year + years)
    except ValueError:
        return date(born_on.year + years, 3, 1)
