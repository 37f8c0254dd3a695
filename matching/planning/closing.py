"""From a good answer to the best one, with the proof; see `exact`."""

import numpy as np

from matching.planning.core import least_loss
from matching.planning.flow import Mask
from matching.planning.large import nearly_closed
from matching.planning.master import Master
from matching.planning.problem import Instance, Ints, Together, worth_of
from matching.planning.sets import FINE, Goal, Sets, TooMuchWork
from matching.planning.value import Triple

FIT = 100_000  # ten whole fits for a point of priority at first; TIMES as much where that was too little
TIMES = 10
TURNS = 3
LOSS = 1 << 9  # worths that an answer may lose against the bound, at first; then what the answer found loses
LOOKS = 10  # at what a bound leaves open, each time at WIDER times as much
WIDER = 32
NO_BOUND: Triple = (1 << 39, 0, 0)
TOO_MANY = 40_000  # edges of one block: a program of that size takes minutes


def closed(instance: Instance, good: Mask, bound: Triple, together: Together, *, effort: float) -> tuple[Mask, Triple]:
    """The best edges and the bound; they meet where it is proven. `good`, `bound`: what is known already."""
    if len(instance.request) > TOO_MANY:
        return nearly_closed(instance, good, bound, together, effort=effort)
    closing = Closing(instance, good, together, effort=effort)
    return closing.through(bound)


class Closing:
    """One block on its way to the proof, from an answer that keeps to every rule."""

    def __init__(self, instance: Instance, good: Mask, together: Together, *, effort: float) -> None:
        self.instance, self.best, self.effort = instance, good, effort
        self.sets = Sets(instance, together, effort=effort)
        self.place, self.fit = place_of(instance, int(good.sum())), FIT
        self.for_fit = self.for_ranks = Master(self.sets, self.sets.columns(good))

    def through(self, bound: Triple | None = None) -> tuple[Mask, Triple]:
        """The best edges, and the bound: the lower of its own and the one that is known."""
        try:
            top, ranked = self._both()
        except TooMuchWork:
            return self.best, bound or NO_BOUND
        own = self._bound(ranked, top)
        return self.best, min(bound, own) if bound else own

    def _both(self) -> tuple[int, int]:
        """The bounds of both goals. Where the ranks alone find more, fit counted for too much."""
        for turn in range(TURNS):
            top = self._close(self.for_fit, self.goal)
            before = self.best
            ranked = self._close(self.for_ranks, self.ranks)
            if self.best is before or turn == TURNS - 1:
                break
            self.fit *= TIMES
        return top, ranked

    @property
    def points(self) -> Ints:
        """What each edge brings for places and priority."""
        return self.instance.priority[self.instance.request] + self.place

    @property
    def ranks(self) -> Goal:
        return Goal(self.points, 0, (self.place, 1, 0))

    @property
    def goal(self) -> Goal:
        kind = self.place, self.fit, self.instance.price
        return Goal(self.points * self.fit + self.instance.worth, self.instance.price, kind)

    def _close(self, master: Master, goal: Goal) -> int:
        """The bound of this goal, in whole worths; the best answer may have become better."""
        good = self._worth(goal)
        bound = master.tighten(goal, enough=good)
        if bound.worth <= good:
            return bound.worth
        good = self._whole(master, goal, good)
        within = LOSS * FINE
        for _ in range(LOOKS):
            if bound.worth <= good:
                return bound.worth
            within = min(within, bound.top - good * FINE)
            found, proven = least_loss(self.sets, goal, bound, within=within, hint=self.best, effort=self.effort)
            good = self._take(found, goal, good)
            if not proven:
                return bound.worth
            if within >= bound.top - good * FINE:
                return good
            within = within * WIDER if found is None else bound.top - good * FINE
        return bound.worth

    def _whole(self, master: Master, goal: Goal, good: int) -> int:
        """The program's own answer, where it is one; what the best is worth now."""
        taken = master.whole()
        return self._take(None if taken is None else self.sets.mask(taken), goal, good)

    def _take(self, used: Mask | None, goal: Goal, good: int) -> int:
        """Where this answer is better than the best, which is worth so much: it is the best. What that is worth now."""
        if used is not None and (worth := self._worth(goal, used)) > good:
            self.best, good = used, worth
        return good

    def _worth(self, goal: Goal, used: Mask | None = None) -> int:
        """What an answer (else the best until now) is worth for this goal."""
        mask = self.best if used is None else used
        taken = np.bincount(self.instance.volunteer[mask], minlength=len(self.instance.room))
        crowd = int(np.sum(taken * self.instance.load + taken * (taken - 1) // 2))
        return int(goal.worths[mask].sum()) - goal.price * crowd

    def _bound(self, ranked: int, top: int) -> Triple:
        """(filled, priority, fit) that nothing exceeds, from the bounds of both goals."""
        filled, priority, _fit = worth_of(self.instance, self.best)
        lowest = np.concatenate([[0], np.cumsum(_places(self.instance))])
        most = np.nonzero(self.place * np.arange(len(lowest)) + lowest <= ranked)[0].max()
        if most > filled:
            return int(most), int(ranked - self.place * most), top
        if ranked > self.place * filled + priority:
            return filled, ranked - self.place * filled, top
        return filled, priority, top - self.fit * (self.place * filled + priority)


def _places(instance: Instance) -> Ints:
    """The priority of each place that could be filled, the lowest first."""
    asked = np.bincount(instance.request, minlength=len(instance.needed)) > 0
    return np.sort(np.repeat(instance.priority, instance.needed * asked))


def place_of(instance: Instance, filled: int) -> int:
    """
    Points a place must count besides its priority so that no priority outweighs it, where so many can be filled: more
    than what some places of the highest priority have beyond one place more of the lowest.
    """
    places = _places(instance)
    low, high = (np.concatenate([[0], np.cumsum(some)]) for some in (places, places[::-1]))
    begin = max(filled - 1, 0)
    return 1 + int(np.max(high[begin:-1] - low[begin + 1 :], initial=0))
