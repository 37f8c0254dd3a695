"""
When both could, for many pairs at once: the wished days of the request against each volunteer's days as words.

The law is `matching.times`; hours outside 6 to 22 o'clock have no bits and are asked of the law itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from core.holidays import holidays_between
from matching import gates, loading, times
from matching.roster import bits, young
from matching.roster.asked import Asked
from matching.roster.columns import WEEKS, Columns, Rows
from places.distance import travel_minutes

AT_ONCE = 400_000  # rows of pair x day worked on in one piece
NO_DAY = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Times:
    """
    Per pair: the first slot (`day` 0: none, `minute` local), how many quarters lie in long enough stretches, and, where
    only one day is possible, those quarters of it (`span`; 0 where there are several days).
    """

    day: npt.NDArray[np.int64]
    minute: npt.NDArray[np.int32]
    usable: npt.NDArray[np.int64]
    span: npt.NDArray[np.uint64]

    @classmethod
    def none(cls, pairs: int) -> "Times":
        zeros = np.zeros(pairs, np.int64)
        return cls(zeros, np.zeros(pairs, np.int32), zeros.copy(), np.zeros(pairs, np.uint64))

    def only(self, which: "npt.NDArray[np.bool_] | slice") -> "Times":
        return Times(self.day[which], self.minute[which], self.usable[which], self.span[which])


def common(columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows) -> Times:
    """The times of these pairs; `r` must be in ascending order. A slot lies in a week that still has the hours."""
    found = Times.none(len(r))
    for cut in _cuts(asked, r):
        _piece(
            columns, asked, r[cut], v[cut], Times(found.day[cut], found.minute[cut], found.usable[cut], found.span[cut])
        )
    if asked.odd.any():
        _by_the_law(columns, asked, r, v, found)
    return found


def _cuts(asked: Asked, r: npt.NDArray[np.intp]) -> Iterator[slice]:
    """Pieces of the pairs, each of about AT_ONCE rows of pair x day."""
    rows = np.cumsum(np.diff(asked.pointers)[r])
    first = 0
    while first < len(r):
        before = int(rows[first - 1]) if first else 0
        last = max(int(np.searchsorted(rows, before + AT_ONCE)), first + 1)
        yield slice(first, last)
        first = last


def _piece(columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, found: Times) -> None:
    """One piece of the pairs, written into its stretch of the arrays."""
    sizes = np.diff(asked.pointers)[r]
    some = np.nonzero(sizes)[0]
    if not len(some):
        return
    sizes = sizes[some]
    heads = np.cumsum(sizes) - sizes
    of, at = bits.spread(asked.pointers[r[some]], asked.pointers[r[some] + 1])
    of_pair = some[of]
    days, who = asked.days[at], v[of_pair]
    free = free_words(columns, asked, r[of_pair], who, days) & asked.words[at]
    length = asked.length[r[of_pair]]
    begins = bits.starts(free, length)
    inside = bits.stretched(begins, length)
    found.usable[some] = np.add.reduceat(bits.count(inside).astype(np.int64), heads)
    one_day = np.add.reduceat((begins != 0).astype(np.int64), heads) == 1
    found.span[some] = np.where(one_day, np.bitwise_or.reduceat(inside, heads), np.uint64(0))
    fits = (begins != 0) & has_hours(columns, asked, r[of_pair], who, days)
    first = np.minimum.reduceat(np.where(fits, days * 64 + bits.lowest(begins), NO_DAY), heads)
    there = first != NO_DAY
    found.day[some] = np.where(there, first // 64, 0)
    found.minute[some] = np.where(there, bits.FIRST_MINUTE + bits.QUARTER * (first % 64), 0)


def free_words(
    columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, days: npt.NDArray[np.int64]
) -> npt.NDArray[np.uint64]:
    """What each volunteer has free on each day, as words: `usual_words`, visits with the way, and what the day itself
    does not admit."""
    free = usual_words(columns, v, days)
    busy = np.nonzero(columns.busy[v])[0]
    if len(busy):
        _take_out_visits(columns, asked, r, v, days, busy, free)
    young.shut(columns, asked, r, v, days, free)
    return free


def usual_words(columns: Columns, v: Rows, days: npt.NDArray[np.int64]) -> npt.NDArray[np.uint64]:
    """What each volunteer gave of each day: the week, holidays, exceptions."""
    weekday = (days + 6) % 7  # ordinal 1 was a Monday
    free = columns.week[v, weekday]
    closed = _holiday(days)
    if closed.any():
        free[closed & ~columns.holidays[v]] = 0
    special = np.nonzero(columns.special[v])[0]
    if len(special):
        of, at = columns.days.on(v[special], days[special])
        free[special[of]] = columns.days.columns["word"][at]
    return free


def _holiday(days: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    if not len(days):
        return np.zeros(0, np.bool_)
    first, last = date.fromordinal(int(days.min())), date.fromordinal(int(days.max()))
    closed = [day.toordinal() for day in holidays_between(first, last)]
    return np.isin(days, closed) if closed else np.zeros(len(days), np.bool_)


def _take_out_visits(
    columns: Columns,
    asked: Asked,
    r: npt.NDArray[np.intp],
    v: Rows,
    days: npt.NDArray[np.int64],
    busy: npt.NDArray[np.intp],
    free: npt.NDArray[np.uint64],
) -> None:
    """Each visit of that day with the way there and back."""
    of, at = columns.visits.on(v[busy], days[busy])
    visit = {name: column[at] for name, column in columns.visits.columns.items()}
    way = _way(columns, asked, r[busy[of]], visit["cell"])
    np.bitwise_and.at(free, busy[of], ~bits.taken_words(visit["start"] - way, visit["end"] + way))


def _way(columns: Columns, asked: Asked, r: npt.NDArray[np.intp], there: npt.NDArray) -> npt.NDArray[np.int64]:
    """Minutes from a visit's cell to the request's place; none where one of them is by telephone."""
    names = columns.cells.words
    pairs = np.stack([np.where(asked.remote[r], -2, asked.cell[r]), there], axis=1)
    unique, back = np.unique(pairs, axis=0, return_inverse=True)
    ways = [_minutes(names, int(here), int(other)) for here, other in unique]
    return np.array(ways, np.int64)[back.reshape(-1)]


def _minutes(names: list, here: int, there: int) -> int:
    return 0 if here == -2 or there < 0 else travel_minutes(names[here] if here >= 0 else "", names[there])


def has_hours(
    columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, days: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Does the week of this day still have room for the hours of the request?"""
    week = columns.week_of(days)
    taken = np.where((week >= 0) & (week < WEEKS), columns.taken[v, np.clip(week, 0, WEEKS - 1)], 0)
    most = young.hours_a_week(columns, asked, r, v, days)
    return taken + asked.hours[r] <= most + gates.HARDLY_ANY


def _by_the_law(columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, found: Times) -> None:
    """Requests that wish for hours at night: their pairs one by one, slow and right."""
    which = np.nonzero(asked.odd[r])[0]
    people = loading.facts_of([columns.person(int(row)) for row in v[which]], now=asked.now)
    for index in which.tolist():
        one, request = people[columns.person(int(v[index]))], asked.facts[int(r[index])]
        slot = gates.slot(request, one, asked.zone)
        found.usable[index] = times.usable_quarters(request, one, asked.zone)
        found.day[index] = found.span[index] = 0
        if slot is None:
            continue
        local = slot.astimezone(asked.zone)
        found.day[index], found.minute[index] = local.date().toordinal(), local.hour * 60 + local.minute
