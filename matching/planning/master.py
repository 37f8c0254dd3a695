"""
Which sets are taken, as a linear program over sets found on the way (Dantzig and Wolfe's): one row for each volunteer,
who takes one set at most, and one for each request.

Its prices of the requests, rounded to whole numbers, give a bound that is exact whatever the program did: what all
places cost at these prices, and the most that each volunteer can bring beyond them.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import nlargest

import numpy as np

from matching.planning.boxes import Boxes
from matching.planning.difference import Difference
from matching.planning.problem import Ints
from matching.planning.program import Corner, Program
from matching.planning.sets import FINE, Column, Found, Goal, Sets

ROUNDS = 400  # of asking for further sets; a quarter takes about 40
AT_ONCE = 3  # further sets of one volunteer in one round
HIGHEST = 1_000.0  # what the dearest edge is worth in the program: its tolerances are made for such numbers
NEAREST = 2  # sets of each volunteer to go on with: each step costs as much as there are sets
LEAPS = 8  # times that prices may leave their boxes before all are taken away
NO_ROW = -1
NOISE = 16  # parts of FINE: a price that moved by less stays, and who asks at it need not be asked again


@dataclass(frozen=True, eq=False)
class Bound:
    """`top`: no answer is worth more, in parts of FINE; it follows from these prices of the requests (R,)."""

    top: int
    prices: Ints

    @property
    def worth(self) -> int:
        """The same in whole worths."""
        return self.top // FINE


def bound_of(prices: Ints, sets: Sets, found: Found) -> Bound:
    """What all places cost at these prices, and the most that was found for each volunteer beyond them."""
    at = np.nonzero(prices)[0]
    needed = sets.instance.needed[at].tolist()
    costs = sum(a * b for a, b in zip(prices[at].tolist(), needed, strict=True))
    return Bound(costs + sum(found.tops.tolist()), prices)


class Master:
    """The program of one block. `start`: the sets it begins with."""

    def __init__(self, sets: Sets, start: Iterable[Column]) -> None:
        self._program = Program()
        self._boxes = Boxes(self._program)
        self._places = self._people = np.zeros(0, np.int64)  # request, or volunteer -> its row
        self._needed = np.ones(0, np.int64)  # what the row of each request holds
        self._known: dict[Column, int] = {}
        self._closed: dict[Column, int] = {}  # sets that nobody may take at the moment
        self._of: dict[int, list[Column]] = {}  # volunteer -> all their sets
        self._start, self._unit = list(start), 0.0
        self._aimed: Goal | None = None
        self._rules: set[int] = set()  # volunteers who changed since it was last asked, see `difference`
        self._worths: set[int] = set()
        self._pairs: dict[int, set[int]] = {}
        self._column: dict[int, Column] = {}
        self._bound: Bound | None = None
        self._corner: Corner | None = None
        self._hold(sets)

    def change(self, sets: Sets, other: Difference) -> None:
        """The same program for a block that differs so, and places of the requests may differ."""
        self._rules |= other.rules
        self._worths |= other.worths
        for who, requests in other.pairs.items():
            self._pairs.setdefault(who, set()).update(requests)
        self._hold(sets)

    def tighten(self, goal: Goal, *, enough: int) -> Bound:
        """The best bound the program knows. `enough`: a bound of so much (in whole worths) is as good as any."""
        self._aim(goal)
        best = self._as_before(goal)
        if best is None or best.worth > enough:
            self._box(best)
            best = self._tightened(goal, enough, best)
        self._bound = best
        return best

    def _tightened(self, goal: Goal, enough: int, best: Bound | None) -> Bound:
        dual = best is not None  # then only limits moved, or nearly so
        for _ in range(ROUNDS):
            prices, gains, reached = self._prices(best, dual=dual)
            good, dual = max((enough + 1) * FINE, math.ceil((reached + 0.5) * FINE)), False
            if best is not None and best.top < good:
                break
            new, bound = self._ask_between(goal, prices, gains, best, good)
            best = bound if best is None or bound.top < best.top else best
            if not new:
                break
        assert best is not None
        return best

    @property
    def columns(self) -> list[Column]:
        """Every set it knows."""
        return list(self._known)

    def nearest(self, goal: Goal) -> list[Column]:
        """Of the sets of each volunteer NEAREST, those that lose least at the last prices."""
        assert self._bound is not None  # tightened before
        prices = self._bound.prices.tolist()

        def gain(column: Column) -> int:
            return self.sets.worth(column, goal) * FINE - sum(prices[request] for request in column[1])

        mine = ([column for column in columns if column in self._known] for columns in self._of.values())
        return [column for columns in mine for column in nlargest(NEAREST, columns, key=gain)]

    def whole(self) -> list[Column] | None:
        """The sets of the program's last answer, where it takes each wholly or not at all."""
        if self._corner is None or any(1e-6 < share < 1 - 1e-6 for share in self._corner.taken.values()):
            return None
        taken = [number for number, share in self._corner.taken.items() if share > 0.5]
        return [self._column[number] for number in taken if number in self._column]

    def _hold(self, sets: Sets) -> None:
        """Rows for everybody there is; of who is gone the row stays, empty."""
        self.sets, self._corner = sets, None
        self._requests = np.nonzero(np.bincount(sets.instance.request))[0]
        self._places, self._people = self._grown(self._places, self._requests), self._grown(self._people, sets.numbers)
        self._limit(sets.instance.needed)
        self._seats, self._takers = self._places[self._requests], self._people[sets.numbers]

    def _grown(self, rows: Ints, numbers: Ints) -> Ints:
        """`rows` with one for each of these numbers; a new one holds 1."""
        longer = np.full(max(len(rows), numbers.max(initial=-1) + 1), NO_ROW)
        longer[: len(rows)] = rows
        for number in numbers[longer[numbers] == NO_ROW].tolist():
            longer[number] = self._program.row(1)
        return longer

    def _limit(self, needed: Ints) -> None:
        """The row of each request holds its places."""
        before = np.ones(len(needed), np.int64)
        before[: len(self._needed)] = self._needed
        for request in self._requests[needed[self._requests] != before[self._requests]].tolist():
            before[request] = needed[request]
            self._program.limit(int(self._places[request]), int(needed[request]))
        self._needed = before

    def _aim(self, goal: Goal) -> None:
        """What each set is worth for this goal; where nothing changed the program knows it already."""
        if not self._unit or self._unit * HIGHEST * 2 < goal.highest:  # else the same scale as before
            self._unit, self._aimed = float(max(1, goal.highest)) / HIGHEST, None
        same = self._aimed is not None and self._aimed.kind == goal.kind
        self._bound = self._bound if same else None
        opened = [column for column in self._affected() if self._open(column)]
        others = [column for who in (self._rules | self._worths) & self._of.keys() for column in self._of[who]]
        for column in [*opened, *others] if same else self._known:
            if column in self._known:
                self._program.worth(self._known[column], self.sets.worth(column, goal) / self._unit)
        self._aimed = goal
        self._rules, self._worths, self._pairs = set(), set(), {}
        for column in self._start:
            self._add(column)
        self._start.clear()

    def _affected(self) -> Iterator[Column]:
        """Sets that somebody may take now and could not before, or the other way round."""
        for who in self._rules & self._of.keys():
            yield from self._of[who]
        for who in (self._pairs.keys() - self._rules) & self._of.keys():
            yield from (column for column in self._of[who] if not self._pairs[who].isdisjoint(column[1]))

    def _open(self, column: Column) -> bool:
        """May they take it? True where they may now and could not before."""
        now, then = (self._known, self._closed) if self.sets.may(column) else (self._closed, self._known)
        if column not in then:
            return False
        now[column] = then.pop(column)
        self._program.open(now[column], may=now is self._known)
        return now is self._known

    def _add(self, column: Column) -> bool:
        if column in self._known or self._aimed is None:
            return False
        rows = [int(self._people[column[0]]), *self._places[list(column[1])].tolist()]
        number = self._program.column(rows, self.sets.worth(column, self._aimed) / self._unit)
        self._known[column], self._column[number] = number, column
        self._of.setdefault(column[0], []).append(column)
        return True

    def _as_before(self, goal: Goal) -> Bound | None:
        """The bound that the last prices for this goal give now."""
        if self._bound is None:
            return None
        prices, old = np.zeros(len(self.sets.instance.needed), np.int64), self._bound.prices
        asked = self._requests[self._requests < len(old)]
        prices[asked] = old[asked]
        return bound_of(prices, self.sets, self.sets.best(goal, prices))

    def _box(self, bound: Bound | None) -> None:
        """From here on prices stay near those of this bound, unless they must not."""
        near = np.zeros(0) if bound is None else bound.prices[self._requests] / (self._unit * FINE)
        self._boxes.around(dict(zip(self._seats.tolist(), near.tolist(), strict=False)))

    def _turned(self, *, dual: bool) -> Corner:
        """The corner, with no box left that it needs."""
        corner = self._program.corner(dual=dual)
        for _ in range(LEAPS):
            if not self._boxes.left(corner.taken):
                return corner
            corner = self._program.corner(dual=True)
        self._boxes.around({})
        return self._program.corner(dual=True)

    def _prices(self, best: Bound | None, *, dual: bool) -> tuple[Ints, list[float], float]:
        """Prices of the requests and what the program thinks each volunteer brings, in parts of FINE; its worth."""
        self._corner = corner = self._turned(dual=dual)
        scale = self._unit * FINE
        prices = np.zeros(len(self.sets.instance.needed), np.int64)
        prices[self._requests] = np.maximum(np.rint(corner.prices[self._seats] * scale), 0).astype(np.int64)
        if best is not None:
            prices = np.where(np.abs(prices - best.prices) < NOISE, best.prices, prices)
        return prices, (corner.prices[self._takers] * scale).tolist(), corner.worth * self._unit

    def _ask_between(
        self, goal: Goal, prices: Ints, gains: list[float], best: Bound | None, good: int
    ) -> tuple[int, Bound]:
        """At prices midway to the best, where no box holds them: prices leap, their middle does not."""
        if best is not None and not self._boxes.hold:
            new, bound = self._ask(goal, (prices + best.prices) // 2, gains, good)
            if new or bound.top < good:
                return new, bound
        return self._ask(goal, prices, gains, good)

    def _ask(self, goal: Goal, prices: Ints, gains: list[float], good: int) -> tuple[int, Bound]:
        """How many new sets bring more than the program thought, and the bound of these prices; none if it is good."""
        found, new = self.sets.best(goal, prices), 0
        bound = bound_of(prices, self.sets, found)
        if bound.top < good:
            return 0, bound
        for who, top, gain, sets in zip(self.sets.who, found.tops.tolist(), gains, found.sets, strict=True):
            if top > gain + FINE / 1000:
                new += sum(self._add((who, some)) for some in sets[-AT_ONCE:])
        return new, bound
