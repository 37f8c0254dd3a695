"""
When both could, for many pairs at once: the wished days of the request against each volunteer's days as words.

The law is `matching.times`; hours outside 6 to 22 o'clock have no bits and are asked of the law itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching import gates, loading, times
from matching.roster import bits
from matching.roster.asked import Asked
from matching.roster.columns import KEY_SHIFT, Columns, Rows

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

    @property
    def arrays(self) -> tuple[npt.NDArray, ...]:
        return self.day, self.minute, self.usable, self.span

    @classmethod
    def none(cls, pairs: int) -> "Times":
        zeros = np.zeros(pairs, np.int64)
        return cls(zeros, np.zeros(pairs, np.int32), zeros.copy(), np.zeros(pairs, np.uint64))

    def only(self, which: npt.NDArray[np.bool_]) -> "Times":
        return Times(*(some[which] for some in self.arrays))


def common(columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows) -> Times:
    """The times of these pairs; `r` must be in ascending order. A slot lies in a week that still has the hours."""
    sizes = asked.sizes[r]
    if sizes.sum() <= AT_ONCE:
        found = _piece(columns, asked, r, v, sizes)
    else:
        pieces = [_piece(columns, asked, r[cut], v[cut], sizes[cut]) for cut in _cuts(sizes)]
        found = Times(*(np.concatenate(some) for some in zip(*(piece.arrays for piece in pieces), strict=True)))
    if asked.odd.any():
        _by_the_law(columns, asked, r, v, found)
    return found


def _cuts(sizes: npt.NDArray[np.int64]) -> Iterator[slice]:
    """Pieces of the pairs, each of about AT_ONCE rows of pair x day."""
    rows = np.cumsum(sizes)
    first = 0
    while first < len(sizes):
        before = int(rows[first - 1]) if first else 0
        last = max(int(np.searchsorted(rows, before + AT_ONCE)), first + 1)
        yield slice(first, last)
        first = last


def _piece(columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, sizes: npt.NDArray[np.int64]) -> Times:
    found = Times.none(len(r))
    some = slice(None) if sizes.all() else np.nonzero(sizes)[0]
    days = Days(columns, asked, r[some], v[some], sizes[some])
    if not len(days.v):
        return found
    begins = bits.starts(days.free(), days.length)
    inside = bits.stretched(begins, days.length)
    found.usable[some] = days.over(np.add, bits.count(inside).astype(np.int64))
    there = begins != 0
    if not asked.alone:  # with only one request no two visits of a volunteer stand in each other's way
        one_day = days.over(np.add, there.astype(np.int64)) == 1
        found.span[some] = np.where(one_day, days.over(np.bitwise_or, inside), np.uint64(0))
    fits = there & days.has_hours()
    first = days.over(np.minimum, np.where(fits, days.day * 64 + bits.lowest(begins), NO_DAY))
    first[first == NO_DAY] = 0
    found.day[some] = first >> 6
    found.minute[some] = bits.FIRST_MINUTE + bits.QUARTER * (first & 63)
    return found


class Days:
    """
    Every wished day of every pair: a table of pairs x days where only one request asks, else one row after the other.

    `who` is the volunteer and `at` the day among those of `asked`, both broadcast against each other.
    """

    def __init__(
        self, columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, sizes: npt.NDArray[np.int64]
    ) -> None:
        self.columns, self.asked, self.v = columns, asked, v
        if asked.alone:
            self.who, self.at = v[:, None], slice(None)
            self.length = int(asked.one("length"))
        else:
            self._heads = np.cumsum(sizes) - sizes
            of_pair = np.repeat(np.arange(len(r)), sizes)
            self.who = v[of_pair]
            self.at = np.arange(len(of_pair)) + (asked.pointers[r] - self._heads)[of_pair]
            self._r = r[of_pair]
            self.length = asked.length[self._r]
        self.day = asked.days[self.at]

    def over(self, what: np.ufunc, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """One value per pair."""
        return what.reduce(values, axis=1) if self.asked.alone else what.reduceat(values, self._heads)

    def free(self) -> npt.NDArray[np.uint64]:
        """What both have free, as words: the week, holidays, exceptions, and visits with the way."""
        columns, asked = self.columns, self.asked
        free = columns.week[self.who, asked.weekday[self.at]]
        if asked.closed.any():
            free[asked.closed[self.at] & ~columns.holidays[self.who]] = 0
        if columns.special[self.v].any():
            special = self._those(columns.special, free)
            place, there = _lookup(columns.days.keys, self._keys(special))
            free[tuple(some[there] for some in special)] = columns.days.columns["word"][place[there]]
        free &= asked.words[self.at]
        if columns.busy[self.v].any():
            self._take_out_visits(free)
        return free

    def has_hours(self) -> npt.NDArray[np.bool_]:
        """Does the week of this day still have room for the hours of the request?"""
        minutes = self.asked.one("minutes") if self.asked.alone else self.asked.minutes[self._r]
        taken = self.columns.taken[self.who, self.asked.weeks[self.at]]
        return taken + minutes <= self.columns.minutes[self.who]

    def _those(self, flag: npt.NDArray[np.bool_], free: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.intp], ...]:
        """Where the volunteers are who have this flag, on days on which they are free or may be."""
        return np.nonzero(np.broadcast_to(flag[self.who], free.shape))

    def _keys(self, which: tuple[npt.NDArray[np.intp], ...]) -> npt.NDArray[np.int64]:
        """Row and day in one number, as in `Dated`."""
        return self.who[which[0], 0 if len(which) == 2 else ...].astype(np.int64) << KEY_SHIFT | self.day[which[-1]]

    def _take_out_visits(self, free: npt.NDArray[np.uint64]) -> None:
        """Each visit of that day with the way there and back; several visits of one day one after the other."""
        visits = self.columns.visits
        which = self._those(self.columns.busy, free)
        wanted, last = self._keys(which), len(visits.keys) - 1
        at = visits.keys.searchsorted(wanted)
        while len(more := np.nonzero((at <= last) & (visits.keys[np.minimum(at, last)] == wanted))[0]):
            at, wanted, which = at[more], wanted[more], tuple(some[more] for some in which)
            way = self._way(which[0], visits.columns["cell"][at])
            start, end = visits.columns["start"][at], visits.columns["end"][at]
            free[which] &= ~bits.taken_words(start - way, end + way)
            at = at + 1

    def _way(self, rows: npt.NDArray[np.intp], there: npt.NDArray[np.int32]) -> npt.NDArray[np.int64]:
        """Minutes from a visit's cell to the request's place; none where one of them is by telephone."""
        each = self.asked.at(np.empty(0, np.intp) if self.asked.alone else self._r[rows])
        return np.where(each.remote | (there < 0), 0, self.columns.map.travel_minutes(each.place, there))


def _lookup(
    keys: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where each wanted key stands among the sorted ones, and whether it is there."""
    if not len(keys):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), np.bool_)
    at = np.minimum(keys.searchsorted(wanted), len(keys) - 1)
    return at, keys[at] == wanted


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
