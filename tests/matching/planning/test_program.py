"""A program that stays in memory knows what one made anew would know."""

import numpy as np
import pytest

from matching.planning.program import FEW, Program


def anew(limits, columns, may):
    program = Program()
    for most in limits:
        program.row(most)
    for (rows, worth), open_ in zip(columns, may, strict=True):
        program.open(program.column(rows, worth), may=open_)
    return program.corner()


def some_columns(throw, rows, count):
    return [(throw.choice(rows, 3, replace=False).tolist(), float(throw.integers(1, 1000))) for _ in range(count)]


@pytest.mark.parametrize("dual", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_it_goes_on_to_the_same_worth(seed, dual):
    throw = np.random.default_rng(seed)
    limits, columns, program = [1.0] * 12, some_columns(throw, 12, 30), Program()
    for most in limits:
        program.row(most)
    for rows, worth in columns:
        program.column(rows, worth)
    may = [True] * len(columns)
    for _ in range(6):
        row, column = int(throw.integers(12)), int(throw.integers(len(columns)))
        limits[row], may[column] = float(throw.integers(3)), not may[column]
        columns[column] = columns[column][0], float(throw.integers(1, 1000))
        program.limit(row, limits[row])
        program.open(column, may=may[column])
        program.worth(column, columns[column][1])
        more = some_columns(throw, 12, int(throw.choice([0, 2, FEW])))
        for rows, worth in more:
            program.column(rows, worth)
        columns, may = columns + more, may + [True] * len(more)
        found = program.corner(dual=dual)
        assert found.worth == pytest.approx(anew(limits, columns, may).worth)
        assert found.worth == pytest.approx(sum(columns[one][1] * share for one, share in found.taken.items()))


def test_a_row_costs_what_one_more_of_it_would_bring():
    program = Program()
    row = program.row(1)
    program.column([row], 5.0)
    taken = program.column([row], 7.0)
    found = program.corner()
    assert (found.prices.tolist(), found.taken) == ([7.0], {taken: 1.0})


def test_a_program_without_columns_is_worth_nothing():
    program = Program()
    program.row(1)
    assert program.corner().worth == 0
