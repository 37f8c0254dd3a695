"""
What it costs to force an edge into the best flow, or out of it, at the least: reduced costs from node potentials.

Potentials are shortest distances in the residual graph of an optimal flow, which has no negative cycle; found by
Bellman and Ford's rounds over all arcs at once.
"""

import numpy as np

from matching.planning.flow import Mask, Network
from matching.planning.problem import Ints


def reduced_costs(network: Network, used: Mask) -> Ints:
    """
    Per edge: at least so much is lost by using an edge that is not used (>= 0), or by giving up a used one (<= 0).

    In units of `network.step` for a point of priority and 1 / SCALE of a fit. Raises ArithmeticError for a flow that
    is not optimal.
    """
    tails, heads, costs = _residual(network, used)
    order = np.argsort(heads, kind="stable")
    tails, heads, costs = tails[order], heads[order], costs[order]
    nodes, begins = np.unique(heads, return_index=True)
    distance = np.zeros(network.sink + 1, np.int64)
    for _ in range(network.sink + 2):
        shorter = np.minimum.reduceat(distance[tails] + costs, begins)
        if np.all(distance[nodes] <= shorter):
            return distance[network.tail] - network.instance.worth - distance[network.head]
        distance[nodes] = np.minimum(distance[nodes], shorter)
    raise ArithmeticError("this flow can still be made better")


def _residual(network: Network, used: Mask) -> tuple[Ints, Ints, Ints]:
    """(tail, head, cost) of every arc along which something can still be moved."""
    n, i = network, network.instance
    served = np.bincount(n.tail[used], minlength=len(n.requests))
    taken = np.bincount(n.of[used], minlength=len(n.volunteers))
    request, volunteer = np.arange(len(n.requests)), len(n.requests) + np.arange(len(n.volunteers))
    inside = np.bincount(n.head[used], minlength=n.sink + 1)[n.first_group : n.source]
    group = n.first_group + np.arange(len(n.groups))
    room = np.bincount(n.units, minlength=len(n.volunteers))
    price = i.price * (i.load[n.volunteers] + taken)
    more, less = served < i.needed[n.requests], served > 0
    fits = inside < i.most[n.groups]
    can, did = taken < room, taken > 0
    source, sink = np.full(len(request), n.source), np.full(len(volunteer), n.sink)
    arcs = [
        (n.tail[~used], n.head[~used], -i.worth[~used]),
        (n.head[used], n.tail[used], i.worth[used]),
        (source[more], request[more], -n.gain[more]),
        (request[less], source[less], n.gain[less]),
        (group[fits], n.owner[fits], np.zeros(fits.sum())),
        (n.owner[inside > 0], group[inside > 0], np.zeros((inside > 0).sum())),
        (volunteer[can], sink[can], price[can]),
        (sink[did], volunteer[did], i.price - price[did]),
        (np.array([n.sink, n.source]), np.array([n.source, n.sink]), np.zeros(2)),
    ]
    tails, heads, costs = (np.concatenate(side).astype(np.int64) for side in zip(*arcs, strict=True))
    return tails, heads, costs
