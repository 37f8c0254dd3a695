"""
Who may come to one quarter at all, as a small table of its own, so that a request looks at nobody else.

A row stands for somebody who serves the quarter, lives in it or in an admitted neighbour, is welcomed, not paused today
and has room for one more. What several requests share is worked out once and kept: nearness by the request's cell,
free hours by the day, checks by what is needed. A table is thrown away as soon as one of the people changes.
"""

from datetime import date
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import scoring
from matching.facts import Person
from matching.roster import clock, pairs, young
from matching.roster.columns import ALWAYS, KEY_SHIFT, KINDS, NEVER, WEEKS, Columns, Rows
from matching.roster.found import person_of

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]

GATHERED = (
    "high", "low", "skills", "level_1", "level_2", "languages", "gender", "adult", "hours", "other_generation",
)  # fmt: skip
KEPT = 256  # tables; each about a quarter of a megabyte once a week of requests was asked of it
Admitted = tuple[tuple[UUID, str], ...]  # home quarters let in, with the barrier to each ("" for none)
OnDay = tuple[int, int, int, int]  # index here, first and last minute of an agreed visit, number of its cell


class Around:
    """`rows`: of the roster, in the order in which equal fits are told: who was never asked or waits longest first."""

    high: Words
    low: Words
    skills: Words
    level_1: Words
    level_2: Words
    languages: Words
    gender: npt.NDArray[np.int8]
    adult: Rows
    hours: npt.NDArray[np.float32]
    other_generation: Flags

    def __init__(self, columns: Columns, quarter: int, admitted: Admitted, today: date) -> None:
        self.quarter, self.today, self._columns = quarter, today, columns
        rows = pairs.serving(columns, quarter, [home for home, _barrier in admitted])
        able = columns.live[rows] < columns.capacity[rows]
        rows = rows[able & (columns.paused_until[rows] < today.toordinal())]
        self.rows = rows[np.lexsort((columns.low[rows], columns.high[rows], columns.asked[rows]))]
        for name in GATHERED:
            setattr(self, name, getattr(columns, name)[self.rows])
        self._fair()
        self.ages = np.where(columns.born[self.rows] == NEVER, np.nan, pairs.ages(columns.born[self.rows], today))
        self.young_until = young.last_good_day_of_the_young(columns, self.rows)
        self.grown_on = int(self.adult.max(initial=NEVER))  # from this day on nobody here is young
        self._behind = [columns.quarters.number(home) for home, barrier in admitted if barrier]
        self._near: dict[str, tuple[Floats, Flags]] = {}
        self._until: dict[frozenset[str], tuple[Rows, int]] = {}
        self._free: dict[int, Words] = {}
        self._room: dict[int, npt.NDArray[np.float32]] = {}
        self._busy: tuple[Rows, ...] | None = None
        self._visits: dict[int, list[OnDay]] = {}
        self._people: dict[int, Person] = {}

    def _fair(self) -> None:
        """What the fair turn knows before the clock is looked at."""
        c, rows = self._columns, self.rows
        self.since = np.where(np.isfinite(c.asked[rows]), c.asked[rows], c.joined[rows])
        self.pace = scoring.pace(c.ask_wish[rows])
        self.room_share = scoring.room_share(c.live[rows], c.capacity[rows])

    def near(self, cell: str) -> tuple[Floats, Flags]:
        """From this cell: nearness 0..1 in 3 digits (nan: place not known), and who is within their radius."""
        if cell not in self._near:
            self._near[cell] = self._distances(self._columns.cell_number(cell))
        return self._near[cell]

    def _distances(self, cell: int) -> tuple[Floats, Flags]:
        there, radius_m, home = (getattr(self._columns, name)[self.rows] for name in ("cell", "radius_m", "home"))
        km = self._columns.map.between(np.full(len(there), cell), there)
        share = scoring.near_share(km, radius_m / 1000, np.isin(home, self._behind))
        nowhere = there < 0
        return np.where(nowhere, np.nan, share).round(3), (km * 1000 <= radius_m) | nowhere

    def until(self, needs: frozenset[str]) -> tuple[Rows, int]:
        """The last day on which these checks hold, and the first such day after today: before it nothing runs out."""
        if needs not in self._until:
            which = [number for number, kind in enumerate(KINDS) if kind in needs]
            last = self._columns.vetted[self.rows[:, None], which].min(axis=1, initial=ALWAYS)
            self._until[needs] = last, int(last[last >= self.today.toordinal()].min(initial=ALWAYS))
        return self._until[needs]

    def free(self, day: int) -> Words:
        """The free quarters of that day, agreed visits not yet taken out."""
        if day not in self._free:
            self._free[day] = clock.usual_words(self._columns, self.rows, np.full(len(self.rows), day))
        return self._free[day]

    def room(self, day: int) -> npt.NDArray[np.float32]:
        """Hours that are left in the week of that day."""
        week = (day - self._columns.monday) // 7
        if week not in self._room:
            taken = self._columns.taken[self.rows, week] if 0 <= week < WEEKS else np.float32(0)
            self._room[week] = self.hours - taken
        return self._room[week]

    def visits(self, day: int) -> list[OnDay]:
        """Agreed visits of that day."""
        if self._busy is None:
            self._busy = self._all_visits()
        if day not in self._visits:
            days, *columns = self._busy
            cut = slice(*days.searchsorted((day, day + 1)))
            self._visits[day] = list(zip(*(column[cut].tolist() for column in columns), strict=True))
        return self._visits[day]

    def _all_visits(self) -> tuple[Rows, ...]:
        """Days in order, and beside them what `OnDay` holds."""
        visits = self._columns.visits
        here = self._columns.busy[self.rows].nonzero()[0]
        rows = self.rows[here].astype(np.int64)
        first, last = (visits.keys.searchsorted(key << KEY_SHIFT) for key in (rows, rows + 1))
        sizes = last - first
        at = np.arange(sizes.sum()) + np.repeat(first - (sizes.cumsum() - sizes), sizes)
        days = visits.keys[at] & ((1 << int(KEY_SHIFT)) - 1)
        order = days.argsort(kind="stable")
        table = days, np.repeat(here, sizes), *(visits.columns[name][at] for name in ("start", "end", "cell"))
        return tuple(column[order].astype(np.int32) for column in table)

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
