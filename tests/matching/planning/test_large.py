"""A block too large to be closed, played on small ones: its answer keeps every rule and its bound holds."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.planning import closing, solve
from matching.planning.exact import a_good_answer
from matching.planning.problem import Problem, arranged, solution_of, worth_of
from matching.planning.repair import traded
from tests.matching.planning.brute import best, clashing, dice, problems
from tests.matching.planning.test_solve import gates_hold, pairs, quick, worth


@pytest.fixture(autouse=True)
def every_block_is_too_large(monkeypatch):
    monkeypatch.setattr(closing, "TOO_MANY", 0)


def whole(bound: tuple[int, int, float]) -> tuple[int, int, int]:
    return bound[0], bound[1], round(bound[2] * 10_000)


@quick
@given(problem=problems(requests=9, volunteers=6), throw=dice(), effort=st.sampled_from([1.0, 1e-3, 1e-6, 0.0]))
def test_the_best_lies_between_its_answer_and_its_bound(problem, throw, effort):
    together = clashing(problem, throw, most=8)
    solution = solve(problem, together=together, effort=effort)
    gates_hold(problem, solution, together)
    assert worth(solution) <= best(problem, together) <= whole(solution.bound)
    assert (solution.gap == 0) == (worth(solution) == whole(solution.bound))


@quick
@given(problem=problems(requests=9, volunteers=6), throw=dice())
def test_it_never_fills_fewer_places_than_local_search(problem, throw):
    together = clashing(problem, throw, most=8)
    before = a_good_answer(arranged(problem), together)
    assert solve(problem, together=together).filled >= before.sum()


@quick
@given(problem=problems(requests=9, volunteers=6), throw=dice())
def test_a_trade_keeps_the_places_and_every_rule_and_lowers_no_priority(problem, throw):
    together, instance = clashing(problem, throw, most=8), arranged(problem)
    before = a_good_answer(instance, together)
    after = traded(instance, before, together)
    nothing = (0, 0, 0)
    gates_hold(problem, solution_of(instance, after, nothing), together)
    assert worth_of(instance, after)[0] == worth_of(instance, before)[0]
    assert worth_of(instance, after)[1] >= worth_of(instance, before)[1]


def test_who_is_urgent_takes_a_place_also_by_way_of_a_third():
    """0 is urgent and fits volunteer 0 only; 1 could go to volunteer 1, whose 2 has the lowest priority."""
    problem = Problem(
        needed=np.array([1, 1, 1]),
        priority=np.array([9, 5, 1]),
        room=np.array([1, 1]),
        load=np.array([0, 0]),
        request=np.array([0, 1, 1, 2]),
        volunteer=np.array([0, 0, 1, 1]),
        fit=np.array([0.5, 0.5, 0.5, 0.5]),
    )
    instance = arranged(problem)
    found = traded(instance, np.array([False, True, False, True]), lambda volunteer, requests: True)
    assert found.tolist() == [True, False, True, False]


@quick
@given(problem=problems(), throw=dice())
def test_the_same_round_in_another_order_is_the_same(problem, throw):
    together = clashing(problem, throw, most=8)
    order = throw.permutation(len(problem.fit))
    mixed = replace(problem, **{name: getattr(problem, name)[order] for name in ("request", "volunteer", "fit")})
    one, again, other = (solve(some, together=together) for some in (problem, problem, mixed))
    assert np.array_equal(one.chosen, again.chosen)
    assert pairs(problem, one) == pairs(mixed, other)
    assert one.bound == other.bound
