"""What others would solve a round with: OR-tools' min-cost flow, scipy's dense assignment; neither knows of time."""

from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench._city import Array

SCALE = 10_000  # digits of a fit that count, as in the planner
ABOVE_FIT = 10**9  # a point of priority outweighs every fit of a city


def flow(problem: Any) -> Array:
    """
    Edges of the best assignment without a rule about overlapping visits: most places, then priority, then fit.

    The convex price of crowding is one arc for each further match of a volunteer.
    """
    from ortools.graph.python import min_cost_flow

    solver = min_cost_flow.SimpleMinCostFlow()
    requests, volunteers = len(problem.needed), len(problem.room)
    source, sink = requests + volunteers, requests + volunteers + 1
    worth = np.rint(problem.fit * SCALE).astype(np.int64) + problem.priority[problem.request] * ABOVE_FIT
    edges = _arcs(solver, problem.request, problem.volunteer + requests, np.ones(len(worth), np.int64), -worth)
    _arcs(solver, np.full(requests, source), np.arange(requests), problem.needed, np.zeros(requests, np.int64))
    who = np.repeat(np.arange(volunteers), problem.room)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(problem.room) - problem.room, problem.room)
    price = np.rint(problem.crowding * SCALE * (problem.load[who] + nth)).astype(np.int64)
    _arcs(solver, who + requests, np.full(len(who), sink), np.ones(len(who), np.int64), price)
    solver.set_node_supply(source, int(problem.needed.sum()))
    solver.set_node_supply(sink, -int(problem.needed.sum()))
    if solver.solve_max_flow_with_min_cost() != solver.OPTIMAL:
        raise RuntimeError("the flow found no optimum")
    return np.nonzero(solver.flows(edges) > 0)[0]


def _arcs(solver: Any, tails: Array, heads: Array, room: Array, cost: Array) -> Array:
    return solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room.astype(np.int64), cost)


def dense(problem: Any) -> int:
    """Places filled by scipy's dense assignment: a row for each place, a column for each match a volunteer may hold."""
    places = np.repeat(np.arange(len(problem.needed)), problem.needed)
    seats = np.repeat(np.arange(len(problem.room)), problem.room)
    worth = np.zeros((len(problem.needed), len(problem.room)))
    worth[problem.request, problem.volunteer] = 1000 * problem.priority[problem.request] + problem.fit
    matrix = worth[places][:, seats]
    rows, columns = linear_sum_assignment(matrix, maximize=True)
    return int((matrix[rows, columns] > 0).sum())
