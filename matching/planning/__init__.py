"""The pure solver of a round: which edges of a graph of candidates are chosen. No database, nobody's name."""

from collections.abc import Callable

import numpy as np

from matching.planning.blocks import blocks_of
from matching.planning.exact import best_together
from matching.planning.problem import Problem, Solution, Together, arranged, solution_of
from matching.planning.standing import Standing

__all__ = ["Problem", "Solution", "Standing", "Together", "solve"]


def solve(
    problem: Problem,
    *,
    together: Together | None = None,
    effort: float = 1.0,
    progress: Callable[[float], None] | None = None,
) -> Solution:
    """
    The best edges: most places filled, then the highest priority, then the highest fit minus crowding.

    `together`: may this volunteer serve all these requests. `effort`: how much work may go into proving the last of it.
    Raises ValueError for a problem that is not one.
    """
    instance = arranged(problem)
    used = np.zeros(len(instance.request), np.bool_)
    bound = np.zeros(3, np.int64)
    for done, edges in enumerate(found := blocks_of(instance)):
        mine, best = best_together(instance.part(edges), together, effort=effort)
        used[edges] = mine
        bound += best
        if progress:
            progress((done + 1) / len(found))
    return solution_of(instance, used, (int(bound[0]), int(bound[1]), int(bound[2])))
