"""
Who may come to one quarter at all, as a small table of its own, so that a request looks at nobody else.

A row stands for somebody who serves the quarter, lives in it or in an admitted neighbour, is welcomed, not paused today
and has room for one more. What several requests share is worked out once and kept: nearness by the request's cell,
free hours by the day, checks by what is needed. A table is thrown away as soon as one of the people changes.
"""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from core.holidays import is_holiday
from matching import scoring
from matching.facts import Person
from matching.roster import bits, pairs, young
from matching.roster.columns import ALWAYS, KINDS, WEEKS, Columns, Rows
from matching.roster.found import person_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]
Days = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]

KEPT = 256  # tables; each about a quarter of a megabyte once a week of requests was asked of it
FAR = 63  # the last bit of `busy`: this many days ahead, or further
Admitted = tuple[tuple[UUID, str], ...]  # home quarters let in, with the barrier to each ("" for none)
Visit = tuple[int, int, int, int]  # day, first and last minute of an agreed visit, number of its cell


class Able(NamedTuple):
    """Who can do what is asked for, their checks valid today, and how well; `until` when the checks end."""

    who: Flags
    levels: npt.NDArray[np.uint8]  # 1..3 of each kind asked for, summed up
    until: Rows
    soonest: int  # the first such end: up to this day nothing runs out


