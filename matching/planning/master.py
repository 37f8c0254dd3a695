"""
Which sets are taken, as a linear program over sets found on the way (Dantzig and Wolfe's): one row for each volunteer,
who takes one set at most, and one for each request.

Its prices of the requests, rounded to whole numbers, give a bound that is exact whatever the program did: what all
places cost at these prices, and the most that each volunteer can bring beyond them.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from matching.planning.problem import Ints
from matching.planning.sets import FINE, Column, Set, Sets, columns_of

ROUNDS = 400  # of asking for further sets; a quarter takes about 40
AT_ONCE = 3  # further sets of one volunteer in one round
OPTIONS = "use_preprocessing:false"  # else each round would begin from nothing


@dataclass(frozen=True, eq=False)
class Goal:
    """What is to be as much as can be: the worths of the edges, less the price of crowding, in whole numbers."""

    worths: Ints
    price: int
    as_list: list[int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "as_list", self.worths.tolist())


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
    """The program of one block. `used`: an answer whose sets it begins with."""

    def __init__(self, sets: Sets, used: NDArray[np.bool_]) -> None:
        self._sets, instance = sets, sets.instance
        self._lp = pywraplp.Solver.CreateSolver("GLOP")
        self._lp.SetSolverSpecificParametersAsString(OPTIONS)
        self._requests = np.unique(instance.request)
        self._rows = {r: self._lp.Constraint(0, float(instance.needed[r])) for r in self._requests.tolist()}
        self._people = [self._lp.Constraint(0, 1) for _ in range(len(sets))]
        self._known: dict[Column, pywraplp.Variable] = {}
        self._request = instance.request.tolist()
        self._start = columns_of(sets, used)

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

    def whole(self) -> list[Column] | None:
        """The sets of the program's answer, where it takes each wholly or not at all."""
        taken = {column: variable.solution_value() for column, variable in self._known.items()}
        if any(1e-6 < share < 1 - 1e-6 for share in taken.values()):
            return None
        return [column for column, share in taken.items() if share > 0.5]

    def _aim(self, goal: Goal) -> None:
        self._goal, self._unit = goal, float(max(1, int(goal.worths.max()))) / 1000
        for number, edges in self._start:
            self._add(number, edges)
        objective = self._lp.Objective()
        objective.SetMaximization()
        for column, variable in self._known.items():
            objective.SetCoefficient(variable, self._worth(*column))

    def _worth(self, number: int, edges: Set) -> float:
        return self._sets.worth(number, edges, self._goal.as_list, self._goal.price) / self._unit

    def _add(self, number: int, edges: Set) -> bool:
        column = number, tuple(sorted(edges))
        if column in self._known:
            return False
        variable = self._lp.NumVar(0, self._lp.infinity(), "")
        self._people[number].SetCoefficient(variable, 1)
        for edge in edges:
            self._rows[self._request[edge]].SetCoefficient(variable, 1)
        self._lp.Objective().SetCoefficient(variable, self._worth(*column))
        self._known[column] = variable
        return True

    def _prices(self) -> tuple[Ints, list[float], float]:
        """Prices of the requests and what the program thinks each volunteer brings, in parts of FINE; its worth."""
        if self._lp.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            raise ArithmeticError("the program of the sets was not solved")
        scale = self._unit * FINE
        prices = np.zeros(len(self._sets.instance.needed), np.int64)
        found = [self._rows[request].dual_value() * scale for request in self._requests.tolist()]
        prices[self._requests] = np.maximum(np.rint(found), 0).astype(np.int64)
        gains = [row.dual_value() * scale for row in self._people]
        return prices, gains, self._lp.Objective().Value() * self._unit

    def _ask(self, goal: Goal, prices: Ints, gains: list[float]) -> tuple[int, Bound]:
        """How many new sets bring more than the program thought, and the bound of these prices."""
        needed = self._sets.instance.needed
        top, new = sum(a * b for a, b in zip(prices.tolist(), needed.tolist(), strict=True)), 0
        for number, gain, found in self._sets.best(goal.worths, goal.price, prices):
            top += gain
            if found and gain > gains[number] + FINE / 1000:
                new += sum(self._add(number, edges) for edges in found[-AT_ONCE:])
        return new, Bound(top, prices)
