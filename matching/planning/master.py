"""
Which sets are taken, as a linear program over sets found on the way (Dantzig and Wolfe's): one row for each volunteer,
who takes one set at most, and one for each request.

Its prices of the requests, rounded to whole numbers, give a bound that is exact whatever the program did: what all
places cost at these prices, and the most that each volunteer can bring beyond them.
"""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from matching.planning.boxes import Boxes
from matching.planning.problem import Ints
from matching.planning.program import Corner, Program
from matching.planning.sets import FINE, Column, Found, Goal, Sets

ROUNDS = 400  # of asking for further sets; a quarter takes about 40
AT_ONCE = 3  # further sets of one volunteer in one round
HIGHEST = 1_000.0  # what the dearest edge is worth in the program: its tolerances are made for such numbers
LEAPS = 8  # times that prices may leave their boxes before all are taken away
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


class Master:
    """The program of one block. `start`: the sets it begins with."""

    def __init__(self, sets: Sets, start: Iterable[Column]) -> None:
        self._program = Program()
        self._boxes = Boxes(self._program)
        self._places: dict[int, int] = {}  # request -> its row
        self._people: dict[int, int] = {}  # volunteer -> their row
        self._known: dict[Column, int] = {}
        self._closed: dict[Column, int] = {}  # sets that nobody may take at the moment
        self._of: dict[int, list[Column]] = {}  # volunteer -> all their sets
        self._start, self._unit = list(start), 0.0
        self._aimed: Goal | None = None
        self._changed: set[int] = set()
        self._bound: Bound | None = None
        self._corner: Corner | None = None
        self._hold(sets)

    def change(self, sets: Sets, changed: Collection[int]) -> None:
        """The same program for a block in which these volunteers changed, and places of the requests may have."""
        self._changed.update(changed)
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

    def whole(self) -> list[Column] | None:
        """The sets of the program's last answer, where it takes each wholly or not at all."""
        if self._corner is None or any(1e-6 < share < 1 - 1e-6 for share in self._corner.taken.values()):
            return None
        taken = {number for number, share in self._corner.taken.items() if share > 0.5}
        return [column for column, number in self._known.items() if number in taken]

    def _hold(self, sets: Sets) -> None:
        """Rows for everybody there is; of who is gone the row stays, empty."""
        self.sets, self._corner = sets, None
        self._requests = np.nonzero(np.bincount(sets.instance.request))[0]
        needed = sets.instance.needed[self._requests].tolist()
        for request, most in zip(self._requests.tolist(), needed, strict=True):
            if request in self._places:
                self._program.limit(self._places[request], most)
            else:
                self._places[request] = self._program.row(most)
        for who in sets.who:
            if who not in self._people:
                self._people[who] = self._program.row(1)
        self._seats = np.array([self._places[request] for request in self._requests.tolist()], np.int64)
        self._takers = np.array([self._people[who] for who in sets.who], np.int64)

    def _aim(self, goal: Goal) -> None:
        """What each set is worth for this goal; where nothing changed the program knows it already."""
        if not self._unit or self._unit * HIGHEST * 2 < goal.highest:  # else the same scale as before
            self._unit, self._aimed = float(max(1, goal.highest)) / HIGHEST, None
        same = self._aimed is not None and self._aimed.kind == goal.kind
        self._bound = self._bound if same else None
        for who in self._changed & self._of.keys():
            for column in self._of[who]:
                self._open(column)
        for who in self._changed & self._of.keys() if same else self._of:
            for column in self._of[who]:
                if column in self._known:
                    self._program.worth(self._known[column], self.sets.worth(column, goal) / self._unit)
        self._aimed = goal
        self._changed.clear()
        for column in self._start:
            self._add(column)
        self._start.clear()

    def _open(self, column: Column) -> None:
        """A set of somebody who changed: may they take it?"""
        now, then = (self._known, self._closed) if self.sets.may(column) else (self._closed, self._known)
        if column in then:
            now[column] = then.pop(column)
            self._program.open(now[column], may=now is self._known)

    def _add(self, column: Column) -> bool:
        if column in self._known or self._aimed is None:
            return False
        rows = [self._people[column[0]], *(self._places[request] for request in column[1])]
        self._known[column] = self._program.column(rows, self.sets.worth(column, self._aimed) / self._unit)
        self._of.setdefault(column[0], []).append(column)
        return True

    def _as_before(self, goal: Goal) -> Bound | None:
        """The bound that the last prices for this goal give now."""
        if self._bound is None:
            return None
        prices, old = np.zeros(len(self.sets.instance.needed), np.int64), self._bound.prices
        asked = self._requests[self._requests < len(old)]
        prices[asked] = old[asked]
        return self._bound_of(prices, self.sets.best(goal, prices))

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

    def _bound_of(self, prices: Ints, found: Found) -> Bound:
        needed = self.sets.instance.needed.tolist()
        costs = sum(a * b for a, b in zip(prices.tolist(), needed, strict=True))
        return Bound(costs + sum(found.tops), prices)

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
        bound = self._bound_of(prices, found)
        if bound.top < good:
            return 0, bound
        for who, top, gain, sets in zip(self.sets.who, found.tops, gains, found.sets, strict=True):
            if top > gain + FINE / 1000:
                new += sum(self._add((who, some)) for some in sets[-AT_ONCE:])
        return new, bound