class Around:
    """
    `rows`: of the roster, in the order in which equal fits are told: who was never asked or waits longest first.

    The columns of `GATHERED` stand beside them; a column is gathered when it is first asked for.
    """

    GATHERED = frozenset(
        ("high", "low", "skills", "level_1", "level_2", "languages", "gender", "adult", "hours", "other_generation",
         "vetted", "cell", "radius_m", "home", "live", "capacity", "asked", "joined", "ask_wish", "born")
    )  # fmt: skip

    def __init__(self, columns: Columns, quarter: int, admitted: Admitted, today: date) -> None:
        self.quarter, self.today, self._columns = quarter, today, columns
        rows = pairs.serving(columns, quarter, [home for home, _barrier in admitted])
        able = columns.live.take(rows) < columns.capacity.take(rows)
        rows = rows[able & (columns.paused_until.take(rows) < today.toordinal())]
        keys = (getattr(columns, name).take(rows) for name in ("low", "high", "asked"))
        self.rows = rows.take(np.lexsort(tuple(keys)))
        self.since = np.where(self.asked == -np.inf, self.joined, self.asked)
        self.pace = scoring.pace(self.ask_wish)
        self.room_share = scoring.room_share(self.live, self.capacity)
        self.young = (self.adult > today.toordinal()).nonzero()[0]
        self.adult_on = self.adult.take(self.young)
        self._barriers = [columns.quarters.number(home) for home, barrier in admitted if barrier]
        self._grown: dict[int, Flags] = {}
        self._near: dict[str, tuple[Floats, Flags]] = {}
        self._able: dict[tuple[frozenset[str], frozenset[str]], Able] = {}
        self._free: dict[int, Words] = {}
        self._room: dict[tuple[int, float], Flags] = {}
        self._visits: dict[int, list[Visit]] = {}
        self._people: dict[int, Person] = {}

    def __getattr__(self, name: str) -> Any:
        if name not in self.GATHERED:
            raise AttributeError(name)
        column = getattr(self._columns, name).take(self.rows, axis=0)
        setattr(self, name, column)
        return column

    def able(self, skills: frozenset[str], needs: frozenset[str]) -> Able:
        """Who can do all of these kinds of help, with these checks."""
        key = skills, needs
        if key not in self._able:
            self._able[key] = self._all_able(np.uint64(self._columns.skill_names.mask(skills)), needs)
        return self._able[key]

    def _all_able(self, need: np.uint64, needs: frozenset[str]) -> Able:
        until, today = np.full(len(self.rows), ALWAYS, np.int32), self.today.toordinal()
        for number, kind in enumerate(KINDS):
            if kind in needs:
                np.minimum(until, self.vetted[:, number], out=until)
        valid = until >= today
        levels = np.bitwise_count(self.level_1 & need) + np.uint8(2) * np.bitwise_count(self.level_2 & need)
        return Able((self.skills & need == need) & valid, levels, until, int(until[valid].min(initial=ALWAYS)))

    def grown(self, day: int) -> Flags:
        """Who is 18 by that day."""
        if day not in self._grown:
            self._grown[day] = self.adult <= day
        return self._grown[day]

    @cached_property
    def young_until(self) -> Rows:
        """Of the young: the last day on which what only they need is checked."""
        return young.last_good_day_of_the_young(self._columns, self.rows.take(self.young))

    def near(self, cell: str) -> tuple[Floats, Flags]:
        """From this cell: nearness 0..1 in 3 digits (nan: place not known), and who is within their radius."""
        if cell not in self._near:
            self._near[cell] = self._distances(self._columns.cell_number(cell))
        return self._near[cell]

    def _distances(self, cell: int) -> tuple[Floats, Flags]:
        cells, at = self._cells
        km = self._columns.map.between(cell, cells).take(at)
        share = scoring.near_share(km, self.radius_m / 1000, self._behind)
        nowhere = self.cell < 0
        share[nowhere] = np.nan
        return share.round(3), (km * 1000 <= self.radius_m) | nowhere

    @cached_property
    def _cells(self) -> tuple[Rows, Index]:
        """The cells people here live in, and which of them each: several share one."""
        return np.unique(self.cell, return_inverse=True)

    @cached_property
    def _behind(self) -> Flags | np.bool_:
        """Who lives behind a barrier."""
        return pairs.among(self.home, self._barriers) if self._barriers else np.False_

    def free(self, day: int) -> Words:
        """The free quarters of that day, agreed visits not yet taken out: as `clock.usual_words` has them."""
        if day not in self._free:
            free = self._columns.week[self.rows, (day + 6) % 7]  # ordinal 1 was a Monday
            if is_holiday(date.fromordinal(day)):
                free[~self._columns.holidays.take(self.rows)] = 0
            days, at, words = self._special_days
            cut = slice(*days.searchsorted((day, day + 1)))
            free[at[cut]] = words[cut]
            self._free[day] = free
        return self._free[day]

    @cached_property
    def _special_days(self) -> tuple[Days, Index, Words]:
        """Days that differ from the week, in order, with whose they are and what is free on them."""
        some = self._columns.special.take(self.rows).nonzero()[0]
        of, at, days = self._columns.days.of(self.rows.take(some))
        order = days.argsort(kind="stable")
        words = self._columns.days.columns["word"].take(at.take(order))
        return days.take(order), some.take(of.take(order)), words

    def has_hours(self, day: int, need: float) -> Flags:
        """Who has so many hours left in the week of that day."""
        week = self._columns.week_of(day)
        if (week, need) not in self._room:
            taken = self._columns.taken[self.rows, week] if 0 <= week < WEEKS else np.float32(0)
            self._room[week, need] = self.hours - taken >= need
        return self._room[week, need]

    @cached_property
    def busy(self) -> Words:
        """Bit i: an agreed visit i days from today; FAR days ahead and later they share the last bit."""
        busy = np.zeros(len(self.rows), np.uint64)
        some = self._columns.busy.take(self.rows).nonzero()[0]
        of, _at, days = self._columns.visits.of(self.rows.take(some))
        ahead = (days - self.today.toordinal()).clip(0, FAR).astype(np.uint64)
        np.bitwise_or.at(busy, some.take(of), bits.ONE << ahead)
        return busy

    def bits_of(self, days: Iterable[int]) -> np.uint64:
        """These days as bits of `busy`."""
        today, found = self.today.toordinal(), 0
        for day in days:
            found |= 1 << max(min(day - today, FAR), 0)
        return np.uint64(found)

    def visits(self, index: int) -> list[Visit]:
        """Agreed visits of the somebody in this row."""
        if index not in self._visits:
            visits = self._columns.visits
            _of, at, days = visits.of(self.rows[index : index + 1])
            more = (visits.columns[name].take(at).tolist() for name in ("start", "end", "cell"))
            self._visits[index] = list(zip(days.tolist(), *more, strict=True))
        return self._visits[index]

    def person(self, index: int) -> Person:
        """What can be told of the somebody in this row."""
        if index not in self._people:
            self._people[index] = person_of(self._columns, int(self.rows[index]))
        return self._people[index]


def around(columns: Columns, quarter: UUID, admitted: dict[UUID, str], today: date) -> Around:
    """The table of this quarter, kept from one request to the next."""
    key = quarter, tuple(admitted.items()), today
    found = columns.around.get(key)
    if found is None:
        if len(columns.around) >= KEPT:
            del columns.around[next(iter(columns.around))]
        found = columns.around[key] = Around(columns, columns.quarters.number(quarter), key[1], today)
    return found
