"""
The optimum under side constraints: which requests one volunteer can serve together is asked of an oracle.

The flow without them is a proven bound. Where its answer asks too much of somebody, a good answer that keeps to the
oracle is made by giving up what does not go together and letting the flow find the next best. Then each volunteer
chooses among whole sets of requests that go together (`sets`, `master`): this bound is mostly met by an answer, and
what it leaves open is little enough to be decided (`core`).

Places and priority are one goal, places, priority and fit another, in which a point of priority counts as a good deal
of fit. An answer that is best for both is the best of all: no other has more places or priority, and of those that have
as much none fits better.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from matching.planning.closing import closed
from matching.planning.flow import Mask, Network, best_flow, network_of
from matching.planning.problem import Instance, Together, worth_of
from matching.planning.repair import improved
from matching.planning.value import Triple

TURNS = 3  # of giving up and asking the flow again


def best_together(instance: Instance, together: Together | None, *, effort: float) -> tuple[Mask, Triple]:
    """The edges chosen, and the bound."""
    network = network_of(instance)
    used = best_flow(network)
    bound = worth_of(instance, used)
    if together is None or not any(True for _ in broken(instance, used, together)):
        return used, bound
    return closed(instance, _repaired(network, used, together), bound, together, effort=effort)


def a_good_answer(instance: Instance, together: Together) -> Mask:
    """Edges that keep to the oracle, quickly found."""
    if not len(instance.request):
        return np.zeros(0, np.bool_)
    network = network_of(instance)
    return _repaired(network, best_flow(network), together)


def _repaired(network: Network, used: Mask, together: Together) -> Mask:
    """
    An answer that keeps to the oracle: each volunteer keeps the best they can serve together, and the rest is placed
    anew; the better of doing so at once, and of asking the flow again without what was given up, a few times.
    """
    instance, allowed = network.instance, np.ones(len(used), np.bool_)
    best, flow = np.zeros_like(used), used
    for _ in range(TURNS):
        kept = flow.copy()
        for edges in broken(instance, flow, together):
            lost = list(set(edges) - set(_best_of(network, edges, together)))
            kept[lost] = allowed[lost] = False
        best = max(best, improved(instance, kept, together), key=lambda mask: _value(network, mask))
        if np.array_equal(kept, flow):
            break
        flow = best_flow(network, allowed)
    return best


def _best_of(network: Network, edges: list[int], together: Together) -> tuple[int, ...]:
    """The most valuable of these edges of one volunteer that go together."""
    instance = network.instance
    volunteer = int(instance.volunteer[edges[0]])

    def value(some: tuple[int, ...]) -> int:
        points = sum(int(instance.priority[instance.request[e]]) + network.bonus for e in some)
        return points * network.step + sum(int(instance.worth[e]) for e in some)

    for size in range(len(edges) - 1, 0, -1):
        fitting = [some for some in combinations(edges, size) if _go_together(instance, volunteer, some, together)]
        if fitting:
            return max(fitting, key=value)
    return ()


def _go_together(instance: Instance, volunteer: int, edges: tuple[int, ...], together: Together) -> bool:
    return len(edges) < 2 or together(volunteer, tuple(int(instance.request[edge]) for edge in edges))


def broken(instance: Instance, used: Mask, together: Together) -> Iterator[list[int]]:
    """The chosen edges of each volunteer of whom too much is asked."""
    chosen = np.nonzero(used)[0]
    order = chosen[np.argsort(instance.volunteer[chosen], kind="stable")]
    who, first, count = np.unique(instance.volunteer[order], return_index=True, return_counts=True)
    for volunteer, begin, size in zip(who.tolist(), first.tolist(), count.tolist(), strict=True):
        edges = order[begin : begin + size].tolist()
        if size > 1 and not _go_together(instance, volunteer, tuple(edges), together):
            yield edges


def _value(network: Network, used: Mask) -> int:
    """What the flow maximises: places and priority in steps, then fit minus crowding."""
    places, priority, fit = worth_of(network.instance, used)
    return (priority + places * network.bonus) * network.step + fit
