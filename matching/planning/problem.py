"""What a round asks and what it answers: plain arrays in, chosen edges out, and the same in whole numbers inside."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.planning.value import Triple, gap_between

SCALE = 10_000  # a fit of 1.0 in whole numbers: four digits, as `scoring.total` rounds
HIGHEST_PRIORITY = 1_000

Ints = NDArray[np.int64]
Together = Callable[[int, tuple[int, ...]], bool]


@dataclass(frozen=True, eq=False)
class Problem:
    """
    R requests, V volunteers and E candidate edges between them, all pairs that passed the gates.

    `needed` (R,): helper places each request still lacks. `priority` (R,): 1..1000, higher is served first.
    `room` (V,): how many more live matches each volunteer may hold. `load` (V,): live matches now.
    `request`, `volunteer` (E,): the two ends of an edge. `fit` (E,): 0..1, counted to four digits.
    `crowding`: the fit that each live match already held takes from the next one of the same volunteer.
    `group` (E,), `most` (G,): at most `most` edges of a group are chosen, and a group's edges are of one volunteer (the
    visits of one day, say); -1 is no group. Without them nothing is grouped.
    """

    needed: NDArray[Any]
    priority: NDArray[Any]
    room: NDArray[Any]
    load: NDArray[Any]
    request: NDArray[Any]
    volunteer: NDArray[Any]
    fit: NDArray[Any]
    crowding: float = 0.0
    group: NDArray[Any] | None = None
    most: NDArray[Any] | None = None


@dataclass(frozen=True, eq=False)
class Solution:
    """
    The edges chosen (indexes into the problem's, ascending) and what they are worth.

    `fit`: sum of fits minus crowding. `bound`: (filled, priority, fit) that nothing can exceed, compared in this order.
    `gap`: 0.0 when proven optimal, else the relative distance to the bound in the first of the three that differs.
    """

    chosen: Ints
    filled: int
    priority: int
    fit: float
    bound: tuple[int, int, float]
    gap: float


@dataclass(frozen=True, eq=False)
class Instance:
    """A checked problem in whole numbers, edges in the order of (request, volunteer)."""

    needed: Ints
    priority: Ints
    room: Ints
    load: Ints
    request: Ints
    volunteer: Ints
    worth: Ints  # fit times SCALE
    price: int  # crowding times SCALE
    group: Ints  # -1: none
    most: Ints
    order: Ints  # where each edge stood in the problem

    def part(self, edges: Ints) -> "Instance":
        """The same people with these edges only."""
        return replace(
            self,
            request=self.request[edges],
            volunteer=self.volunteer[edges],
            worth=self.worth[edges],
            group=self.group[edges],
            order=self.order[edges],
        )


def arranged(problem: Problem) -> Instance:
    """Check, round and sort. Raises ValueError where the problem is not one."""
    needed, priority = _whole(problem.needed, "needed"), _whole(problem.priority, "priority")
    room, load = _whole(problem.room, "room"), _whole(problem.load, "load")
    request, volunteer = _whole(problem.request, "request"), _whole(problem.volunteer, "volunteer")
    fit = np.asarray(problem.fit, dtype=np.float64)
    _must(len(needed) == len(priority) and len(room) == len(load), "people's arrays differ in length")
    _must(fit.ndim == 1 and len(request) == len(volunteer) == len(fit), "edges' arrays differ in length")
    _must(not len(priority) or 1 <= priority.min() <= priority.max() <= HIGHEST_PRIORITY, "priority outside 1..1000")
    _must(not len(request) or request.max() < len(needed), "request out of range")
    _must(not len(volunteer) or volunteer.max() < len(room), "volunteer out of range")
    _must(bool(np.all((fit >= 0) & (fit <= 1))), "fit outside 0..1")
    _must(problem.crowding >= 0 and np.isfinite(problem.crowding), "crowding below 0")
    key = request * max(len(room), 1) + volunteer
    order = np.argsort(key, kind="stable")
    _must(not bool(np.any(np.diff(key[order]) == 0)), "an edge stands there twice")
    worth = np.rint(fit[order] * SCALE).astype(np.int64)
    price = round(problem.crowding * SCALE)
    group = np.full(len(fit), -1) if problem.group is None else np.asarray(problem.group, np.int64)
    most = np.zeros(0, np.int64) if problem.most is None else _whole(problem.most, "most")
    _must(len(group) == len(fit) and (not len(group) or group.max() < len(most)), "group out of range")
    ends = request[order], volunteer[order], worth
    return Instance(needed, priority, room, load, *ends, price, group[order], most, order)


def worth_of(instance: Instance, used: NDArray[np.bool_]) -> Triple:
    """(filled, priority, fit in whole numbers) of these edges (a mask over the instance's)."""
    taken = np.bincount(instance.volunteer[used], minlength=len(instance.room))
    crowded = instance.price * int(np.sum(taken * instance.load + taken * (taken - 1) // 2))
    priority = int(instance.priority[instance.request[used]].sum())
    return int(used.sum()), priority, int(instance.worth[used].sum()) - crowded


def solution_of(instance: Instance, used: NDArray[np.bool_], bound: Triple) -> Solution:
    """What the caller gets for this mask and this bound in whole numbers."""
    filled, priority, fit = worth = worth_of(instance, used)
    top = (bound[0], bound[1], bound[2] / SCALE)
    chosen = np.sort(instance.order[used])
    return Solution(chosen, filled, priority, fit / SCALE, top, gap_between(worth, bound))


def _whole(values: NDArray[Any], name: str) -> Ints:
    found = np.asarray(values)
    whole = found.astype(np.int64)
    _must(found.ndim == 1 and bool(np.all(whole == found)), f"{name} is not a row of whole numbers")
    _must(not len(whole) or int(whole.min()) >= 0, f"{name} below 0")
    return whole


def _must(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)
