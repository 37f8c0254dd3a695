"""
The best pairing without side constraints: a min-cost flow source -> requests -> volunteers -> sink.

Which places can be filled together is a matroid: the largest flow is also the one with the highest priority, and only
the order of the priorities counts: their ranks keep the costs small.
"""

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.planning.problem import SCALE, Instance, Ints

HIGHEST_COST = 2**62  # OR-tools multiplies each cost by the number of nodes


def best_flow(instance: Instance) -> NDArray[np.bool_]:
    """The edges of the optimum, as a mask over the instance's edges."""
    if not len(instance.request):
        return np.zeros(0, dtype=np.bool_)
    requests, tail = np.unique(instance.request, return_inverse=True)
    volunteers, head = np.unique(instance.volunteer, return_inverse=True)
    first, source = len(requests), len(requests) + len(volunteers)
    sink = source + 1
    prices, units, room = _convex(instance, volunteers, head)
    costs = _costs_of_requests(instance, requests, len(volunteers), int(prices.max(initial=0)), sink + 1)
    needed = instance.needed[requests]
    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tail, first + head, np.ones_like(tail), SCALE - instance.worth)
    solver.add_arcs_with_capacity_and_unit_cost(np.full(first, source), np.arange(first), needed, costs)
    solver.add_arcs_with_capacity_and_unit_cost(first + units, np.full(len(units), sink), room, prices)
    whole = int(needed.sum())
    solver.set_nodes_supplies(np.array([source, sink]), np.array([whole, -whole]))
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow ended with {status}")
    return np.asarray(solver.flows(arcs)) > 0


def _convex(instance: Instance, volunteers: Ints, head: Ints) -> tuple[Ints, Ints, Ints]:
    """(cost, volunteer, capacity) of the arcs to the sink: one for each unit of room, each dearer than the last."""
    room = np.minimum(instance.room[volunteers], np.bincount(head, minlength=len(volunteers)))
    if not instance.price:
        return np.zeros_like(room), np.arange(len(volunteers)), room
    units = np.repeat(np.arange(len(volunteers)), room)
    unit = np.arange(len(units)) - np.repeat(np.cumsum(room) - room, room)
    prices = instance.price * (instance.load[volunteers][units] + unit)
    return prices, units, np.ones_like(units)


def _costs_of_requests(instance: Instance, requests: Ints, volunteers: int, dearest: int, nodes: int) -> Ints:
    """One step of priority outweighs all the fit that a change along one cycle of the graph can bring."""
    ranks = np.unique(instance.priority[requests], return_inverse=True)[1]
    spread = int(instance.worth.max() - instance.worth.min())
    step = (min(len(requests), volunteers) + 1) * spread + dearest + 1
    if (int(ranks.max()) * step + SCALE + dearest) * nodes > HIGHEST_COST:
        raise OverflowError("too many requests in one block for whole numbers of 64 bits")
    return (ranks.max() - ranks) * step
