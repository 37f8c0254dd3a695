"""
A small block as a program in whole numbers (CP-SAT), with cuts for what one volunteer cannot serve together.

Deterministic: one worker, a fixed seed, and a budget counted in work and not in seconds.
"""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from matching.planning.flow import Mask, Network
from matching.planning.problem import Instance, Ints, Together

Cut = tuple[int, ...]  # edges of one volunteer that cannot all be chosen
EFFORT = 3.0  # CP-SAT's own unit, about a second of work, for one answer of one block
ANSWERS = 8  # with further cuts each; after that the good answer stands, and nobody calls it the best
FEW = 12  # with no more edges than this of one volunteer, all pairs are asked at once


def best_with_cuts(
    instance: Instance, network: Network, hint: Mask, together: Together, *, effort: float
) -> tuple[Mask, bool]:
    """The best edges, counted as the network does, and whether nothing better exists. `hint`: a good answer."""
    model = _Model(instance, network, hint)
    for cut in _alone_and_pairs(instance, together):
        model.forbid(cut)
    for _ in range(ANSWERS):
        used, proven = model.solve(effort)
        if not proven:
            break
        cuts = list(_too_much(instance, used, together))
        if not cuts:
            return used, True
        for cut in cuts:
            model.forbid(cut)
    return hint, False


class _Model:
    def __init__(self, instance: Instance, network: Network, hint: Mask) -> None:
        self._instance, self._model = instance, cp_model.CpModel()
        self._x = [self._model.new_bool_var("") for _ in range(len(instance.request))]
        self._limit(instance.request, instance.needed)
        grouped = instance.group >= 0
        if grouped.any():
            self._limit(np.where(grouped, instance.group, -1), instance.most)
        worth = (instance.priority[instance.request] + network.bonus) * network.step + instance.worth
        gain: Any = sum(int(value) * x for value, x in zip(worth, self._x, strict=True))
        self._model.maximize(gain - self._crowd())
        for variable, value in zip(self._x, hint, strict=True):
            self._model.add_hint(variable, bool(value))

    def forbid(self, cut: Cut) -> None:
        self._model.add_bool_or([~self._x[edge] for edge in cut])

    def solve(self, effort: float) -> tuple[Mask, bool]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        solver.parameters.max_deterministic_time = EFFORT * effort
        status = solver.solve(self._model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return np.zeros(len(self._x), np.bool_), False
        return np.array([solver.boolean_value(x) for x in self._x], np.bool_), status == cp_model.OPTIMAL

    def _limit(self, ends: Ints, most: Ints) -> None:
        for number, edges in _by(ends):
            if number >= 0 and len(edges) > most[number]:
                self._model.add(sum(self._x[edge] for edge in edges) <= int(most[number]))

    def _crowd(self) -> Any:
        """Room, and the price of each further request of the same volunteer."""
        price: list[Any] = []
        for number, edges in _by(self._instance.volunteer):
            room = min(int(self._instance.room[number]), len(edges))
            units = [self._model.new_bool_var("") for _ in range(room)]
            self._model.add(sum(self._x[edge] for edge in edges) == sum(units))
            for one, other in pairwise(units):
                self._model.add_implication(other, one)
            load = int(self._instance.load[number])
            price += [self._instance.price * (load + unit) * x for unit, x in enumerate(units)]
        return sum(price)


def _alone_and_pairs(instance: Instance, together: Together) -> Iterator[Cut]:
    """Edges that do not go with what is held already, and pairs of one group (or of few) that do not go together."""
    for volunteer, edges in _by(instance.volunteer):
        fine = [edge for edge in edges if together(volunteer, (int(instance.request[edge]),))]
        yield from ((edge,) for edge in set(edges) - set(fine))
        few = len(fine) <= FEW
        for one, other in combinations(fine, 2):
            near = few or instance.group[one] == instance.group[other] >= 0
            if near and instance.room[volunteer] > 1 and not _go(instance, volunteer, (one, other), together):
                yield one, other


def _too_much(instance: Instance, used: Mask, together: Together) -> Iterator[Cut]:
    """The smallest sets of chosen edges that do not go together."""
    for volunteer, edges in _by(instance.volunteer):
        mine = [edge for edge in edges if used[edge]]
        if mine and not _go(instance, volunteer, tuple(mine), together):
            for size in range(1, len(mine) + 1):
                found = [some for some in combinations(mine, size) if not _go(instance, volunteer, some, together)]
                if found:
                    yield from found
                    break


def _go(instance: Instance, volunteer: int, edges: Cut, together: Together) -> bool:
    return together(volunteer, tuple(int(instance.request[edge]) for edge in edges))


def _by(ends: Ints) -> Iterator[tuple[int, list[int]]]:
    """Each number with its edges."""
    order = np.argsort(ends, kind="stable")
    numbers, first = np.unique(ends[order], return_index=True)
    for number, edges in zip(numbers.tolist(), np.split(order, first[1:]), strict=True):
        yield number, edges.tolist()
