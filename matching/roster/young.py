"""
Which days are shut to a pair, on arrays: checks that have run out by the day of the visit, and the rules for the young.

The law stands in `matching.dayrules`. Only the few are looked at whose checks end soon, or who are under 18 on the day.
"""

from datetime import date

import numpy as np
import numpy.typing as npt

from accounts import youth
from accounts.youth import Band
from matching.roster import bits
from matching.roster.asked import Asked
from matching.roster.columns import ALWAYS, KINDS, NEVER, Columns, Rows

Index = npt.NDArray[np.intp]
Days = npt.NDArray[np.int64]
OF_THE_YOUNG = [KINDS.index(str(kind)) for kind in youth.NEEDS]


def prepare(columns: Columns, rows: Rows) -> None:
    """What follows from birthdays and checks of these rows: the 18th birthday, and the first end of a check."""
    columns.adult[rows] = np.where(columns.born[rows] == NEVER, NEVER, _birthdays(columns.born[rows], youth.ADULT))
    ends = columns.vetted[rows]
    columns.soonest[rows] = np.where(ends == NEVER, ALWAYS, ends).min(axis=1) if len(rows) else 0


def last_good_day(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.int32]:
    """The last day on which everything this help needs of a grown-up is checked; NEVER where something is not."""
    return np.where(asked.needs[r], columns.vetted[v], ALWAYS).min(axis=1).astype(np.int32)


def last_good_day_of_the_young(columns: Columns, v: Rows) -> npt.NDArray[np.int32]:
    """The same for what only helpers under 18 need."""
    return columns.vetted[v][:, OF_THE_YOUNG].min(axis=1).astype(np.int32)


def checked(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.bool_]:
    """On one of the wished days at least everything is checked."""
    until = last_good_day(columns, asked, r, v)
    first, last, adult = asked.first[r], asked.last[r], columns.adult[v]
    young = first < adult
    fits = (until >= first) & (~young | (last_good_day_of_the_young(columns, v) >= first))
    return fits | young & (adult <= last) & (until >= adult)


def old_enough(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.bool_]:
    """On the last wished day at least their age admits them."""
    fits = asked.last[r] >= columns.adult[v]
    for index in np.nonzero(~fits)[0].tolist():
        fits[index] = _band(columns, asked, int(r[index]), int(v[index]), int(asked.last[r[index]])) is not None
    return fits


def shut(columns: Columns, asked: Asked, r: Index, v: Rows, days: Days, free: npt.NDArray[np.uint64]) -> None:
    """Take out of `free` what the day does not admit."""
    some = np.nonzero(days > columns.soonest[v])[0]
    if len(some):
        some = some[checked(columns, asked, r[some], v[some])]  # else a gate of its own says so, as in the law
        free[some[days[some] > last_good_day(columns, asked, r[some], v[some])]] = 0
    some = np.nonzero(days < columns.adult[v])[0]
    if len(some):
        _shut_the_young(columns, asked, r, v, days, free, some)


def _shut_the_young(
    columns: Columns, asked: Asked, r: Index, v: Rows, days: Days, free: npt.NDArray[np.uint64], some: Index
) -> None:
    late = days[some] > last_good_day_of_the_young(columns, v[some])
    free[some[late & checked(columns, asked, r[some], v[some])]] = 0
    for index in some[(free[some] != 0) & old_enough(columns, asked, r[some], v[some])].tolist():
        free[index] &= np.uint64(_open(columns, asked, int(r[index]), int(v[index]), int(days[index])))


def hours_a_week(columns: Columns, asked: Asked, r: Index, v: Rows, days: Days) -> npt.NDArray[np.float32]:
    """How many hours a week they may help, the young no more than the band of their age on that day says."""
    hours = columns.hours[v]
    for index in np.nonzero(days < columns.adult[v])[0].tolist():
        band = _band(columns, asked, int(r[index]), int(v[index]), int(days[index]))
        hours[index] = min(hours[index], band.hours_a_week) if band else hours[index]
    return hours


def most_of_a_day(columns: Columns, asked: Asked, r: int, v: int, day: int) -> tuple[float, int]:
    """Hours a week, and minutes left of this day, that a young helper may give; none where their age does not admit."""
    band = _band(columns, asked, r, v, day)
    return (band.hours_a_week, band.minutes_a_day - _minutes_taken(columns, v, day)) if band else (0.0, 0)


def _open(columns: Columns, asked: Asked, r: int, v: int, day: int) -> int:
    """The quarters of this day that are open to a young helper, as a word."""
    band = _band(columns, asked, r, v, day)
    if band is None or _minutes_taken(columns, v, day) + asked.minutes[r] > band.minutes_a_day:
        return 0
    first, last = asked.facts[r].youth.hours(band, date.fromordinal(day))
    return bits.word(first, last)


def _band(columns: Columns, asked: Asked, r: int, v: int, day: int) -> Band | None:
    facts, born, on = asked.facts[r], date.fromordinal(int(columns.born[v])), date.fromordinal(day)
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    band = facts.youth.band(age, on)
    return band if band and facts.minors_may and band.admits(facts.skills) else None


def _minutes_taken(columns: Columns, v: int, day: int) -> int:
    _of, at = columns.visits.on(np.array([v]), np.array([day]))
    start, end = (columns.visits.columns[name][at] for name in ("start", "end"))
    return int((end - start).sum())


def _birthdays(born: npt.NDArray[np.int32], years: int) -> npt.NDArray[np.int32]:
    """Ordinals of the day so many years later; 29 February becomes 1 March where there is none."""
    epoch = date(1970, 1, 1).toordinal()
    days = (np.maximum(born, 1).astype(np.int64) - epoch).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    later = (months + 12 * years).astype("datetime64[D]") + (days - months.astype("datetime64[D]"))
    return (later.astype(np.int64) + epoch).astype(np.int32)
