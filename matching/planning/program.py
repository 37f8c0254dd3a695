"""
A linear program that stays in memory: the most that columns bring together, where no row holds more than it may.

GLOP by way of MathOpt's own messages: only what is new is handed over, and it goes on from the corner where it stood.
The layer of MathOpt that Python programs mostly use (`mathopt.IncrementalSolver`) would read the whole corner back at
each step, which takes four times as long as the step.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.glop.parameters_pb2 import GlopParameters
from ortools.math_opt.callback_pb2 import CallbackRegistrationProto
from ortools.math_opt.core.python import solver
from ortools.math_opt.model_parameters_pb2 import ModelSolveParametersProto
from ortools.math_opt.model_pb2 import ModelProto
from ortools.math_opt.model_update_pb2 import ModelUpdateProto
from ortools.math_opt.parameters_pb2 import SOLVER_TYPE_GLOP, SolveParametersProto, SolverInitializerProto
from ortools.math_opt.result_pb2 import SolveResultProto

FEW = 50  # new columns: with fewer the steepest edge takes longer to look for than it saves
EXACT = 1e-12  # of the dearest: what a worth may be off; a fit differs in the ninth digit of it


@dataclass(frozen=True, eq=False)
class Corner:
    """`prices` (rows,): what one more of each row would bring. `taken`: column -> how much, where it is not 0."""

    worth: float
    prices: NDArray[np.float64]
    taken: dict[int, float]


class Program:
    """Rows and columns are numbered in the order in which they came."""

    def __init__(self) -> None:
        begin = ModelProto()
        begin.objective.maximize = True
        self._solver = solver.new(SOLVER_TYPE_GLOP, begin, SolverInitializerProto())
        self._rows = self._columns = 0
        self._forget()

    def row(self, most: float) -> int:
        """A new one, its number."""
        number = self._rows + self._new_rows
        self._new_rows += 1
        self._limits[number] = most
        return number

    def column(self, rows: Iterable[int], worth: float, *, share: float = 1.0) -> int:
        """A new one, its number: it takes `share` of each of these rows."""
        number = self._columns + self._new_columns
        self._new_columns += 1
        self._shares += [(row, number, share) for row in rows]
        self._worths[number] = worth
        return number

    def limit(self, row: int, most: float) -> None:
        """This row holds so much from now on."""
        self._limits[row] = most

    def worth(self, column: int, worth: float) -> None:
        self._worths[column] = worth

    def open(self, column: int, *, may: bool) -> None:
        """May this column be taken at all?"""
        self._opened[column] = inf if may else 0.0

    def corner(self, *, dual: bool = False) -> Corner:
        """
        The best corner. `dual`: prices first, which is quicker where limits changed and no column is new.

        Raises ArithmeticError where GLOP finds none.
        """
        how = _DUAL if dual else _FEW if self._columns and self._new_columns < FEW else _MANY
        self._solver.update(self._news())
        self._rows += self._new_rows
        self._columns += self._new_columns
        self._forget()
        return _corner_of(self._solver.solve(how, _WHAT, None, CallbackRegistrationProto(), None, None))

    def _forget(self) -> None:
        self._new_rows = self._new_columns = 0
        self._shares: list[tuple[int, int, float]] = []
        self._worths: dict[int, float] = {}
        self._limits: dict[int, float] = {}
        self._opened: dict[int, float] = {}

    def _news(self) -> ModelUpdateProto:
        news, limits, opened = ModelUpdateProto(), self._limits, self._opened
        _extend(news.objective_updates.linear_coefficients, self._worths)
        _extend(news.linear_constraint_updates.upper_bounds, {r: most for r, most in limits.items() if r < self._rows})
        _extend(news.variable_updates.upper_bounds, {c: most for c, most in opened.items() if c < self._columns})
        rows, columns = news.new_linear_constraints, news.new_variables
        rows.ids.extend(range(self._rows, self._rows + self._new_rows))
        rows.lower_bounds.extend([-inf] * self._new_rows)
        rows.upper_bounds.extend(limits[row] for row in rows.ids)
        columns.ids.extend(range(self._columns, self._columns + self._new_columns))
        columns.lower_bounds.extend([0.0] * self._new_columns)
        columns.upper_bounds.extend(opened.get(column, inf) for column in columns.ids)
        columns.integers.extend([False] * self._new_columns)
        shares = sorted(self._shares)
        for ids, found in zip(_ends(news), zip(*shares, strict=True), strict=False):
            ids.extend(found)
        return news


def _ends(news: ModelUpdateProto) -> Any:
    found = news.linear_constraint_matrix_updates
    return found.row_ids, found.column_ids, found.coefficients


def _extend(sparse: Any, values: dict[int, float]) -> None:
    ordered = sorted(values)
    sparse.ids.extend(ordered)
    sparse.values.extend(values[one] for one in ordered)


def _how(**more: Any) -> SolveParametersProto:
    """Without preprocessing: else each step would begin from nothing."""
    return SolveParametersProto(glop=GlopParameters(use_preprocessing=False, dual_feasibility_tolerance=EXACT, **more))


def _what() -> ModelSolveParametersProto:
    """Of the answer only what is taken, and the prices of the rows."""
    what = ModelSolveParametersProto()
    what.variable_values_filter.skip_zero_values = True
    what.reduced_costs_filter.filter_by_ids = True
    return what


_MANY, _DUAL, _WHAT = _how(), _how(use_dual_simplex=True), _what()
_FEW = _how(optimization_rule=GlopParameters.DEVEX, feasibility_rule=GlopParameters.DEVEX)


def _corner_of(found: SolveResultProto) -> Corner:
    if not found.solutions or not found.solutions[0].dual_solution.dual_values.ids:
        raise ArithmeticError("the program of the sets was not solved")
    primal, dual = found.solutions[0].primal_solution, found.solutions[0].dual_solution
    taken = dict(zip(primal.variable_values.ids, primal.variable_values.values, strict=True))
    return Corner(primal.objective_value, np.array(dual.dual_values.values), taken)
