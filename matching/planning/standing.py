"""
A round that stays in memory: after one change its best answer is found again from where it stood, with the same proof.

The sets that were found and the two programs stay; only of the people whose candidates, room or rules changed the sets
are looked for anew, and both programs go on from the answer they had.
"""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from matching.planning.closing import Closing, place_of
from matching.planning.exact import a_good_answer
from matching.planning.master import Master
from matching.planning.problem import (
    HIGHEST_PRIORITY,
    SCALE,
    Instance,
    Ints,
    Problem,
    Solution,
    Together,
    arranged,
    solution_of,
)
from matching.planning.sets import Column, Sets

MOST = 64  # what a group holds beyond this makes no difference
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
        changed = {*touched, *_different(old.instance, instance)}
        sets = Sets(instance, together, effort=self._effort)
        good = _kept(sets, old.sets.columns(old.best), changed)
        if place_of(instance, int(good.sum())) > old.place or not len(instance.request):
            self._begin(instance, together)
            return self.solution
        sets.learn(old.sets, changed)
        for master in (old.for_fit, old.for_ranks):
            master.change(sets, changed)
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
            # so that the first change finds all in its place
            closing.for_fit.tighten(closing.goal, enough=NEVER_ENOUGH)
            closing.for_ranks.tighten(closing.ranks, enough=NEVER_ENOUGH)

    def _settle(self) -> None:
        """Raises nothing where the budget is spent: then the gap says so."""
        closing, nothing = self._closing, (0, 0, 0)
        found = closing.through() if len(closing.instance.request) else (closing.best, nothing)
        self.solution = solution_of(closing.instance, *found)


def _different(old: Instance, new: Instance) -> set[int]:
    """Volunteers whose candidates, worths, groups, room or load differ."""
    requests = max(len(old.needed), len(new.needed)) + 1
    per_pair = (SCALE + 1) * (HIGHEST_PRIORITY + 1)
    worths = np.setxor1d(
        _pairs(old, requests) * per_pair + _points(old),
        _pairs(new, requests) * per_pair + _points(new),
        assume_unique=True,
    )
    sizes = requests * MOST
    groups = np.setxor1d(
        _pairs(old, requests) * sizes + _grouped(old), _pairs(new, requests) * sizes + _grouped(new), assume_unique=True
    )
    rooms = np.arange(len(new.room))
    known = rooms < len(old.room)
    same = known.copy()
    same[known] = (old.room[: len(new.room)] == new.room[known]) & (old.load[: len(new.room)] == new.load[known])
    found = (worths // per_pair // requests, groups // sizes // requests, rooms[~same])
    return set(np.concatenate(found).tolist())


def _pairs(instance: Instance, requests: int) -> Ints:
    return instance.volunteer * requests + instance.request


def _points(instance: Instance) -> Ints:
    return instance.worth * (HIGHEST_PRIORITY + 1) + instance.priority[instance.request]


def _grouped(instance: Instance) -> Ints:
    """Per edge a number for its group: the lowest request of it, and how many it holds."""
    first = np.full(len(instance.most) + 1, len(instance.needed))
    np.minimum.at(first, instance.group, instance.request)
    inside = instance.group >= 0
    most = np.append(instance.most, 0)[instance.group]
    return np.where(inside, first[instance.group] * MOST + np.minimum(most, MOST - 2) + 1, 0)


def _kept(sets: Sets, columns: list[Column], changed: Collection[int]) -> NDArray[np.bool_]:
    """Of an answer what still may be: those who changed keep as many of their requests as go together."""
    left = sets.instance.needed.tolist()
    kept = []
    for who, requests in columns:
        mine: tuple[int, ...] = ()
        for request in requests:
            if left[request] and (who not in changed or sets.may((who, (*mine, request)))):
                mine = (*mine, request)
                left[request] -= 1
        kept.append((who, mine))
    return sets.mask(kept)
