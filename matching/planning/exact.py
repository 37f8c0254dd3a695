"""
The optimum under side constraints: which requests one volunteer can serve together is asked of an oracle.

The flow without them is a proven bound. Where its answer asks too much of somebody, a good answer that keeps to the
oracle is made by giving up what does not go together and letting the flow find the next best. What this answer is short
of the bound is all that can still be won: an edge whose reduced cost is more than that cannot change. The few edges
left are decided by CP-SAT, with one cut for each set of requests that does not go together, until none is broken.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import numpy as np

from matching.planning.blocks import blocks_of
from matching.planning.flow import Mask, Network, best_flow, network_of
from matching.planning.prices import reduced_costs
from matching.planning.problem import Instance, Ints, Together, worth_of
from matching.planning.program import best_with_cuts
from matching.planning.repair import improved
from matching.planning.value import Triple

TURNS = 3  # of giving up and asking the flow again
TOO_MANY = 4_000  # edges still open in one block: more are not decided exactly


def best_together(instance: Instance, together: Together | None, *, effort: float) -> tuple[Mask, Triple]:
    """The edges chosen, and the bound."""
    network = network_of(instance)
    used = best_flow(network)
    bound = worth_of(instance, used)
    if together is None or not any(True for _ in broken(instance, used, together)):
        return used, bound
    good = _repaired(network, used, together)
    return _closed(network, used, good, bound, together, effort)


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


def _closed(
    network: Network, used: Mask, good: Mask, bound: Triple, together: Together, effort: float
) -> tuple[Mask, Triple]:
    """What is left open between a good answer and the bound, decided exactly."""
    instance = network.instance
    costs = reduced_costs(network, used)
    left = _value(network, used) - _value(network, good)
    core = np.nonzero(np.abs(costs) <= left)[0]
    fixed = used & (np.abs(costs) > left)
    best, proven = fixed.copy(), True
    rest = _rest(instance, core, fixed)
    held = _held(instance, fixed)

    def with_held(volunteer: int, requests: tuple[int, ...]) -> bool:
        mine = (*held.get(volunteer, ()), *requests)
        return len(mine) < 2 or together(volunteer, mine)

    for edges in blocks_of(rest):
        part = rest.part(edges)
        if len(edges) > TOO_MANY:
            best[core[edges]], proven = good[core[edges]], False
            continue
        chosen, is_best = best_with_cuts(part, network, good[core[edges]], with_held, effort=effort)
        best[core[edges]] = chosen
        proven = proven and is_best
    if _value(network, best) < _value(network, good):
        best, proven = good, False
    reached = worth_of(instance, best)
    return best, reached if proven and (network.strict or reached[0] == bound[0]) else bound


def _value(network: Network, used: Mask) -> int:
    """What the flow maximises: places and priority in steps, then fit minus crowding."""
    places, priority, fit = worth_of(network.instance, used)
    return (priority + places * network.bonus) * network.step + fit


def _rest(instance: Instance, core: Ints, fixed: Mask) -> Instance:
    """The edges still open, with what the fixed ones leave of places, room and groups."""
    taken = np.bincount(instance.volunteer[fixed], minlength=len(instance.room))
    grouped = instance.group[fixed & (instance.group >= 0)]
    left = replace(
        instance,
        needed=instance.needed - np.bincount(instance.request[fixed], minlength=len(instance.needed)),
        room=instance.room - taken,
        load=instance.load + taken,
        most=instance.most - np.bincount(grouped, minlength=len(instance.most)),
    )
    return left.part(core)


def _held(instance: Instance, fixed: Mask) -> dict[int, tuple[int, ...]]:
    held: dict[int, tuple[int, ...]] = {}
    for edge in np.nonzero(fixed)[0].tolist():
        volunteer = int(instance.volunteer[edge])
        held[volunteer] = (*held.get(volunteer, ()), int(instance.request[edge]))
    return held
