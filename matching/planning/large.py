"""
A block too large to be closed: its places are bounded to within a few, and an answer near that is found.

Both come from the program over sets (`master`), with prices that are only nearly right (`pool`). The bound adds up
exactly, as ever. The answer is a dive: the sets with the largest shares are taken, and the program is asked again for
the volunteers and places that are left, until nobody is.
"""

from contextlib import suppress

import numpy as np

from matching.planning.flow import Mask
from matching.planning.master import Bound, bound_of
from matching.planning.pool import Answer, Ends, Pool, Shares, shares_of
from matching.planning.problem import SCALE, Instance, Ints, Together, worth_of
from matching.planning.repair import improved, traded
from matching.planning.sets import FINE, Column, Goal, Sets, TooMuchWork
from matching.planning.value import Triple

ROUNDS = 30  # of asking for further sets, for one goal; the bench's city takes about 16
AT_ONCE = 3  # further sets of one volunteer in one round
NEAR = 5e-5  # how close to the program's worth the bound of the places must come: less than half a place of 8,000
LEAP = 60  # percent of the way from the best prices to the new ones: prices leap, what lies between does not
NEARLY = 1e-3  # and that of the goal by which the answer is chosen
PLACE = 300  # points of priority a place counts in that goal: enough, and few enough for prices that are nearly right
FIT = 100_000  # worths a point counts in it: ten whole fits
SHARE = 0.9  # a set is taken from such a share on ...
PART = 0.25  # ... and of the volunteers left at least so many take theirs, ...
FEWEST = 20  # ... or so many


def nearly_closed(
    instance: Instance, good: Mask, bound: Triple, together: Together, *, effort: float
) -> tuple[Mask, Triple]:
    """A better answer than `good` where one is found, and a lower bound than `bound` where one is proven."""
    sets = Sets(instance, together, effort=effort)
    pool, best = Pool(sets, sets.columns(good)), good
    with suppress(TooMuchWork):  # then what was found stands
        most = _tightened(pool, _places(instance), NEAR, effort).worth
        bound = min(bound, (most, _dearest(instance, most), most * SCALE))
        _tightened(pool, _goal(instance), NEARLY, effort)
        found = traded(instance, improved(instance, _dive(pool, _goal(instance), effort), together), together)
        best = max(good, found, key=lambda mask: worth_of(instance, mask))
        if best.sum() == bound[0]:  # else the priority says nothing about the gap
            highest = _tightened(pool, _priorities(instance), NEARLY, effort).worth
            bound = min(bound, (bound[0], highest, bound[0] * SCALE))
    return best, bound


def _places(instance: Instance) -> Goal:
    return Goal(np.ones_like(instance.worth), 0, (1, 0, 0))


def _priorities(instance: Instance) -> Goal:
    return Goal(instance.priority[instance.request], 0, (0, 1, 0))


def _goal(instance: Instance) -> Goal:
    points = PLACE + instance.priority[instance.request]
    return Goal(points * FIT + instance.worth, instance.price, (PLACE * FIT, FIT, instance.price))


def _dearest(instance: Instance, most: int) -> int:
    """The priority of so many places, the highest first."""
    asked = np.bincount(instance.request, minlength=len(instance.needed)) > 0
    places = np.sort(np.repeat(instance.priority, instance.needed * asked))[::-1]
    return int(places[:most].sum())


def _tightened(pool: Pool, goal: Goal, near: float, effort: float) -> Bound:
    """The best bound found for this goal; the pool grows by sets that bring more than the program thought."""
    best: Bound | None = None
    answer: Answer | None = None
    for _ in range(ROUNDS):
        answer, unit = _asked(pool, goal, effort, answer)
        prices = np.rint(answer.prices * (unit * FINE)).astype(np.int64)
        at = prices if best is None else (prices * LEAP + best.prices * (100 - LEAP)) // 100
        new, bound = _sets_at(pool, goal, at)
        best = bound if best is None or bound.top < best.top else best
        if not new or best.top <= answer.reached * (unit * FINE) * (1 + near):
            break
    assert best is not None
    return best


def _asked(pool: Pool, goal: Goal, effort: float, after: Answer | None) -> tuple[Answer, float]:
    """The program over all sets, its worths about 1 for a place; and what such a 1 is in whole worths."""
    unit = float(np.median(goal.worths))
    instance = pool.sets.instance
    worths = pool.worths(goal) / unit
    people = len(instance.room)
    return shares_of(worths, pool.ends(), instance.needed, people=people, effort=effort, after=after), unit


def _sets_at(pool: Pool, goal: Goal, prices: Ints) -> tuple[int, Bound]:
    """How many new sets came in, and the bound of these prices."""
    sets = pool.sets
    found = sets.best(goal, prices)
    new = sum(pool.add((who, some)) for who, mine in zip(sets.who, found.sets, strict=True) for some in mine[-AT_ONCE:])
    return new, bound_of(prices, sets, found)


def _dive(pool: Pool, goal: Goal, effort: float) -> Mask:
    """Sets of the pool that can be taken together."""
    dive, unit = _Dive(pool), float(np.median(goal.worths))
    worths = pool.worths(goal) / unit
    while len(left := dive.left()):
        dive.take(left, dive.shares(left, worths, effort))
    return pool.sets.mask(dive.taken)


class _Dive:
    """Who is still free, and which places."""

    def __init__(self, pool: Pool) -> None:
        self._columns, self.taken = pool.columns, list[Column]()
        self._ends = pool.ends()
        self._needed = pool.sets.instance.needed.copy()
        self._free = np.ones(len(pool.sets.instance.room), np.bool_)
        self._possible = np.ones(len(self._columns), np.bool_)

    def left(self) -> Ints:
        """The sets whose volunteer and places are free."""
        self._possible &= self._free[self._ends.who]
        self._possible[self._ends.of[self._needed[self._ends.requests] <= 0]] = False
        return np.nonzero(self._possible)[0]

    def shares(self, left: Ints, worths: Shares, effort: float) -> Shares:
        """The program of what is left."""
        inside = self._possible[self._ends.of]
        number = np.cumsum(self._possible) - 1
        ends = Ends(self._ends.who[left], self._ends.requests[inside], number[self._ends.of[inside]])
        people = len(self._free)
        return shares_of(worths[left], ends, self._needed, people=people, effort=effort, after=None).shares

    def take(self, left: Ints, shares: Shares) -> None:
        """The sets with the largest shares."""
        least = max(PART * len(np.unique(self._ends.who[left])), FEWEST)
        begin = len(self.taken)
        for at in np.argsort(-shares, kind="stable").tolist():
            if shares[at] < SHARE and len(self.taken) - begin >= least:
                return
            self._take(self._columns[left[at]])

    def _take(self, column: Column) -> None:
        who, requests = column
        mine = list(requests)
        if self._free[who] and self._needed[mine].min(initial=1) > 0:
            self._free[who] = False
            self._needed[mine] -= 1
            self.taken.append(column)
