"""Requests as arrays beside the columns of the volunteers: the other half of every pair."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import numpy as np
import numpy.typing as npt

from core.holidays import is_holiday
from matching import times
from matching.facts import RequestFacts, age_on
from matching.gates import ADULT_YEARS, YOUNGEST_YEARS
from matching.roster import bits
from matching.roster.columns import AGELESS, GENDERS, KINDS, WEEKS, Columns
from matching.scoring import PARTS

Index = npt.NDArray[np.intp]
FIELDS: dict[str, type] = {
    "quarter": np.int32,
    "cell": np.int32,  # -1: unknown
    "place": np.int32,  # the same, and -1 where help comes by telephone
    "remote": np.bool_,
    "skills": np.uint64,
    "checks": np.uint8,  # what must have been checked
    "least_years": np.uint8,
    "length": np.uint64,  # quarters of an hour
    "minutes": np.int32,
    "languages": np.uint64,
    "wanted": np.uint64,  # languages that count for the fit: those asked for, else the resident's without German
    "gender": np.int8,
    "other_generation": np.bool_,
    "years": np.uint8,  # of the resident
    "odd": np.bool_,  # some of the wished hours lie before 6 or after 22 o'clock, where the words have no bits
}
DATED: dict[str, type] = {
    "days": np.int64,  # ordinal
    "words": np.uint64,  # wished quarters of that day
    "weekday": np.int64,
    "weeks": np.int64,  # column of `taken`
    "closed": np.bool_,  # a public holiday
}


NUMBER = {name: number for number, name in enumerate(FIELDS)}


class Asked:
    """
    R requests: the arrays of FIELDS, and those of DATED cut by `pointers` (R + 1) into one stretch per request.

    `sizes` (R): the days of each. `weights` (R, parts). `out`: pairs that can never be, the resident's own row among
    them, and `behind`: quarters with something between them; both as sorted keys, see `key`.
    """

    def __init__(self, columns: Columns, facts: Sequence[RequestFacts], *, now: datetime, zone: tzinfo) -> None:
        self.facts, self.now, self.zone = facts, now, zone
        self.today = now.astimezone(zone).date()
        dated = [_days(one, zone) for one in facts]
        self._rows = [_plain(columns, one, self.today, odd) for one, (_some, odd) in zip(facts, dated, strict=True)]
        self.sizes = np.array([len(days) for days, _odd in dated], np.int64)
        self.pointers = np.concatenate([[0], self.sizes.cumsum()])
        self.weights = np.array([[one.weights.get(part, 0) for part in PARTS] for one in facts], np.float64).reshape(
            -1, len(PARTS)
        )
        self.out, self.behind = _out(columns, facts), _behind(columns, facts)
        vars(self).update(_dated(columns, [days for days, _odd in dated]))

    def __getattr__(self, name: str) -> Any:
        """The arrays of FIELDS, made when they are first looked at."""
        if name not in NUMBER:
            raise AttributeError(name)
        number = NUMBER[name]
        found = np.array([row[number] for row in self._rows], FIELDS[name])
        setattr(self, name, found)
        return found

    @property
    def alone(self) -> bool:
        return len(self.facts) == 1

    def one(self, name: str) -> Any:
        """What the only request asks for."""
        return FIELDS[name](self._rows[0][NUMBER[name]])

    def at(self, r: Index) -> "Each":
        """What the request of each of these pairs asks for."""
        return Each(self, r)


class Each:
    """The fields of `Asked`, one value for each pair; where there is only one request, that one value for all."""

    def __init__(self, asked: Asked, r: Index) -> None:
        self._asked, self._r = asked, r

    def __getattr__(self, name: str) -> Any:
        found = self._asked.one(name) if self._asked.alone else getattr(self._asked, name)[self._r]
        setattr(self, name, found)
        return found

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        return self._asked.weights[0 if self._asked.alone else self._r]


def key(one: Any, other: Any) -> Any:
    """Two small numbers (or arrays of them) as one."""
    return one << 32 | other


def among(keys: npt.NDArray[np.int64], some: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of the keys are among `some`, which are sorted and at least one."""
    return some[np.minimum(some.searchsorted(keys), len(some) - 1)] == keys


