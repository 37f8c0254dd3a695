"""From a good answer to the best one, with the proof; see `exact`."""

import numpy as np

from matching.planning.core import least_loss
from matching.planning.flow import Mask
from matching.planning.master import Goal, Master
from matching.planning.problem import Instance, Ints, Together, worth_of
from matching.planning.sets import FINE, Sets, TooMuchWork
from matching.planning.value import Triple

FIT = 100_000  # ten whole fits for a point of priority at first; TIMES as much where that was too little
TIMES = 10
TURNS = 3
LOSS = 1 << 9  # worths that an answer may lose against the bound, at first; then what the answer found loses
LOOKS = 5  # at what a bound leaves open
TOO_MANY = 40_000  # edges of one block: a program of that size takes minutes


def closed(instance: Instance, good: Mask, bound: Triple, together: Together, *, effort: float) -> tuple[Mask, Triple]:
    """The best edges and the bound; they meet where it is proven. `good`, `bound`: what is known already."""
    if len(instance.request) > TOO_MANY:
        return good, bound
    closing = _Closing(instance, good, together, effort)
    try:
        return closing.through(bound)
    except TooMuchWork:
        return closing.best, bound


class _Closing:
    def __init__(self, instance: Instance, good: Mask, together: Together, effort: float) -> None:
        self.instance, self.best, self.effort = instance, good, effort
        self.sets = Sets(instance, together, effort=effort)
        self.master = Master(self.sets, good)
        self.place = _place(instance, int(good.sum()))

    def through(self, bound: Triple) -> tuple[Mask, Triple]:
        points = self.instance.priority[self.instance.request] + self.place
        ranks, fit = Goal(points, 0), FIT
        for _ in range(TURNS):
            goal = Goal(points * fit + self.instance.worth, self.instance.price)
            top = self._close(goal)
            ranked = self._close(ranks)
            if top >= self._worth(goal):  # else the ranks alone found more: fit counted for too much
                break
            fit *= TIMES
        return self.best, min(bound, self._bound(ranked, top, fit))

    def _close(self, goal: Goal) -> int:
        """The bound of this goal, in whole worths; the best answer may have become better."""
        bound = self.master.tighten(goal, enough=self._worth(goal))
        if bound.worth <= self._worth(goal):
            return bound.worth
        self._whole(goal)
        within = LOSS * FINE
        for _ in range(LOOKS):
            lost = bound.top - self._worth(goal) * FINE
            if bound.worth <= self._worth(goal):
                return bound.worth
            within = min(within, lost)
            found, proven = least_loss(self.sets, goal, bound, within=within, hint=self.best, effort=self.effort)
            if found is not None:
                self._take(found, goal)
            if not proven:
                return bound.worth
            if within >= bound.top - self._worth(goal) * FINE:
                return self._worth(goal)
            within = within * TIMES if found is None else bound.top - self._worth(goal) * FINE
        return bound.worth

    def _whole(self, goal: Goal) -> None:
        """The program's own answer, where it is one."""
        taken = self.master.whole()
        if taken is not None:
            used = np.zeros_like(self.best)
            used[[edge for _number, edges in taken for edge in edges]] = True
            self._take(used, goal)

    def _take(self, used: Mask, goal: Goal) -> None:
        if self._worth(goal, used) > self._worth(goal):
            self.best = used

    def _worth(self, goal: Goal, used: Mask | None = None) -> int:
        """What an answer (else the best until now) is worth for this goal."""
        mask = self.best if used is None else used
        taken = np.bincount(self.instance.volunteer[mask], minlength=len(self.instance.room))
        crowd = int(np.sum(taken * self.instance.load + taken * (taken - 1) // 2))
        return int(goal.worths[mask].sum()) - goal.price * crowd

    def _bound(self, ranked: int, top: int, fit: int) -> Triple:
        """(filled, priority, fit) that nothing exceeds, from the bounds of both goals."""
        filled, priority, _fit = worth_of(self.instance, self.best)
        lowest = np.concatenate([[0], np.cumsum(_places(self.instance))])
        most = np.nonzero(self.place * np.arange(len(lowest)) + lowest <= ranked)[0].max()
        if most > filled:
            return int(most), ranked - self.place * int(most), top
        if ranked > self.place * filled + priority:
            return filled, ranked - self.place * filled, top
        return filled, priority, top - fit * (self.place * filled + priority)


def _places(instance: Instance) -> Ints:
    """The priority of each place that could be filled, the lowest first."""
    asked = np.bincount(instance.request, minlength=len(instance.needed)) > 0
    return np.sort(np.repeat(instance.priority, instance.needed * asked))


def _place(instance: Instance, filled: int) -> int:
    """
    Points a place must count besides its priority so that no priority outweighs it, where so many can be filled: more
    than what some places of the highest priority have beyond one place more of the lowest.
    """
    places = _places(instance)
    low, high = (np.concatenate([[0], np.cumsum(some)]) for some in (places, places[::-1]))
    begin = max(filled - 1, 0)
    return 1 + int(np.max(high[begin:-1] - low[begin + 1 :], initial=0))
