"""
What each volunteer of one block can serve together: the set worth most at given prices of the requests, and every set
that is nearly worth as much.

Whole numbers throughout, so that what follows from the prices is proven and not only computed. A set is a tuple of
requests in ascending order.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

import numpy as np

from matching.planning.difference import places_in
from matching.planning.flow import Mask
from matching.planning.problem import Instance, Ints, Together
from matching.planning.search import Search, Set

FINE = 1 << 16  # prices are counted in parts of a worth, so that rounding them costs less than one worth in all

WORK = 20_000_000  # sets looked at in one block; the fullest quarter of the bench's city takes a tenth of it

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

    @cached_property
    def as_list(self) -> list[int]:
        return self.worths.tolist()

    @property
    def highest(self) -> int:
        return int(self.worths.max())


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
        self._rooms, self._loads = np.minimum(instance.room[who], np.diff(self._cuts)), instance.load[who]
        self._steps = list(zip(self._rooms.tolist(), self._loads.tolist(), strict=True))
        self._group = instance.group.tolist() if len(instance.most) else []
        self._most = instance.most.tolist()
        self.numbers, self._number = who, {one: number for number, one in enumerate(self.who)}
        self._edge_of: dict[int, dict[int, int]] = {}
        self._whose = np.repeat(np.arange(len(self.who)), np.diff(self._cuts))
        self._places_of = self._keys(self._whose, len(instance.needed))
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
        # What brings less now and was not in the best set leaves that set the best.
        asked = self._with((gains > found.gains) | (found.held & (gains < found.gains)))
        tops, ranked = self._still(found, gains), self._ranked(gains, asked)
        open_ = asked[self._reach(goal, gains, ranked) > tops[asked]]
        done = np.ones(len(self.who), np.bool_)
        done[open_] = False
        try:
            for number, search in self._searches(goal, gains, ranked, open_):
                tops[number], found.sets[number] = search.best(found.best(number), int(tops[number]))
                done[number] = True
        finally:
            self._note(found, gains, tops, asked[done[asked]], done)
        return found

    def _still(self, found: "Found", gains: Ints) -> Ints:
        """What the best set of before brings each of `who` now; 0 where that is nothing."""
        moved = np.nonzero(found.held & (gains != found.gains))[0]
        tops = found.tops.copy()
        np.add.at(tops, self._whose[moved], gains[moved] - found.gains[moved])
        return np.maximum(tops, 0)

    def _ranked(self, gains: Ints, numbers: Ints) -> Ints:
        """The edges (by their place in `_edges`) of these of `who`, person by person, those that bring most first."""
        asked = np.zeros(len(self.who), np.bool_)
        asked[numbers] = True
        at = np.nonzero(asked[self._whose])[0]
        return at[np.lexsort((-gains[at], self._whose[at]))]

    def _reach(self, goal: Goal, gains: Ints, ranked: Ints) -> Ints:
        """What each of those ranked would bring if everything went together."""
        whose = self._whose[ranked]
        begin = np.nonzero(np.diff(whose, prepend=-1))[0]
        rank = np.arange(len(ranked)) - np.repeat(begin, np.diff(begin, append=len(ranked)))
        more = gains[ranked] - goal.price * FINE * (self._loads[whose] + rank)
        counts = (rank < self._rooms[whose]) & (more > 0)
        return np.add.reduceat(np.where(counts, more, 0), begin) if len(ranked) else ranked

    def _note(self, found: "Found", gains: Ints, tops: Ints, asked: Ints, done: Mask) -> None:
        """Keep what was found out: for everybody `done`; what is in their best set may differ for those `asked`."""
        edges, mine = done[self._whose], np.zeros(len(self.who), np.bool_)
        found.gains[edges], found.tops[done] = gains[edges], tops[done]
        for number in asked[tops[asked] == 0].tolist():
            found.sets[number] = []
        mine[asked] = True
        found.held[mine[self._whose]] = False
        best = [(number, request) for number in asked.tolist() for request in found.best(number)]
        if best:
            found.held[self._places(best)] = True

    def near(self, goal: Goal, prices: Ints, *, within: int) -> Iterator[tuple[int, dict[Set, int]]]:
        """(volunteer, {set: what it brings less than the best}) with every set that is at most `within` below it."""
        gains, tops = self._gains(goal, prices), self.best(goal, prices).tops.tolist()
        everybody = np.arange(len(self.who))
        for number, search in self._searches(goal, gains, self._ranked(gains, everybody), everybody):
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

    def learn(self, other: "Sets", rules: Collection[int]) -> None:
        """Take over what `other` knows of everybody but those for whom other `rules` hold."""
        requests = max(len(self.instance.needed), len(other.instance.needed))
        edges = places_in(
            other._keys(other.numbers[other._whose], requests), self._keys(self.numbers[self._whose], requests)
        )
        people, known = places_in(other.numbers, self.numbers)
        same = known & np.isin(self.numbers, list(rules), invert=True)
        for kind, found in other._best.items():
            self._best[kind] = self._of(other, found, edges, (people, same))

    def _of(self, other: "Sets", known: "Found", edges: tuple[Ints, Mask], people: tuple[Ints, Mask]) -> "Found":
        """Whose best set lost an edge is asked anew; a new edge is one that brings more than before."""
        found, (at, there), (before, same) = Found.of_nobody(len(self._edges), len(self.who)), edges, people
        lost = known.held.copy()
        lost[at[there]] = False
        same = same & ~np.isin(before, other._whose[lost])
        mine = there & same[self._whose]
        found.gains[mine], found.held[mine] = known.gains[at[mine]], known.held[at[mine]]
        found.tops[same] = known.tops[before[same]]
        there_before = zip(same.tolist(), before.tolist(), strict=True)
        found.sets[:] = [known.sets[old] if is_same else [] for is_same, old in there_before]
        return found

    def _with(self, edges: Mask) -> Ints:
        """The numbers of those with one of these edges."""
        return np.nonzero(np.bincount(self._whose[edges], minlength=len(self.who)))[0]

    def _gains(self, goal: Goal, prices: Ints) -> Ints:
        """What each of their edges brings beyond the prices."""
        return goal.worths[self._edges] * FINE - prices[self._request]

    def _searches(self, goal: Goal, gains: Ints, ranked: Ints, numbers: Ints) -> Iterator[tuple[int, Search]]:
        """For these of `who`, who are among those ranked: their requests, those that bring most first."""
        asked = np.zeros(len(self.who), np.bool_)
        asked[numbers] = True
        order, begin, price = ranked[asked[self._whose[ranked]]], 0, goal.price * FINE
        gained, requests = gains[order].tolist(), self._request[order].tolist()
        for number in numbers.tolist():
            end = begin + self._cuts[number + 1] - self._cuts[number]
            who, cut = self.who[number], slice(begin, end)
            yield number, Search(gained[cut], requests[cut], self.steps(who, price), partial(self.fits, who))
            begin = end

    def columns(self, used: Mask) -> list[Column]:
        """The sets of an answer (a mask over the edges)."""
        at = np.nonzero(used[self._edges])[0]
        requests, begin = self._request[at].tolist(), np.nonzero(np.diff(self._whose[at], prepend=-1))[0]
        cuts = pairwise([*begin.tolist(), len(at)])
        return [
            (who, tuple(requests[first:last]))
            for who, (first, last) in zip(self.numbers[self._whose[at[begin]]].tolist(), cuts, strict=True)
        ]

    def mask(self, columns: Iterable[Column]) -> Mask:
        """The way back."""
        used = np.zeros(len(self.instance.request), np.bool_)
        pairs = [(self._number[who], request) for who, requests in columns for request in requests]
        if pairs:
            used[self._edges[self._places(pairs)]] = True
        return used

    def _places(self, pairs: list[tuple[int, int]]) -> Ints:
        """Where in `_edges` each of these pairs stands: one of `who` by number, and a request."""
        numbers, requests = np.array(pairs).T
        return np.searchsorted(self._places_of, numbers * len(self.instance.needed) + requests)

    def _keys(self, whose: Ints, requests: int) -> Ints:
        """One number for each of `_edges`, ascending. `whose`: whose each is; `requests`: how many there may be."""
        return whose * requests + self._request


@dataclass(frozen=True, eq=False)
class Found:
    """
    Of each volunteer of some sets (in the order of `who`) what the best was when last asked.

    `tops`: the most they can bring. `sets`: some that bring ever more, the last of them the most; none where nothing is
    gained. `gains`: of each edge what it brought then; `held`: is it in the best set?
    """

    gains: Ints
    held: Mask
    tops: Ints
    sets: list[list[Set]]

    @classmethod
    def of_nobody(cls, edges: int, volunteers: int) -> "Found":
        nothing: list[list[Set]] = [[] for _ in range(volunteers)]
        return cls(np.full(edges, NEVER), np.zeros(edges, np.bool_), np.zeros(volunteers, np.int64), nothing)

    def best(self, number: int) -> Set:
        return self.sets[number][-1] if self.sets[number] else ()
