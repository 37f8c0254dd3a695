"""Requests as arrays beside the columns of the volunteers: the other half of every pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching import dayrules, times
from matching.facts import Interval, RequestFacts, age_on
from matching.localdays import local_days
from matching.roster import bits
from matching.roster.columns import ALWAYS, GENDERS, KINDS, NEVER, Columns, Rows
from matching.scoring import GENERATION_YEARS, PARTS


@dataclass(frozen=True, eq=False)
class Asked:
    """
    R requests; `pointers` (R + 1) cuts `days` (ordinals) and `words` into one stretch per request.

    `odd`: some of the wished hours lie before 6 or after 22 o'clock, where the words have no bits.
    """

    facts: Sequence[RequestFacts]
    now: datetime
    zone: tzinfo
    today: date
    quarter: npt.NDArray[np.int32]
    cell: npt.NDArray[np.int32]
    skills: npt.NDArray[np.uint64]
    needs: npt.NDArray[np.bool_]  # (R, kinds of check)
    minors_may: npt.NDArray[np.bool_]
    first: npt.NDArray[np.int32]  # ordinals of the first and the last wished day; today where none is named
    last: npt.NDArray[np.int32]
    minutes: npt.NDArray[np.int32]
    remote: npt.NDArray[np.bool_]
    length: npt.NDArray[np.uint64]  # quarters of an hour
    hours: npt.NDArray[np.float64]
    languages: npt.NDArray[np.uint64]
    resident_languages: npt.NDArray[np.uint64]  # without German
    gender: npt.NDArray[np.int8]
    other_generation: npt.NDArray[np.bool_]
    older: npt.NDArray[np.int32]  # as `generations_of` the resident
    younger: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float64]  # (R, parts)
    pointers: npt.NDArray[np.int64]
    days: npt.NDArray[np.int64]
    words: npt.NDArray[np.uint64]
    odd: npt.NDArray[np.bool_]
    out: tuple[Rows, ...]  # per request the rows that can never be this pair


def ask(columns: Columns, facts: Sequence[RequestFacts], *, now: datetime, zone: tzinfo) -> Asked:
    """These requests in the numbers of these columns."""
    dated = [days_of(one.windows, zone) for one in facts]
    sizes = [len(one.days) for one in dated]
    today = now.astimezone(zone).date()
    generations = [generations_of(one.resident_born_on, today) for one in facts]
    between = [one.between or (today.toordinal(), today.toordinal()) for one in dated]
    german = np.uint64(~columns.language_names.mask(["de"]) & bits.FULL)
    return Asked(
        facts=facts,
        now=now,
        zone=zone,
        today=today,
        quarter=np.array([columns.quarters.number(one.quarter_id) for one in facts], np.int32),
        cell=np.array([columns.cells.number(one.cell) if one.cell else -1 for one in facts], np.int32),
        skills=np.array([columns.skill_names.mask(one.skills) for one in facts], np.uint64),
        needs=np.array([[kind in one.needs for kind in KINDS] for one in facts], np.bool_).reshape(-1, len(KINDS)),
        minors_may=np.array([one.minors_may for one in facts], np.bool_),
        first=np.array([first for first, _last in between], np.int32),
        last=np.array([last for _first, last in between], np.int32),
        minutes=np.array([-(-one.duration.total_seconds() // 60) for one in facts], np.int32),
        remote=np.array([one.remote for one in facts], np.bool_),
        length=np.array([times.quarters(one.duration) for one in facts], np.uint64),
        hours=np.array([one.duration.total_seconds() / 3600 for one in facts]),
        languages=np.array([columns.language_names.mask(one.languages) for one in facts], np.uint64),
        resident_languages=np.array([columns.language_names.mask(one.resident_languages) for one in facts], np.uint64)
        & german,
        gender=np.array([GENDERS.get(one.gender_wish, 0) for one in facts], np.int8),
        other_generation=np.array([one.wishes_other_generation for one in facts], np.bool_),
        older=np.array([older for older, _younger in generations], np.int32),
        younger=np.array([younger for _older, younger in generations], np.int32),
        weights=np.array([weights_of(tuple(one.weights.items())) for one in facts]).reshape(-1, len(PARTS)),
        pointers=np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64),
        days=np.array([day for one in dated for day in one.days], np.int64),
        words=np.concatenate([np.empty(0, np.uint64), *(one.words[:, 0] for one in dated)]),
        odd=np.array([one.odd for one in dated], np.bool_),
        out=_out(columns, facts),
    )


def _out(columns: Columns, facts: Sequence[RequestFacts]) -> tuple[Rows, ...]:
    """Per request the rows of its resident and of those who are out, where they are volunteers at all."""
    people = [[*one.out, one.resident_id] for one in facts]
    rows = columns.rows_of([person for some in people for person in some])
    cuts = pairwise(accumulate(map(len, people), initial=0))
    return tuple(some[some >= 0] for some in (rows[first:last] for first, last in cuts))


@lru_cache(maxsize=256)
def weights_of(chosen: tuple[tuple[str, float], ...]) -> npt.NDArray[np.float64]:
    """A quarter's weights in the order of PARTS."""
    weights = dict(chosen)
    return np.array([float(weights.get(part, 0)) for part in PARTS])


@lru_cache(maxsize=4096)
def generations_of(born: date | None, today: date) -> tuple[int, int]:
    """Who was born up to the first day (ordinal), or after the second, is a generation apart; nobody from None."""
    if born is None:
        return NEVER - 1, ALWAYS
    age = age_on(born, today)
    return _born_by(age + GENERATION_YEARS, today), _born_by(age - GENERATION_YEARS + 1, today)


def _born_by(years: int, today: date) -> int:
    """The last birthday of somebody who is so many years old today."""
    year = today.year - years
    try:
        return today.replace(year=year).toordinal()
    except ValueError:
        return date(year, 2, 28).toordinal()


class Wished(NamedTuple):
    """The wished days in order, as ordinals, and the quarters wished for on each."""

    days: tuple[int, ...]
    words: npt.NDArray[np.uint64]  # (days, 1): against people side by side
    between: tuple[int, int] | None  # the first and the last day the windows touch; None without any
    odd: bool  # some of the hours lie before 6 or after 22 o'clock, where the words have no bits


@lru_cache(maxsize=4096)
def days_of(windows: tuple[Interval, ...], zone: tzinfo) -> Wished:
    """The days of these windows; kept, because a request comes again with every question about it."""
    found: dict[int, int] = {}
    odd = False
    for start, end in windows:
        for day, first, last in local_days(start, end, zone):
            ordinal = day.toordinal()
            found[ordinal] = found.get(ordinal, 0) | bits.word(first, last)
            odd = odd or first < bits.FIRST_MINUTE or last > bits.LAST_MINUTE
    days = tuple(sorted(found))
    words = np.array([found[day] for day in days], np.uint64).reshape(-1, 1)
    words.flags.writeable = False
    return Wished(days, words, _between(windows, zone) if windows else None, odd)


def _between(windows: tuple[Interval, ...], zone: tzinfo) -> tuple[int, int]:
    first, last = dayrules.between(windows, zone)
    return first.toordinal(), last.toordinal()
