"""
The optimum under side constraints: which requests one volunteer can serve together is asked of an oracle.

The flow without them is a proven bound. Where its answer asks too much of somebody, CP-SAT solves the connected block
with one cut for each set of requests that does not go together, until the answer needs no further cut.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise
from math import floor

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.planning.flow import best_flow
from matching.planning.problem import Instance, Ints, Together, worth_of
from matching.planning.value import Triple

Mask = NDArray[np.bool_]
Cut = tuple[int, ...]  # edges of one volunteer that cannot all be chosen
EFFORT = 20.0  # deterministic seconds of CP-SAT for one block


def best_together(instance: Instance, together: Together | None, *, effort: float) -> tuple[Mask, Triple]:
    """The edges chosen, and the bound."""
    used = best_flow(instance)
    bound = worth_of(instance, used)
    cuts = [] if together is None else list(_broken(instance, used, together))
    if not cuts:
        return used, bound
    assert together is not None
    return _with_cuts(instance, used, bound, cuts, together, effort)


def _broken(instance: Instance, used: Mask, together: Together) -> Iterator[Cut]:
    """A smallest set of edges for each volunteer of whom too much is asked."""
    chosen = np.nonzero(used)[0]
    of = instance.volunteer[chosen]
    for volunteer in np.unique(of[np.isin(of, _several(of))]).tolist():
        edges = chosen[of == volunteer].tolist()
        if not together(volunteer, tuple(int(instance.request[edge]) for edge in edges)):
            yield from _smallest(instance, volunteer, edges, together)


def _several(volunteers: Ints) -> Ints:
    who, times = np.unique(volunteers, return_counts=True)
    return who[times > 1]


def _smallest(instance: Instance, volunteer: int, edges: list[int], together: Together) -> list[Cut]:
    for size in range(2, len(edges) + 1):
        found = [
            some
            for some in combinations(edges, size)
            if not together(volunteer, tuple(int(instance.request[edge]) for edge in some))
        ]
        if found:
            return found
    return []


def _with_cuts(
    instance: Instance, used: Mask, bound: Triple, cuts: list[Cut], together: Together, effort: float
) -> tuple[Mask, Triple]:
    model = _Model(instance, used)
    while cuts:
        for cut in cuts:
            model.forbid(cut)
        used, bound = model.solve(effort)
        cuts = list(_broken(instance, used, together))
    return used, bound


class _Model:
    """The block as a program in whole numbers: places first, then priority, then fit, one after the other."""

    def __init__(self, instance: Instance, hint: Mask) -> None:
        self._instance, self._model = instance, cp_model.CpModel()
        self._x = [self._model.new_bool_var("") for _ in range(len(instance.request))]
        self._limit(instance.request, instance.needed)
        self._crowded = self._crowd()
        self._hint = hint

    def forbid(self, cut: Cut) -> None:
        self._model.add_bool_or([~self._x[edge] for edge in cut])

    def solve(self, effort: float) -> tuple[Mask, Triple]:
        """The best edges, and the bound of what was proven. Deterministic: one worker, a fixed seed, no clock."""
        i = self._instance
        places = sum(self._x)
        priority = sum(int(p) * x for p, x in zip(i.priority[i.request], self._x, strict=True))
        fit = sum(int(w) * x for w, x in zip(i.worth, self._x, strict=True)) - self._crowded
        model = self._model.clone()
        tops: list[int] = []
        used = self._hint
        for goal in (places, priority, fit):
            model.clear_hints()
            for variable, value in zip(self._x, used, strict=True):
                model.add_hint(variable, bool(value))
            model.maximize(goal)
            solver = _solver(effort)
            status = solver.solve(model)
            if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                used = np.array([solver.boolean_value(x) for x in self._x], np.bool_)
            tops.append(floor(solver.best_objective_bound + 1e-6))
            model.add(goal >= round(solver.objective_value))
        return used, (tops[0], tops[1], tops[2])

    def _limit(self, ends: Ints, most: Ints) -> None:
        order = np.argsort(ends, kind="stable")
        for number, first, last in _runs(ends[order]):
            self._model.add(sum(self._x[edge] for edge in order[first:last].tolist()) <= int(most[number]))

    def _crowd(self) -> object:
        """Room, and the price of each further request of the same volunteer."""
        i, order = self._instance, np.argsort(self._instance.volunteer, kind="stable")
        price: list[object] = []
        for number, first, last in _runs(i.volunteer[order]):
            room = min(int(i.room[number]), last - first)
            units = [self._model.new_bool_var("") for _ in range(room)]
            self._model.add(sum(self._x[edge] for edge in order[first:last].tolist()) == sum(units))
            for one, other in pairwise(units):
                self._model.add_implication(other, one)
            price += [i.price * (int(i.load[number]) + unit) * x for unit, x in enumerate(units)]
        return sum(price)  # type: ignore[arg-type]


def _runs(ordered: Ints) -> Iterator[tuple[int, int, int]]:
    numbers, first = np.unique(ordered, return_index=True)
    last = [*first[1:].tolist(), len(ordered)]
    yield from zip(numbers.tolist(), first.tolist(), last, strict=True)


def _solver(effort: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = EFFORT * effort
    return solver
