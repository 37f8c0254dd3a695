"""
The best pairing without side constraints: a min-cost flow source -> requests -> groups -> volunteers -> sink.

Without side constraints the flow of the highest priority is also the largest one: which places can be filled together
is a matroid. Under them it need not be, so each place counts by itself before its priority.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from matching.planning.problem import SCALE, Instance, Ints

HIGHEST_COST = 2**62  # OR-tools multiplies each cost by the number of nodes

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Network:
    """
    The graph of one instance. Nodes: requests, volunteers, groups, source, sink.

    `step`: what one point of priority is worth, more than all the fit that another pairing can bring. `bonus`: points
    that a place counts besides its priority; `strict`: they are more than all the priority another pairing can bring.
    """

    instance: Instance
    requests: Ints
    volunteers: Ints
    tail: Ints  # node of the request of each edge
    head: Ints  # node of the group, or of the volunteer, of each edge
    of: Ints  # index into `volunteers` of each edge
    groups: Ints  # numbers of the groups, and ...
    owner: Ints  # ... the node of the volunteer of each
    units: Ints  # index into `volunteers` of each unit of room ...
    prices: Ints  # ... and what it costs, each dearer than the last
    step: int
    bonus: int
    strict: bool

    @property
    def gain(self) -> Ints:
        """What filling a place of each request is worth, without the fit."""
        return (self.instance.priority[self.requests] + self.bonus) * self.step

    @property
    def first_group(self) -> int:
        return len(self.requests) + len(self.volunteers)

    @property
    def source(self) -> int:
        return self.first_group + len(self.groups)

    @property
    def sink(self) -> int:
        return self.source + 1


def network_of(instance: Instance) -> Network:
    """The nodes and costs of an instance with at least one edge. Raises OverflowError for one that is too large."""
    requests, tail = np.unique(instance.request, return_inverse=True)
    volunteers, of = np.unique(instance.volunteer, return_inverse=True)
    grouped = instance.group >= 0
    groups, member = np.unique(instance.group[grouped], return_inverse=True)
    first = len(requests) + len(volunteers)
    head = len(requests) + of
    owner = np.zeros(len(groups), np.int64)
    owner[member] = head[grouped]
    head[grouped] = first + member
    units, prices = _convex(instance, volunteers, of)
    spread = int(instance.worth.max() - instance.worth.min()) + int(prices.max(initial=0))
    places = min(int(instance.needed[requests].sum()), len(units))
    step = (places + 1) * (spread + 1)
    priority = instance.priority[requests]
    wanted = int(priority.max() - priority.min()) * places + 1
    most = HIGHEST_COST // (first + len(groups) + 2) // step - int(priority.max()) - 2
    if most < 0:
        raise OverflowError("too many requests in one block for whole numbers of 64 bits")
    worth = step, min(wanted, most), wanted <= most
    return Network(instance, requests, volunteers, tail, head, of, groups, owner, units, prices, *worth)


def best_flow(network: Network, allowed: Mask | None = None) -> Mask:
    """The edges of the optimum, as a mask over the instance's edges. `allowed`: no others."""
    n, i = network, network.instance
    open_ = np.ones(len(n.tail), np.int64) if allowed is None else allowed.astype(np.int64)
    solver = SimpleMinCostFlow()
    add = solver.add_arcs_with_capacity_and_unit_cost
    arcs = add(n.tail, n.head, open_, SCALE - i.worth)
    needed, count = i.needed[n.requests], len(n.requests)
    add(np.full(count, n.source), np.arange(count), needed, n.gain.max() - n.gain)
    if len(n.groups):
        add(n.first_group + np.arange(len(n.groups)), n.owner, i.most[n.groups], np.zeros(len(n.groups), np.int64))
    add(count + n.units, np.full(len(n.units), n.sink), np.ones_like(n.units), n.prices)
    whole = int(needed.sum())
    solver.set_nodes_supplies(np.array([n.source, n.sink]), np.array([whole, -whole]))
    status = solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow ended with {status}")
    return np.asarray(solver.flows(arcs)) > 0


def _convex(instance: Instance, volunteers: Ints, of: Ints) -> tuple[Ints, Ints]:
    """(volunteer, cost) of the arcs to the sink: one for each unit of room."""
    room = np.minimum(instance.room[volunteers], np.bincount(of, minlength=len(volunteers)))
    units = np.repeat(np.arange(len(volunteers)), room)
    unit = np.arange(len(units)) - np.repeat(np.cumsum(room) - room, room)
    return units, instance.price * (instance.load[volunteers][units] + unit)
