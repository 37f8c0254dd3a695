"""
When both could, for many pairs at once: the wished days of the request against each volunteer's days as words.

The law is `matching.times`; hours outside 6 to 22 o'clock have no bits and are asked of the law itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching import gates, loading, times
from matching.roster import bits
from matching.roster.asked import Asked, Each
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


def _piece(
    columns: Columns, asked: Asked, r: npt.NDArray[np.intp], v: Rows, sizes: npt.NDArray[np.int64]
) -> Times:
    found = Times.none(len(r))
    some = slice(None) if sizes.all() else np.nonzero(sizes)[0]
    r, v, sizes = r[some], v[some], sizes[some]
    if not len(r):
        return found
    at, of_pair, heads = _rows(asked, r, sizes)
    free = free_words(columns, asked, r, v, at, of_pair)
    each = asked.at(r[of_pair])
    begins = bits.starts(free, each.length)
    inside = bits.stretched(begins, each.length)
    found.usable[some] = np.add.reduceat(bits.count(inside), heads, dtype=np.int64)
    there = begins != 0
    one_day = np.add.reduceat(there, heads, dtype=np.int64) == 1
    found.span[some] = np.where(one_day, np.bitwise_or.reduceat(inside, heads), np.uint64(0))
    fits = there & _has_hours(columns, asked, each, v[of_pair], at)
    first = np.minimum.reduceat(np.where(fits, asked.days[at] * 64 + bits.lowest(begins), NO_DAY), heads)
    first[first == NO_DAY] = 0
    found.day[some] = first >> 6
    found.minute[some] = bits.FIRST_MINUTE + bits.QUARTER * (first & 63)
    return found


def _rows(
    asked: Asked, r: npt.NDArray[np.intp], sizes: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Every day of every pair, pair after pair: (where that day stands in `asked`, which pair, where each begins)."""
    if len(asked.facts) == 1:
        days = int(sizes[0])
        pairs = np.arange(len(r))
        return np.tile(np.arange(days), len(r)), np.repeat(pairs, days), pairs * days
    heads = np.cumsum(sizes) - sizes
    of_pair = np.repeat(np.arange(len(r)), sizes)
    return np.arange(len(of_pair)) + (asked.pointers[r] - heads)[of_pair], of_pair, heads


def free_words(
    columns: Columns,
    asked: Asked,
    r: npt.NDArray[np.intp],
    v: Rows,
    at: npt.NDArray[np.intp],
    of_pair: npt.NDArray[np.intp],
) -> npt.NDArray[np.uint64]:
    """
    What both have free, as words, per row of pair x day: the week, holidays, exceptions, and visits with the way.

    `at`: the day among those of `asked`; `of_pair`: index into `r` and `v`.
    """
    who = v[of_pair]
    free = columns.week[who, asked.weekday[at]]
    closed = asked.closed[at]
    if closed.any():
        free[closed & ~columns.holidays[who]] = 0
    special = np.nonzero(columns.special[v][of_pair])[0]
    if len(special):
        place, there = _lookup(columns.days.keys, who[special], asked.days[at[special]])
        free[special[there]] = columns.days.columns["word"][place[there]]
    free &= asked.words[at]
    busy = np.nonzero(columns.busy[v][of_pair] & (free != 0))[0]
    if len(busy):
        _take_out_visits(columns, asked, r[of_pair[busy]], who[busy], asked.days[at[busy]], busy, free)
    return free


def _lookup(
    keys: npt.NDArray[np.int64], v: Rows, days: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Where the entry of this row and day stands among the sorted keys, and whether there is one."""
    wanted = v.astype(np.int64) << KEY_SHIFT | days
    at = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    return at, keys[at] == wanted if len(keys) else np.zeros(len(v), np.bool_)


def _take_out_visits(
    columns: Columns,
    asked: Asked,
    r: npt.NDArray[np.intp],
    v: Rows,
    days: npt.NDArray[np.int64],
    rows: npt.NDArray[np.intp],
    free: npt.NDArray[np.uint64],
) -> None:
    """Each visit of that day with the way there and back; several visits of one day one after the other."""
    wanted = v.astype(np.int64) << KEY_SHIFT | days
    at = np.searchsorted(columns.visits.keys, wanted)
    last = len(columns.visits.keys) - 1
    while len(more := np.nonzero((at <= last) & (columns.visits.keys[np.minimum(at, last)] == wanted))[0]):
        at, wanted, rows, r = at[more], wanted[more], rows[more], r[more]
        visit = {name: column[at] for name, column in columns.visits.columns.items()}
        way = _way(columns, asked.at(r), visit["cell"])
        free[rows] &= ~bits.taken_words(visit["start"] - way, visit["end"] + way)
        at = at + 1


def _way(columns: Columns, each: Each, there: npt.NDArray) -> npt.NDArray[np.int64]:
    """Minutes from a visit's cell to the request's place; none where one of them is by telephone."""
    return np.where(each.remote | (there < 0), 0, columns.map.travel_minutes(each.place, there))


def _has_hours(
    columns: Columns, asked: Asked, each: Each, v: Rows, at: npt.NDArray[np.intp]
) -> npt.NDArray[np.bool_]:
    """Does the week of this day still have room for the hours of the request?"""
    return columns.taken[v, asked.weeks[at]] + each.minutes <= columns.minutes[v]


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