def _plain(columns: Columns, one: RequestFacts, today: date, odd: bool) -> tuple[Any, ...]:
    """One request in the order of FIELDS."""
    cell = columns.cells.number(one.cell) if one.cell else -1
    languages = columns.language_names.mask(one.languages)
    speaks = columns.language_names.mask(one.resident_languages - {"de"})
    return (
        columns.quarters.number(one.quarter_id),
        cell,
        -1 if one.remote else cell,
        one.remote,
        columns.skill_names.mask(one.skills),
        sum(1 << KINDS.index(kind) for kind in one.needs),
        YOUNGEST_YEARS if one.minors_may else ADULT_YEARS,
        times.quarters(one.duration),
        one.duration.total_seconds() // 60,
        languages,
        languages or speaks,
        GENDERS.get(one.gender_wish, 0),
        one.wishes_other_generation,
        years_on(one.resident_born_on, today),
        odd,
    )


def years_on(born_on: date | None, today: date) -> int:
    """Full years as one byte; AGELESS where nobody knows."""
    return AGELESS if born_on is None else min(max(age_on(born_on, today), 0), AGELESS - 1)


def _dated(columns: Columns, found: Iterable[dict[int, int]]) -> dict[str, npt.NDArray[Any]]:
    days = [(day, word) for some in found for day, word in some.items()]
    ordinal = np.array([day for day, _word in days], DATED["days"])
    week = (ordinal - columns.monday) // 7
    return {
        "days": ordinal,
        "words": np.array([word for _day, word in days], DATED["words"]),
        "weekday": (ordinal + 6) % 7,  # ordinal 1 was a Monday
        "weeks": np.where((week < 0) | (week > WEEKS), WEEKS, week),
        "closed": np.array(_each_once(_closed, [day for day, _word in days]), DATED["closed"]),
    }


def _closed(day: int) -> bool:
    return is_holiday(date.fromordinal(day))


def _each_once(of: Callable[[int], bool], days: list[int]) -> list[bool]:
    known = {day: of(day) for day in set(days)}
    return [known[day] for day in days]


def _out(columns: Columns, facts: Sequence[RequestFacts]) -> npt.NDArray[np.int64]:
    """Each request with the rows of its resident and of those who are out, where they are volunteers at all."""
    pairs = [(r, person) for r, one in enumerate(facts) for person in (*one.out, one.resident_id)]
    rows = columns.rows_of([person for _r, person in pairs]).tolist()
    return np.array(sorted(key(r, row) for (r, _person), row in zip(pairs, rows, strict=True) if row >= 0), np.int64)


def _behind(columns: Columns, facts: Sequence[RequestFacts]) -> npt.NDArray[np.int64]:
    """Each quarter with those beyond a motorway or a river."""
    number = columns.quarters.number
    found = {
        key(number(one.quarter_id), number(home))
        for one in {one.quarter_id: one for one in facts}.values()
        for home, barrier in one.admitted.items()
        if barrier
    }
    return np.array(sorted(found), np.int64)


def _days(facts: RequestFacts, zone: tzinfo) -> tuple[dict[int, int], bool]:
    """Day ordinal -> wished quarters of that day, in the order of the days; and whether hours lie outside 6 to 22."""
    found: dict[int, int] = {}
    odd = False
    for start, end in facts.windows:
        for day, first, last in times.local_days(start, end, zone):
            ordinal = day.toordinal()
            found[ordinal] = found.get(ordinal, 0) | bits.word(first, last)
            odd = odd or first < bits.FIRST_MINUTE or last > bits.LAST_MINUTE
    return dict(sorted(found.items())), odd
