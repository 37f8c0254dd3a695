"""
The volunteers of the city as arrays, one row each: what gates and fit read, and nothing else. No name, no exact place.

About 270 bytes a volunteer. Rows are never moved: somebody who leaves keeps a dead row until the next full load.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from accounts.models import Step, User
from matching.roster import bits
from matching.roster.map import Map

Rows = npt.NDArray[np.int32]
Index = npt.NDArray[np.intp]

KINDS = tuple(Step.values)
GENDERS = {gender: number for number, gender in enumerate(User.Gender.values)}
NEVER, ALWAYS = 0, 2**31 - 1  # a day (ordinal) nothing is valid on, and one that never comes
WEEKS = 12  # weeks ahead in which promised hours are counted
DAY_BITS = 20  # ordinals of this millennium fit into so many bits

FIELDS: dict[str, tuple[type, tuple[int, ...]]] = {
    "high": (np.uint64, ()),  # the two halves of the person's UUID
    "low": (np.uint64, ()),
    "home": (np.int32, ()),  # index into `quarters`; -1 none
    "cell": (np.int32, ()),  # index into `cells`; -1 unknown
    "radius_m": (np.int32, ()),
    "skills": (np.uint64, ()),  # bit per kind of help
    "level_1": (np.uint64, ()),  # the level 1..3 of each, as two bit planes
    "level_2": (np.uint64, ()),
    "vetted": (np.int32, (len(KINDS),)),  # last valid day (ordinal) per kind of check
    "week": (np.uint64, (7,)),  # free quarters of each weekday
    "taken": (np.float32, (WEEKS,)),  # hours already promised, per week from `monday` on
    "hours": (np.float32, ()),
    "capacity": (np.int16, ()),
    "live": (np.int16, ()),
    "paused_until": (np.int32, ()),  # ordinal; NEVER not paused, ALWAYS without end
    "ready": (np.bool_, ()),  # welcomed, active, not suspended
    "here": (np.bool_, ()),  # active and not suspended: looked at by the why-not
    "holidays": (np.bool_, ()),  # helps on public holidays
    "special": (np.bool_, ()),  # has days that differ from the week
    "busy": (np.bool_, ()),  # has agreed appointments ahead
    "other_generation": (np.bool_, ()),
    "languages": (np.uint64, ()),
    "gender": (np.int8, ()),
    "born": (np.int32, ()),  # ordinal; NEVER unknown
    "adult": (np.int32, ()),  # the 18th birthday; NEVER unknown
    "soonest": (np.int32, ()),  # the first last good day of a check; ALWAYS where none ends
    "asked": (np.float64, ()),  # seconds since 1970; -inf never
    "joined": (np.float64, ()),
    "ask_wish": (np.int8, ()),
}


class Names:
    """Words as small numbers, in the order in which they were first met."""

    def __init__(self, words: Iterable[Any] = ()) -> None:
        self.words = list(words)
        self._numbers = {word: number for number, word in enumerate(self.words)}

    def number(self, word: Any) -> int:
        """The number of this word; a new one for a word not met before."""
        found = self._numbers.get(word)
        if found is None:
            found = self._numbers[word] = len(self.words)
            self.words.append(word)
        return found

    def word(self, number: int) -> Any:
        """The word behind a number; None for -1."""
        return self.words[number] if number >= 0 else None

    def of_mask(self, mask: int) -> list[tuple[int, Any]]:
        """(bit, word) of every bit that is set."""
        found = []
        while mask:
            bit = (mask & -mask).bit_length() - 1
            found.append((bit, self.words[bit]))
            mask &= mask - 1
        return found

    def mask(self, words: Iterable[str]) -> int:
        """One bit per word; learns words it does not know. Raises ValueError past 64."""
        found = 0
        for word in words:
            found |= 1 << self.number(word)
        if found >> 64:
            raise ValueError("more than 64 kinds do not fit into one word of the roster")
        return found


class Groups:
    """Number -> the rows that belong to it, ascending."""

    def __init__(self) -> None:
        self._rows: dict[int, Rows] = {}

    def fill(self, numbers: npt.NDArray[np.int32], rows: Rows) -> None:
        """All at once: `numbers` and `rows` are pairs in any order."""
        order = np.lexsort((rows, numbers))
        numbers, rows = numbers[order], rows[order]
        heads, begins = np.unique(numbers, return_index=True)
        ends = [*begins[1:].tolist(), len(rows)][: len(heads)]
        self._rows = {int(h): rows[b:e].copy() for h, b, e in zip(heads, begins.tolist(), ends, strict=True)}

    def of(self, number: int) -> Rows:
        return self._rows.get(number, _NOBODY)

    def having(self, row: int) -> set[int]:
        """The numbers this row belongs to."""
        return {number for number, rows in self._rows.items() if _holds(rows, row)}

    def move(self, row: int, wanted: set[int]) -> set[int]:
        """This row belongs to exactly these numbers from now on; those it belongs to or did until now."""
        before = self.having(row)
        for number in before - wanted:
            self._rows[number] = self._rows[number][self._rows[number] != row]
        for number in wanted - before:
            rows = self.of(number)
            self._rows[number] = np.insert(rows, np.searchsorted(rows, row), row).astype(np.int32)
        return before | wanted


def key_of(row: Any, day: Any) -> Any:
    """One number for a row and a day (ordinal), in the order of the rows and then of the days; of arrays too."""
    return row << DAY_BITS | day


class Dated:
    """Sorted `key_of` row and day, and columns beside them; several entries may share a key."""

    def __init__(self, **kinds: type) -> None:
        self.keys: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self.columns: dict[str, npt.NDArray[Any]] = {name: np.empty(0, kind) for name, kind in kinds.items()}

    def put(self, rows: Rows, keys: list[int], **values: list) -> None:
        """The entries of these rows are exactly the given ones from now on. `keys` need not be in order."""
        stay = np.ones(len(self.keys), np.bool_)
        stay[self.of(rows)[1]] = False
        order = np.argsort(np.array(keys, np.int64), kind="stable")
        new = np.array(keys, np.int64)[order]
        at = self.keys[stay].searchsorted(new)
        self.keys = np.insert(self.keys[stay], at, new)
        for name, column in self.columns.items():
            self.columns[name] = np.insert(column[stay], at, np.array(values[name], column.dtype)[order])

    def of(self, rows: Rows) -> tuple[Index, Index, npt.NDArray[np.int64]]:
        """The entries of these rows in their order: of which of them, where it stands, and the day."""
        some = rows.astype(np.int64)
        of, at = bits.spread(*(self.keys.searchsorted(key_of(one, 0)) for one in (some, some + 1)))
        return of, at, self.keys.take(at) & (1 << DAY_BITS) - 1

    def on(self, rows: Rows, days: npt.NDArray[np.int64]) -> tuple[Index, Index]:
        """The entries of each row on its day: of which of the pairs, and where it stands."""
        wanted = key_of(rows.astype(np.int64), days)
        return bits.spread(*(self.keys.searchsorted(wanted, side) for side in ("left", "right")))

    def only(self, rows: Rows) -> "Dated":
        """The entries of these rows, which are numbered anew in the order given."""
        of, at, days = self.of(rows)
        few = Dated()
        few.keys = key_of(of.astype(np.int64), days)
        few.columns = {name: column.take(at) for name, column in self.columns.items()}
        return few


class Columns:
    """The arrays of FIELDS, `size` rows of them in use, with what numbers stand for and who belongs where."""

    def __init__(self, room: int = 256) -> None:
        self.size = 0
        for name, (kind, shape) in FIELDS.items():
            setattr(self, name, np.zeros((room, *shape), kind))
        self.quarters, self.cells, self.skill_names, self.language_names = Names(), Names(), Names(), Names()
        self.serving, self.living = Groups(), Groups()
        self.days = Dated(word=np.uint64)
        self.visits = Dated(start=np.int64, end=np.int64, cell=np.int32)
        self.map = Map()
        self.near: dict[tuple[int, frozenset], Rows] = {}  # who may come to a quarter, until they change
        self.around: dict[Any, Any] = {}  # the tables of `matching.roster.around`
        self.monday = 0  # ordinal of the Monday from which `taken` counts
        self._sorted: tuple[Rows, npt.NDArray[np.uint64]] | None = None

    def __getattr__(self, name: str) -> Any:  # the arrays of FIELDS, for whoever reads types
        raise AttributeError(name)

    def grow(self, rows: int) -> Rows:
        """So many fresh rows at the end; their numbers."""
        first, self.size = self.size, self.size + rows
        room = len(self.home)
        if self.size > room:
            for name, (kind, shape) in FIELDS.items():
                wider: npt.NDArray[Any] = np.zeros((max(self.size, room * 2), *shape), kind)
                wider[:first] = getattr(self, name)[:first]
                setattr(self, name, wider)
        return np.arange(first, self.size, dtype=np.int32)

    def only(self, rows: Rows) -> "Columns":
        """A copy of these rows, numbered anew: for a long calculation that nobody should wait for."""
        few = Columns(0)
        few.size, few.monday, few.map = len(rows), self.monday, self.map
        for name in FIELDS:
            setattr(few, name, getattr(self, name)[rows])
        few.quarters, few.cells = self.quarters, self.cells
        few.skill_names, few.language_names = self.skill_names, self.language_names
        few.days, few.visits = self.days.only(rows), self.visits.only(rows)
        return few

    def rows_of(self, people: Iterable[UUID]) -> Rows:
        """The row of each person; -1 for somebody who is no volunteer."""
        halves = [(person.int >> 64, person.int & FULL_64) for person in people]
        if not halves:
            return np.empty(0, np.int32)
        high, low = (np.array(half, np.uint64) for half in zip(*halves, strict=True))
        order, sorted_high = self._order()
        if not len(order):
            return np.full(len(halves), -1, np.int32)
        at = np.minimum(np.searchsorted(sorted_high, high), len(order) - 1)
        rows = order[at]
        fits = (self.high[rows] == high) & (self.low[rows] == low)
        return np.where(fits, rows, -1).astype(np.int32)

    def cell_number(self, cell: str) -> int:
        """The number of a cell that the map knows from now on."""
        number = self.cells.number(cell)
        self.map.learn(self.cells.words)
        return number

    def week_of(self, day: Any) -> Any:
        """The index into `taken` of a day (ordinal), or of an array of days."""
        return (day - self.monday) // 7

    def person(self, row: int) -> UUID:
        return UUID(int=int(self.high[row]) << 64 | int(self.low[row]))

    def forget_around(self, quarters: set[int] | None) -> None:
        """The people who serve these quarters are not what they were; None: of all quarters."""
        if quarters is None:
            self.near.clear()
            self.around.clear()
            return
        self.near = {key: rows for key, rows in self.near.items() if key[0] not in quarters}
        self.around = {key: table for key, table in self.around.items() if table.quarter not in quarters}

    def forget_order(self) -> None:
        """Rows came or went: the next lookup sorts anew."""
        self._sorted = None

    def _order(self) -> tuple[Rows, npt.NDArray[np.uint64]]:
        if self._sorted is None or len(self._sorted[0]) != self.size:
            order = np.argsort(self.high[: self.size], kind="stable").astype(np.int32)
            self._sorted = order, self.high[order]
        return self._sorted

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays in use."""
        plain = sum(getattr(self, name).nbytes for name in FIELDS)
        dated = sum(
            table.keys.nbytes + sum(c.nbytes for c in table.columns.values()) for table in (self.days, self.visits)
        )
        return plain + dated


FULL_64 = (1 << 64) - 1
_NOBODY: Rows = np.empty(0, np.int32)


def _holds(rows: Rows, row: int) -> bool:
    at = int(rows.searchsorted(row))
    return at < len(rows) and int(rows[at]) == row
