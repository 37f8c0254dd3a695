"""Which sets of requests one volunteer can serve together, those worth most or nearly so."""

from collections.abc import Callable

Set = tuple[int, ...]  # requests in ascending order


class Search:
    """
    Depth first over the requests of one volunteer, those that bring most first.

    `gains`: what each of the `requests` brings; `steps`: what each further one costs, as many as there is room for.
    """

    def __init__(self, gains: list[int], requests: list[int], steps: list[int], fits: Callable[[Set], bool]) -> None:
        self._gains, self._requests, self._steps, self._fits = gains, requests, steps, fits
        self._room = len(steps)

    def best(self, known: Set, brought: int) -> tuple[int, list[Set]]:
        """The most they can bring, and sets that bring ever more; from a `known` one and what that `brought`."""
        self._top, self._found = brought, [known] if brought else list[Set]()
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
            if self._fits(some):
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
            if self._fits(some):
                if more >= self._least:
                    self._all.append((some, more))
                if depth + 1 < self._room:
                    self._wider(at + 1, some, more)
