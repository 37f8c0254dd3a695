"""
Which sets are taken, as a linear program over sets found on the way (Dantzig and Wolfe's): one row for each volunteer,
who takes one set at most, and one for each request.

Its prices of the requests, rounded to whole numbers, give a bound that is exact whatever the program did: what all
places cost at these prices, and the most that each volunteer can bring beyond them.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from matching.planning.problem import Ints
from matching.planning.sets import FINE, Column, Goal, Sets

ROUNDS = 400  # of asking for further sets; a quarter takes about 40
AT_ONCE = 3  # further sets of one volunteer in one round
HIGHEST = 1_000.0  # what the dearest edge is worth in the program: its tolerances are made for such numbers
OPTIONS = "use_preprocessing:false"  # else each round would begin from nothing


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
        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        self._lp.SetSolverSpecificParametersAsString(OPTIONS)
        self._places: dict[int, pywraplp.Constraint] = {}
        self._people: dict[int, pywraplp.Constraint] = {}
        self._known: dict[Column, pywraplp.Variable] = {}
        self._start, self._unit = list(start), 0.0
        self._lp.Objective().SetMaximization()
        self._hold(sets)

    def change(self, sets: Sets, changed: Collection[int], start: Iterable[Column]) -> None:
        """The same program for a block in which these volunteers changed, and places of the requests may have."""
        for column in [column for column in self._known if column[0] in changed]:
            gone = self._known.pop(column)  # a set that costs is not taken; the answer so far stays one to go on from
            self._lp.Objective().SetCoefficient(gone, -HIGHEST)
        self._start = list(start)
        self._hold(sets)

    def tighten(self, goal: Goal, *, enough: int) -> Bound:
        """The best bound the program knows. `enough`: a bound of so much (in whole worths) is as good as any."""
        self._aim(goal)
        best: Bound | None = None
        for _ in range(ROUNDS):
            prices, gains, reached = self._prices()
            at = prices if best is None else (prices + best.prices) // 2  # midway: prices leap, their middle does not
            new, bound = self._ask(goal, at, gains)
            if not new and best is not None:
                new, bound = self._ask(goal, prices, gains)
            best = bound if best is None or bound.top < best.top else best
            if not new or best.worth <= enough or best.top < (reached + 0.5) * FINE:
                break
        assert best is not None
        return best

    @property
    def columns(self) -> list[Column]:
        """Every set it knows."""
        return list(self._known)

    def whole(self) -> list[Column] | None:
        """The sets of the program's answer, where it takes each wholly or not at all."""
        if not self._solved:  # sets came in since
            self._solve()
        taken = {column: variable.solution_value() for column, variable in self._known.items()}
        if any(1e-6 < share < 1 - 1e-6 for share in taken.values()):
            return None
        return [column for column, share in taken.items() if share > 0.5]

    def _hold(self, sets: Sets) -> None:
        """Rows for everybody there is; of who is gone the row stays, empty."""
        self.sets, needed = sets, sets.instance.needed.tolist()
        self._requests = np.unique(sets.instance.request)
        for request in self._requests.tolist():
            if request in self._places:
                self._places[request].SetBounds(0, needed[request])
            else:
                self._places[request] = self._lp.Constraint(0, needed[request])
        for who in sets.who:
            if who not in self._people:
                self._people[who] = self._lp.Constraint(0, 1)

    def _aim(self, goal: Goal) -> None:
        self._goal, self._solved = goal, False
        if not self._unit or self._unit * HIGHEST * 2 < goal.worths.max():  # else the same scale as before
            self._unit = float(max(1, int(goal.worths.max()))) / HIGHEST
        objective = self._lp.Objective()
        for column, variable in self._known.items():
            objective.SetCoefficient(variable, self.sets.worth(column, goal) / self._unit)
        for column in self._start:
            self._add(column)

    def _add(self, column: Column) -> bool:
        if column in self._known:
            return False
        self._solved = False
        variable = self._lp.NumVar(0, self._lp.infinity(), "")
        self._people[column[0]].SetCoefficient(variable, 1)
        for request in column[1]:
            self._places[request].SetCoefficient(variable, 1)
        self._lp.Objective().SetCoefficient(variable, self.sets.worth(column, self._goal) / self._unit)
        self._known[column] = variable
        return True

    def _solve(self) -> None:
        if self._lp.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            raise ArithmeticError("the program of the sets was not solved")
        self._solved = True

    def _prices(self) -> tuple[Ints, dict[int, float], float]:
        """Prices of the requests and what the program thinks each volunteer brings, in parts of FINE; its worth."""
        self._solve()
        scale = self._unit * FINE
        prices = np.zeros(len(self.sets.instance.needed), np.int64)
        found = [self._places[request].dual_value() * scale for request in self._requests.tolist()]
        prices[self._requests] = np.maximum(np.rint(found), 0).astype(np.int64)
        gains = {who: self._people[who].dual_value() * scale for who in self.sets.who}
        return prices, gains, self._lp.Objective().Value() * self._unit

    def _ask(self, goal: Goal, prices: Ints, gains: dict[int, float]) -> tuple[int, Bound]:
        """How many new sets bring more than the program thought, and the bound of these prices."""
        needed = self.sets.instance.needed
        top, new = sum(a * b for a, b in zip(prices.tolist(), needed.tolist(), strict=True)), 0
        for who, gain, found in self.sets.best(goal, prices):
            top += gain
            if found and gain > gains[who] + FINE / 1000:
                new += sum(self._add((who, some)) for some in found[-AT_ONCE:])
        return new, Bound(top, prices)
