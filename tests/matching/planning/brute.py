"""Small random rounds and their optimum by trying everything."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from matching.planning import Problem
from matching.planning import Together as Rule

Worth = tuple[int, int, int]


@dataclass(frozen=True)
class Together:
    """What clashes: pairs and threes of requests for each volunteer; whoever holds one of these may not serve."""

    clashes: dict[int, tuple[frozenset[int], ...]]

    def __call__(self, volunteer: int, requests: tuple[int, ...]) -> bool:
        return not any(clash <= set(requests) for clash in self.clashes.get(volunteer, ()))


def problems(*, requests: int = 6, volunteers: int = 5) -> st.SearchStrategy[Problem]:
    """Sizes and dice are hypothesis's, the rest is thrown: that is ten times as many rounds in the same time."""
    return st.builds(thrown, st.integers(1, requests), st.integers(1, volunteers), dice())


def dice() -> st.SearchStrategy[np.random.Generator]:
    return st.integers(0, 2**32 - 1).map(np.random.default_rng)


def thrown(requests: int, volunteers: int, throw: np.random.Generator) -> Problem:
    """Few values of priority and load, so that much ties; fits of four digits."""
    there = np.argwhere(throw.random((requests, volunteers)) < throw.choice([0.3, 0.5, 0.8]))
    return Problem(
        needed=throw.choice([0, 1, 1, 2, 3], requests),
        priority=throw.choice([1, 2, 500, 1000], requests),
        room=throw.integers(0, 4, volunteers),
        load=throw.integers(0, 3, volunteers),
        request=there[:, 0].astype(np.int32),
        volunteer=there[:, 1].astype(np.int32),
        fit=throw.choice([throw.integers(0, 10_001, len(there)), throw.integers(0, 3, len(there))]) / 10_000,
        crowding=float(throw.choice([0.0, 0.05, 0.7])),
    )


def clashing(problem: Problem, throw: np.random.Generator, *, most: int = 3) -> Together:
    """Any downward closed rule is a set of smallest things that do not go: at most so many for each volunteer."""
    clashes = {}
    for volunteer in range(len(problem.room)):
        mine = problem.request[problem.volunteer == volunteer].tolist()
        sets = [frozenset(some) for size in (2, 3) for some in combinations(mine, size)]
        picks = throw.integers(0, len(sets), throw.integers(0, most + 1)) if sets else []
        clashes[volunteer] = tuple(sets[pick] for pick in picks)
    return Together(clashes)


def best(problem: Problem, together: Rule | None = None, *, alone: bool = False) -> Worth:
    """
    (filled, priority, fit in ten-thousandths): each volunteer in turn takes every set they can.

    `alone`: ask about single requests too.
    """
    fewest = 1 if alone else 2
    fits = {
        (int(r), int(v)): round(float(f) * 10_000)
        for r, v, f in zip(problem.request, problem.volunteer, problem.fit, strict=True)
    }
    price = round(problem.crowding * 10_000)

    @cache
    def sets(volunteer: int) -> list[tuple[int, ...]]:
        mine = [r for r, v in fits if v == volunteer]
        most = min(int(problem.room[volunteer]), len(mine))
        every = [some for size in range(most + 1) for some in combinations(mine, size)]
        return [some for some in every if len(some) < fewest or together is None or together(volunteer, some)]

    @cache
    def rest(volunteer: int, lacks: tuple[int, ...]) -> Worth:
        if volunteer == len(problem.room):
            return 0, 0, 0
        found = []
        for some in sets(volunteer):
            left = tuple(n - (r in some) for r, n in enumerate(lacks))
            if min(left) >= 0:
                filled, priority, fit = rest(volunteer + 1, left)
                load = int(problem.load[volunteer])
                fit += sum(fits[r, volunteer] - price * (load + k) for k, r in enumerate(some))
                found.append((filled + len(some), priority + sum(int(problem.priority[r]) for r in some), fit))
        return max(found)

    return rest(0, tuple(int(n) for n in problem.needed))


def changed(problem: Problem, together: Together, throw: np.random.Generator) -> tuple[Problem, Together]:
    """One thing is different: a request or a volunteer more or less, room, places, priority, a fit, or what clashes."""
    what = throw.integers(0, 8)
    one, other = int(throw.integers(0, len(problem.needed))), int(throw.integers(0, len(problem.room)))
    if what == 0:  # a request is withdrawn, or a volunteer leaves
        return _without(problem, problem.request == one), together
    if what == 1:
        return _without(problem, problem.volunteer == other), together
    if what == 2:  # these two never
        return _without(problem, (problem.request == one) & (problem.volunteer == other)), together
    if what == 3:
        return _with(problem, "needed", one, int(throw.integers(0, 4))), together
    if what == 4:
        return _with(problem, "room", other, int(throw.integers(0, 4))), together
    if what == 5:
        return _with(problem, "priority", one, int(throw.choice([1, 7, 900]))), together
    if what == 6:  # times of a volunteer, and nothing else
        return problem, Together(together.clashes | {other: clashing(problem, throw).clashes[other]})
    more = thrown(len(problem.needed) + 1, len(problem.room) + 1, throw)  # somebody asks, somebody helps
    new = (more.request == len(problem.needed)) | (more.volunteer == len(problem.room))
    ends = {
        name: np.concatenate([getattr(problem, name), getattr(more, name)[new]])
        for name in ("request", "volunteer", "fit")
    }
    people = {
        name: np.append(getattr(problem, name), getattr(more, name)[-1])
        for name in ("needed", "priority", "room", "load")
    }
    return replace(problem, **ends, **people), together


def _without(problem: Problem, gone: np.ndarray) -> Problem:
    return replace(problem, **{name: getattr(problem, name)[~gone] for name in ("request", "volunteer", "fit")})


def _with(problem: Problem, name: str, at: int, value: int) -> Problem:
    values = getattr(problem, name).copy()
    values[at] = value
    return replace(problem, **{name: values})
