"""
What each volunteer of one block can serve together: the set worth most at given prices of the requests, and every set
that is nearly worth as much.

Whole numbers throughout, so that what follows from the prices is proven and not only computed. A set is a tuple of
requests in ascending order.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from matching.planning.problem import Instance, Ints, Together

FINE = 1 << 16  # prices are counted in parts of a worth, so that rounding them costs less than one worth in all

WORK = 20_000_000  # sets looked at in one block; the fullest quarter of the bench's city takes a tenth of it

Set = tuple[int, ...]
Column = tuple[int, Set]  # a volunteer and what they serve
Kind = tuple[int, int, int]

NEVER = np.iinfo(np.int64).min  # no edge brings this


@dataclass(frozen=True, eq=False)
class Goal:
    """
    What is to be as much as can be: the worths of the edges, less the price of crowding, in whole numbers.

    `kind`: what a place, a point of priority and crowding count in it; where they are the same, so is the goal.
    """

    worths: Ints
    price: int
    kind: Kind
    as_list: list[int] = field(init=False)
    highest: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "as_list", self.worths.tolist())
        object.__setattr__(self, "highest", int(self.worths.max()))


class TooMuchWork(Exception):
    """The budget of this block is spent: what was found stands, and nobody calls it the best."""


class Sets:
    """The volunteers of one instance who have room and a candidate edge: `who`."""

    def __init__(self, instance: Instance, together: Together, *, effort: float = 1.0) -> None:
        self.instance, self._together = instance, together
        self.left = WORK * effort
        open_ = np.nonzero(instance.room[instance.volunteer] > 0)[0]
        self._edges = open_[np.argsort(instance.volunteer[open_], kind="stable")]
        who, first = np.unique(instance.volunteer[self._edges], return_index=True)
        self.who: list[int] = who.tolist()
        self._cuts = [*first.tolist(), len(self._edges)]
        self._request = instance.request[self._edges]
        self._steps = [
            (min(room, last - begin), load)
            for room, load, (begin, last) in zip(
                instance.room[who].tolist(), instance.load[who].tolist(), pairwise(self._cuts), strict=True
            )
        ]
        self._group = instance.group.tolist() if len(instance.most) else []
        self._most = instance.most.tolist()
        self._number = {one: number for number, one in enumerate(self.who)}
        self._edge_of: dict[int, dict[int, int]] = {}
        self._whose = np.repeat(np.arange(len(self.who)), np.diff(self._cuts))
        self._best: dict[Kind, Found] = {}

    def edges(self, who: int) -> dict[int, int]:
        """Request -> edge of this volunteer."""
        if who not in self._edge_of:
            if who not in self._number:
                return {}
            cut = slice(self._cuts[self._number[who]], self._cuts[self._number[who] + 1])
            pairs = zip(self._request[cut].tolist(), self._edges[cut].tolist(), strict=True)
            self._edge_of[who] = dict(pairs)
        return self._edge_of[who]

    def worth(self, column: Column, goal: Goal) -> int:
        """What this set brings: the worths of its edges, less the price of crowding."""
        edges = self.edges(column[0])
        steps = self.steps(column[0], goal.price)
        return sum(goal.as_list[edges[request]] for request in column[1]) - sum(steps[: len(column[1])])

    def may(self, column: Column) -> bool:
        """May this volunteer serve all of these, as candidates and with the room they have? Raises TooMuchWork."""
        who, requests = column
        edges = self.edges(who)
        if not edges or len(requests) > self._steps[self._number[who]][0]:
            return False
        return all(request in edges for request in requests) and self.fits(who, requests)

    def best(self, goal: Goal, prices: Ints) -> "Found":
        """What each of `who` can bring at the most beyond `prices` (R,), in parts of FINE. Raises TooMuchWork."""
        gains = self._gains(goal, prices)
        found = self._best.get(goal.kind)
        if found is None:
            found = self._best[goal.kind] = Found.of_nobody(len(gains), len(self.who))
        for number, search in self._searches(goal, gains, self._with(gains != found.gains)):
            found.tops[number], found.sets[number] = search.best()
            cut = slice(self._cuts[number], self._cuts[number + 1])
            found.gains[cut] = gains[cut]
        return found

    def near(self, goal: Goal, prices: Ints, *, within: int) -> Iterator[tuple[int, dict[Set, int]]]:
        """(volunteer, {set: what it brings less than the best}) with every set that is at most `within` below it."""
        gains, tops = self._gains(goal, prices), self.best(goal, prices).tops
        for number, search in self._searches(goal, gains, np.arange(len(self.who))):
            top = tops[number]
            yield self.who[number], {some: top - gain for some, gain in search.all_above(top - within)}

    def fits(self, who: int, requests: Set) -> bool:
        """May this volunteer serve all of these? Raises TooMuchWork."""
        self.left -= 1
        if self.left < 0:
            raise TooMuchWork
        if len(requests) < 2:
            return True
        if self._group:
            edges = self.edges(who)
            groups = [self._group[edges[request]] for request in requests]
            if any(groups.count(group) > self._most[group] for group in set(groups) if group >= 0):
                return False
        return self._together(who, requests)

    def steps(self, who: int, price: int) -> list[int]:
        """What each further request of this volunteer costs; as many as they have room for."""
        room, load = self._steps[self._number[who]]
        return [price * (load + unit) for unit in range(room)]

    def learn(self, other: "Sets", changed: Collection[int]) -> None:
        """Take over what `other` knows of everybody who is the same in both."""
        mine, theirs = (np.isin(some.who, list(changed), invert=True) for some in (self, other))
        for kind, known in other._best.items():
            found = self._best[kind] = Found.of_nobody(len(self._edges), len(self.who))
            found.gains[mine[self._whose]] = known.gains[theirs[other._whose]]
            for number, old in zip(np.nonzero(mine)[0].tolist(), np.nonzero(theirs)[0].tolist(), strict=True):
                found.tops[number], found.sets[number] = known.tops[old], known.sets[old]

    def _with(self, edges: NDArray[np.bool_]) -> Ints:
        """The numbers of those with one of these edges."""
        return np.nonzero(np.bincount(self._whose[edges], minlength=len(self.who)))[0]

    def _gains(self, goal: Goal, prices: Ints) -> Ints:
        """What each of their edges brings beyond the prices."""
        return goal.worths[self._edges] * FINE - prices[self._request]

    def _searches(self, goal: Goal, gains: Ints, numbers: Ints) -> Iterator[tuple[int, "_Search"]]:
        """For these of `who` (by their number in it): their requests, those that bring most first."""
        asked = np.zeros(len(self.who), np.bool_)
        asked[numbers] = True
        at = np.nonzero(asked[self._whose])[0]
        order = at[np.lexsort((-gains[at], self._whose[at]))]
        gained, requests, begin = gains[order].tolist(), self._request[order].tolist(), 0
        for number in numbers.tolist():
            end = begin + self._cuts[number + 1] - self._cuts[number]
            yield number, _Search(self, self.who[number], gained[begin:end], requests[begin:end], goal)
            begin = end

    def columns(self, used: NDArray[np.bool_]) -> list[Column]:
        """The sets of an answer (a mask over the edges)."""
        held: dict[int, list[int]] = {}
        chosen = np.nonzero(used)[0]
        ends = self.instance.volunteer[chosen].tolist(), self.instance.request[chosen].tolist()
        for who, request in zip(*ends, strict=True):
            held.setdefault(who, []).append(request)
        return [(who, tuple(sorted(held[who]))) for who in self.who if who in held]

    def mask(self, columns: Iterable[Column]) -> NDArray[np.bool_]:
        """The way back."""
        used = np.zeros(len(self.instance.request), np.bool_)
        pairs = [(self._number[who], request) for who, requests in columns for request in requests]
        if pairs:
            at = np.searchsorted(self._keys(self._whose, self._request), self._keys(*np.array(pairs).T))
            used[self._edges[at]] = True
        return used

    def _keys(self, numbers: Ints, requests: Ints) -> Ints:
        """One number for each pair, in the order of `_edges`."""
        return numbers * len(self.instance.needed) + requests


@dataclass(frozen=True, eq=False)
class Found:
    """
    Of each volunteer of some sets (in the order of `who`) what the best was when last asked.

    `tops`: the most they can bring. `sets`: some that bring ever more, the last of them the most; none where nothing is
    gained. `gains`: of each edge what it brought then.
    """

    gains: Ints
    tops: list[int]
    sets: list[list[Set]]

    @classmethod
    def of_nobody(cls, edges: int, volunteers: int) -> "Found":
        return cls(np.full(edges, NEVER), [0] * volunteers, [[] for _ in range(volunteers)])


class _Search:
    """Depth first over the requests of one volunteer, those that bring most first."""

    def __init__(self, sets: Sets, who: int, gains: list[int], requests: list[int], goal: Goal) -> None:
        self._sets, self._who, self._gains, self._requests = sets, who, gains, requests
        self._steps = sets.steps(who, goal.price * FINE)
        self._room = len(self._steps)

    def best(self) -> tuple[int, list[Set]]:
        self._top, self._found = 0, list[Set]()
        self._deeper(0, (), 0)
        return self._top, self._found

    def all_above(self, least: int) -> list[tuple[Set, int]]:
        """Every set that brings at least so much, also the empty one."""
        self._least, self._all = least, list[tuple[Set, int]]()
        if least <= 0:
            self._all.append(((), 0))
        self._wider(0, (), 0)
        return self._all

    def _most(self, begin: int, depth: int, gain: int) -> int:
        """What could be reached from here if everything went together."""
        gains, steps = self._gains, self._steps
        for at in range(depth, min(self._room, depth + len(gains) - begin)):
            more = gains[begin + at - depth] - steps[at]
            if more <= 0:
                break
            gain += more
        return gain

    def _deeper(self, begin: int, chosen: Set, gain: int) -> None:
        depth = len(chosen)
        for at in range(begin, len(self._gains)):
            if self._most(at, depth, gain) <= self._top:
                return
            some, more = tuple(sorted((*chosen, self._requests[at]))), gain + self._gains[at] - self._steps[depth]
            if self._sets.fits(self._who, some):
                if more > self._top:
                    self._top = more
                    self._found.append(some)
                if depth + 1 < self._room:
                    self._deeper(at + 1, some, more)

    def _wider(self, begin: int, chosen: Set, gain: int) -> None:
        depth = len(chosen)
        for at in range(begin, len(self._gains)):
            some, more = tuple(sorted((*chosen, self._requests[at]))), gain + self._gains[at] - self._steps[depth]
            if self._most(at + 1, depth + 1, more) < self._least:
                return
            if self._sets.fits(self._who, some):
                if more >= self._least:
                    self._all.append((some, more))
                if depth + 1 < self._room:
                    self._wider(at + 1, some, more)
