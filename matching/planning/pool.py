"""
A program over sets so large that corners cost minutes: its prices and shares, nearly right, by PDLP's small steps.

That is enough: a bound that follows from prices holds for whatever prices, and shares only say what to try first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import linear_solver_pb2
from ortools.pdlp import solvers_pb2
from ortools.pdlp.python import pdlp

from matching.planning.problem import Ints
from matching.planning.sets import Column, Goal, Sets

PRECISE = 1e-4  # of the program's worth; ten times as precise takes ten times as long
STEPS = 5_000  # of the method in one program; the bench's city takes about 1,000

Shares = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answer:
    """Shares of the columns asked for, prices of all requests (R,) and gains of all volunteers (V,), in units."""

    shares: Shares
    prices: Shares
    gains: Shares
    reached: float


@dataclass(frozen=True, eq=False)
class Ends:
    """`who` (K,): the volunteer of each set. `requests`, `of`: each request in a set, and the set it is in."""

    who: Ints
    requests: Ints
    of: Ints


class Pool:
    """The sets found so far, as arrays that grow."""

    def __init__(self, sets: Sets, start: Iterable[Column]) -> None:
        self.sets, self.columns = sets, list[Column]()
        self._known: set[Column] = set()
        for column in start:
            self.add(column)

    def add(self, column: Column) -> bool:
        """False where it is known."""
        if column in self._known:
            return False
        self._known.add(column)
        self.columns.append(column)
        return True

    def worths(self, goal: Goal) -> Ints:
        """What each set brings."""
        return np.array([self.sets.worth(column, goal) for column in self.columns], np.int64)

    def ends(self) -> Ends:
        who = np.array([who for who, _requests in self.columns], np.int64)
        requests = np.array([one for _who, some in self.columns for one in some], np.int64)
        return Ends(who, requests, np.repeat(np.arange(len(who)), [len(some) for _who, some in self.columns]))


def shares_of(worths: Shares, ends: Ends, needed: Ints, *, people: int, effort: float, after: Answer | None) -> Answer:
    """
    Which share of each set is taken, nearly. `worths` (K,): of the sets, in units. `needed` (R,): places free.

    `people`: how many volunteers there are. `after`: the answer for the first of these sets, to go on from.
    """
    places, serving = _rows(ends.requests, ends.of), _rows(ends.who, np.arange(len(ends.who)))
    program = linear_solver_pb2.MPModelProto(maximize=True)
    for worth in worths.tolist():
        program.variable.add(lower_bound=0, upper_bound=float("inf"), objective_coefficient=worth)
    for request, columns in places:
        _row(program, columns, float(needed[request]))
    for _who, columns in serving:
        _row(program, columns, 1.0)
    rows = [request for request, _columns in places], [who for who, _columns in serving]
    begin = _begin(after or Answer(np.zeros(0), np.zeros(len(needed)), np.zeros(people), 0.0), len(worths), rows)
    found = pdlp.primal_dual_hybrid_gradient(pdlp.qp_from_mpmodel_proto(program, True), _how(effort), begin)
    prices, gains = np.zeros(len(needed)), np.zeros(people)
    prices[rows[0]], gains[rows[1]] = np.split(np.abs(found.dual_solution), [len(places)])
    shares = np.asarray(found.primal_solution)
    return Answer(shares, prices, gains, float(worths @ shares))


def _begin(after: Answer, size: int, rows: tuple[list[int], list[int]]) -> Any:
    begin = pdlp.PrimalAndDualSolution()
    begin.primal_solution = np.append(after.shares, np.zeros(size - len(after.shares)))
    begin.dual_solution = -np.append(after.prices[rows[0]], after.gains[rows[1]])
    return begin


def _rows(key: Ints, columns: Ints) -> list[tuple[int, list[int]]]:
    """(key, its columns), ascending."""
    order = np.argsort(key, kind="stable")
    found, first = np.unique(key[order], return_index=True)
    return [(one, some.tolist()) for one, some in zip(found.tolist(), np.split(columns[order], first[1:]), strict=True)]


def _row(program: Any, columns: list[int], most: float) -> None:
    ones = [1.0] * len(columns)
    program.constraint.add(lower_bound=-float("inf"), upper_bound=most, var_index=columns, coefficient=ones)


def _how(effort: float) -> Any:
    how = solvers_pb2.PrimalDualHybridGradientParams()
    criteria = how.termination_criteria
    criteria.simple_optimality_criteria.eps_optimal_relative = PRECISE
    criteria.simple_optimality_criteria.eps_optimal_absolute = PRECISE
    criteria.iteration_limit = max(1, int(STEPS * effort))
    return how
