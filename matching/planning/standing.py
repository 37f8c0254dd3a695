"""
A round that stays in memory: after one change its best answer is found again from where it stood, with the same proof.

The sets that were found and the two programs stay; only of the people whose candidates, room or rules changed the sets
are looked for anew, and both programs go on from the answer they had.
"""

from collections.abc import Collection

import numpy as np

from matching.planning.closing import Closing, place_of
from matching.planning.difference import difference
from matching.planning.exact import a_good_answer
from matching.planning.flow import Mask
from matching.planning.master import Master
from matching.planning.problem import Instance, Problem, Solution, Together, arranged, solution_of
from matching.planning.sets import Goal, Sets

NEVER_ENOUGH = -1
SPARE = 2  # times what a place must count at the least, so that a change leaves it enough


class Standing:
    """
    `solution`: the best of the problem as it stands. Raises ValueError for a problem that is not one.

    `effort`: as for `solve`, for the first answer and again for each change.
    """

    def __init__(self, problem: Problem, *, together: Together, effort: float = 1.0) -> None:
        self._effort = effort
        self.solution: Solution
        self._begin(arranged(problem), together)

    def change(self, problem: Problem, *, together: Together, touched: Collection[int] = ()) -> Solution:
        """
        The best of the problem as it is now: requests and volunteers keep their numbers, new ones come after them, and
        who is gone has no edges. `touched`: volunteers for whom `together` answers differently than before.
        """
        instance, old = arranged(problem), self._closing
        other = difference(old.instance, instance, touched)
        sets = Sets(instance, together, effort=self._effort)
        good = _kept(sets, other.carried(old.best, len(instance.request)), other.rules)
        if place_of(instance, int(good.sum())) > old.place or not len(instance.request):
            self._begin(instance, together)
            return self.solution
        sets.learn(old.sets, other.rules)
        for master in (old.for_fit, old.for_ranks):
            master.change(sets, other)
        old.instance, old.sets, old.best = instance, sets, good
        self._settle()
        return self.solution

    def _begin(self, instance: Instance, together: Together) -> None:
        self._closing = closing = Closing(instance, a_good_answer(instance, together), together, effort=self._effort)
        closing.place *= SPARE
        self._settle()
        closing.for_fit = Master(closing.sets, closing.for_ranks.columns)  # from here on each keeps its own answer
        if len(instance.request):
            closing.through()
            closing.for_fit = self._ready(closing.for_fit, closing.goal)
            closing.for_ranks = self._ready(closing.for_ranks, closing.ranks)

    def _ready(self, master: Master, goal: Goal) -> Master:
        """The same with the sets worth having and all in its place, so that the first change is as quick as any."""
        master.tighten(goal, enough=NEVER_ENOUGH)
        light = Master(master.sets, master.nearest(goal))
        light.tighten(goal, enough=NEVER_ENOUGH)
        return light

    def _settle(self) -> None:
        """Raises nothing where the budget is spent: then the gap says so."""
        closing, nothing = self._closing, (0, 0, 0)
        found = closing.through() if len(closing.instance.request) else (closing.best, nothing)
        self.solution = solution_of(closing.instance, *found)


def _kept(sets: Sets, used: Mask, rules: Collection[int]) -> Mask:
    """Of an answer what still may be: whose rules changed keeps as many of their requests as go together."""
    instance, kept = sets.instance, used.copy()
    for who in rules:
        mine: tuple[int, ...] = ()
        for edge in np.nonzero(kept & (instance.volunteer == who))[0].tolist():
            request = int(instance.request[edge])
            kept[edge] = sets.may((who, (*mine, request)))
            mine = (*mine, request) if kept[edge] else mine
    taken = np.bincount(instance.request[kept], minlength=len(instance.needed))
    for request in np.nonzero(taken > instance.needed)[0].tolist():
        kept[np.nonzero(kept & (instance.request == request))[0][instance.needed[request] :]] = False
    return kept
