"""
What a bound leaves open, decided by CP-SAT: the answer that loses least against it.

Every answer is worth the bound less what it loses: a volunteer whose set is not the best at these prices, a place with
a price that stays free. An answer that loses at most `within` uses only sets that lose no more, so these are all there
is to decide. Deterministic: one worker, a fixed seed, and a budget counted in work and not in seconds.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.planning.master import Bound
from matching.planning.sets import Column, Goal, Set, Sets

EFFORT = 20.0  # CP-SAT's own unit, about a second of work
TOO_MANY = 60_000  # sets: more are not decided

Mask = NDArray[np.bool_]


def least_loss(
    sets: Sets, goal: Goal, bound: Bound, *, within: int, hint: Mask, effort: float
) -> tuple[Mask | None, bool]:
    """
    The best of the answers that lose at most `within` parts of FINE; None where no such answer was found.

    The flag: it is proven (that it is the best of them, or that there is none).
    """
    model = _Model(sets, bound, within, hint)
    for who, near in sets.near(goal, bound.prices, within=within):
        model.add(who, near)
        if model.size > TOO_MANY:
            return None, False
    return model.solve(effort)


class _Model:
    def __init__(self, sets: Sets, bound: Bound, within: int, hint: Mask) -> None:
        self._sets, self._bound, self._within = sets, bound, within
        self._hint = set(sets.columns(hint))
        self._model, self._lost = cp_model.CpModel(), list[Any]()
        self._taken: list[tuple[Column, Any]] = []
        self._serving: dict[int, list[Any]] = {}

    @property
    def size(self) -> int:
        return len(self._taken)

    def add(self, who: int, near: dict[Set, int]) -> None:
        """One volunteer with the sets that may be; one of them is taken, the empty one among them where it may be."""
        choices = []
        for some, loss in near.items():
            taken = self._model.new_bool_var("")
            self._model.add_hint(taken, (who, some) in self._hint)
            choices.append(taken)
            if loss:
                self._lost.append(loss * taken)
            self._taken.append(((who, some), taken))
            for request in some:
                self._serving.setdefault(request, []).append(taken)
        self._model.add_exactly_one(choices)

    def solve(self, effort: float) -> tuple[Mask | None, bool]:
        self._limit()
        self._model.add(sum(self._lost) <= self._within)
        self._model.minimize(sum(self._lost))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = EFFORT * effort
        status = solver.solve(self._model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, status == cp_model.INFEASIBLE
        used = self._sets.mask(column for column, taken in self._taken if solver.boolean_value(taken))
        return used, status == cp_model.OPTIMAL

    def _limit(self) -> None:
        """No more than the places, and the free ones with a price are lost."""
        needed, prices = self._sets.instance.needed.tolist(), self._bound.prices.tolist()
        for request, price in enumerate(prices):
            served = sum(self._serving.get(request, []))
            if price > self._within:
                self._model.add(served == needed[request])
                continue
            self._model.add(served <= needed[request])
            if price and needed[request]:
                self._lost.append(price * (needed[request] - served))
