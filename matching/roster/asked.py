"""Requests as arrays beside the columns of the volunteers: the other half of every pair."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Asked:
    """
    R requests: the arrays of FIELDS, and those of DATED cut by `pointers` (R + 1) into one stretch per request.

    `out_r`, `out_v`: pairs that can never be, the resident's own row among them.
    """

    facts: Sequence[RequestFacts]
    now: datetime
    zone: tzinfo
    today: date
    plain: dict[str, npt.NDArray[Any]]
    dated: dict[str, npt.NDArray[Any]]
    sizes: npt.NDArray[np.int64]  # days of each request
    weights: npt.NDArray[np.float64]  # (R, parts)
    pointers: npt.NDArray[np.int64]
    out_r: Index
    out_v: npt.NDArray[np.int32]

    def __getattr__(self, name: str) -> Any:
        plain: dict[str, npt.NDArray[Any]] = self.__dict__["plain"]
        return plain[name] if name in plain else self.__dict__["dated"][name]

    def at(self, r: Index) -> "Each":
        """What the request of each of these pairs asks for."""
        return Each(self, r)


class Each:
    """The fields of `Asked`, one value for each pair; where there is only one request, that one value for all."""

    def __init__(self, asked: Asked, r: Index) -> None:
        self._asked, self._which = asked, r if len(asked.facts) != 1 else 0

    def __getattr__(self, name: str) -> Any:
        return self._asked.plain[name][self._which]

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        return self._asked.weights[self._which]


def ask(columns: Columns, facts: Sequence[RequestFacts], *, now: datetime, zone: tzinfo) -> Asked:
    """These requests in the numbers of these columns."""
    today = now.astimezone(zone).date()
    dated = [_days(one, zone) for one in facts]
    rows = [_plain(columns, one, today, odd) for one, (_some, odd) in zip(facts, dated, strict=True)]
    values = zip(*rows, strict=True) if rows else [()] * len(FIELDS)
    plain = {name: np.array(some, kind) for (name, kind), some in zip(FIELDS.items(), values, strict=True)}
    sizes = np.array([len(days) for days, _odd in dated], np.int64)
    return Asked(
        facts=facts,
        now=now,
        zone=zone,
        today=today,
        plain=plain,
        dated=_dated(columns, [days for days, _odd in dated]),
        weights=np.array([_weights(one.weights) for one in facts], np.float64).reshape(-1, len(PARTS)),
        sizes=sizes,
        pointers=np.concatenate([[0], np.cumsum(sizes)]),
        **_out(columns, facts),
    )


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


def _weights(weights: dict[str, float]) -> list[float]:
    return [float(weights.get(part, 0)) for part in PARTS]


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


def _out(columns: Columns, facts: Sequence[RequestFacts]) -> dict[str, npt.NDArray[Any]]:
    """Per request the rows of its resident and of those who are out, where they are volunteers at all."""
    people = [[*one.out, one.resident_id] for one in facts]
    rows = columns.rows_of([person for some in people for person in some])
    r = np.repeat(np.arange(len(facts)), [len(some) for some in people])
    there = rows >= 0
    return {"out_r": r[there], "out_v": rows[there]}


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
