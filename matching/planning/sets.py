"""
What each volunteer of one block can serve together: the set worth most at given prices of the requests, and every set
that is nearly worth as much.

Whole numbers throughout, so that what follows from the prices is proven and not only computed. A set is a tuple of
edges (indexes into the instance's), all of one volunteer.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from matching.planning.problem import Instance, Ints, Together

FINE = 1 << 16  # prices are counted in parts of a worth, so that rounding them costs less than one worth in all

WORK = 20_000_000  # sets looked at in one block; the fullest quarter of the bench's city takes a tenth of it

Set = tuple[int, ...]


class TooMuchWork(Exception):
    """The budget of this block is spent: what was found stands, and nobody calls it the best."""


class Sets:
    """The volunteers of one instance who have room and a candidate edge; `who` numbers them."""

    def __init__(self, instance: Instance, together: Together, *, effort: float = 1.0) -> None:
        self.instance, self._together = instance, together
        self.left = WORK * effort
        open_ = np.nonzero(instance.room[instance.volunteer] > 0)[0]
        self._edges = open_[np.argsort(instance.volunteer[open_], kind="stable")]
        self.who, first = np.unique(instance.volunteer[self._edges], return_index=True)
        self._cuts = [*first.tolist(), len(self._edges)]
        self._room = np.minimum(instance.room[self.who], np.diff(self._cuts)).tolist()
        self._load = instance.load[self.who].tolist()
        self._names = self.who.tolist()
        self._request, self._group = instance.request.tolist(), instance.group.tolist()
        self._most = instance.most.tolist()

    def __len__(self) -> int:
        return len(self._names)

    def worth(self, number: int, edges: Set, worths: list[int], price: int) -> int:
        """What this set brings its volunteer's requests: the worths of the edges, less the price of crowding."""
        return sum(worths[edge] for edge in edges) - sum(self._steps(number, price)[: len(edges)])

    def best(self, worths: Ints, price: int, prices: Ints) -> Iterator[tuple[int, int, list[Set]]]:
        """
        (number, gain, sets): for each volunteer the most they can bring beyond `prices` (R,), all in parts of FINE.

        `sets` are some that bring ever more, the last of them the most; none where nothing is gained.
        """
        for number, gains, edges in self._sorted(worths, prices):
            search = _Search(self, number, gains, edges, self._steps(number, price * FINE))
            yield number, *search.best()

    def near(self, worths: Ints, price: int, prices: Ints, *, within: int) -> Iterator[tuple[int, int, dict[Set, int]]]:
        """(number, gain, {set: what it brings less than the best}) with every set that is at most `within` below it."""
        for number, gains, edges in self._sorted(worths, prices):
            search = _Search(self, number, gains, edges, self._steps(number, price * FINE))
            top, _sets = search.best()
            yield number, top, {some: top - gain for some, gain in search.all_above(top - within)}

    def fits(self, number: int, edges: Set) -> bool:
        """May this volunteer serve all of these? Raises TooMuchWork."""
        self.left -= 1
        if self.left < 0:
            raise TooMuchWork
        if len(edges) < 2:
            return True
        groups = [self._group[edge] for edge in edges if self._group[edge] >= 0]
        if any(groups.count(group) > self._most[group] for group in set(groups)):
            return False
        return self._together(self._names[number], tuple(self._request[edge] for edge in edges))

    def room(self, number: int) -> int:
        return self._room[number]

    def _steps(self, number: int, price: int) -> list[int]:
        """What each further request of this volunteer costs."""
        load = self._load[number]
        return [price * (load + unit) for unit in range(self._room[number])]

    def _sorted(self, worths: Ints, prices: Ints) -> Iterator[tuple[int, list[int], list[int]]]:
        """Each volunteer's edges, those that bring most first, and what they bring beyond the prices."""
        edges = self._edges
        gain = worths[edges] * FINE - prices[self.instance.request[edges]]
        order = np.lexsort((-gain, self.instance.volunteer[edges]))
        gains, edges_, cuts = gain[order].tolist(), edges[order].tolist(), self._cuts
        for number in range(len(self._names)):
            cut = slice(cuts[number], cuts[number + 1])
            yield number, gains[cut], edges_[cut]


class _Search:
    """Depth first over the edges of one volunteer, those that bring most first."""

    def __init__(self, sets: Sets, number: int, gains: list[int], edges: list[int], steps: list[int]) -> None:
        self._sets, self._number, self._gains, self._edges, self._steps = sets, number, gains, edges, steps
        self._room = sets.room(number)

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
            some, more = (*chosen, self._edges[at]), gain + self._gains[at] - self._steps[depth]
            if self._sets.fits(self._number, some):
                if more > self._top:
                    self._top = more
                    self._found.append(some)
                if depth + 1 < self._room:
                    self._deeper(at + 1, some, more)

    def _wider(self, begin: int, chosen: Set, gain: int) -> None:
        depth = len(chosen)
        for at in range(begin, len(self._gains)):
            some, more = (*chosen, self._edges[at]), gain + self._gains[at] - self._steps[depth]
            if self._most(at + 1, depth + 1, more) < self._least:
                return
            if self._sets.fits(self._number, some):
                if more >= self._least:
                    self._all.append((some, more))
                if depth + 1 < self._room:
                    self._wider(at + 1, some, more)


Column = tuple[int, Set]  # (number of the volunteer, what they serve)


def columns_of(sets: Sets, used: Any) -> list[Column]:
    """The sets of an answer (a mask over the edges)."""
    held: dict[int, list[int]] = {}
    for edge in np.nonzero(used)[0].tolist():
        held.setdefault(int(sets.instance.volunteer[edge]), []).append(edge)
    return [(number, tuple(held[who])) for number, who in enumerate(sets.who.tolist()) if who in held]
