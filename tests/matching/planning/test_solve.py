"""A round is the best there is: against every possible one, on thousands of small ones."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.planning import Problem, Solution, Together, solve
from tests.matching.planning.brute import best, clashing, dice, problems

quick = settings(deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))


def worth(solution: Solution) -> tuple[int, int, int]:
    return solution.filled, solution.priority, round(solution.fit * 10_000)


def pairs(problem: Problem, solution: Solution) -> set[tuple[int, int]]:
    ends = problem.request[solution.chosen], problem.volunteer[solution.chosen]
    return set(zip(*(side.tolist() for side in ends), strict=True))


def gates_hold(problem: Problem, solution: Solution, together: Together | None = None) -> None:
    chosen = solution.chosen
    assert len(set(chosen.tolist())) == len(chosen) == solution.filled
    assert np.all(np.bincount(problem.request[chosen], minlength=len(problem.needed)) <= problem.needed)
    assert np.all(np.bincount(problem.volunteer[chosen], minlength=len(problem.room)) <= problem.room)
    for volunteer in set(problem.volunteer[chosen].tolist()):
        mine = tuple(sorted(problem.request[chosen][problem.volunteer[chosen] == volunteer].tolist()))
        assert together is None or len(mine) < 2 or together(volunteer, mine)


@settings(quick, max_examples=1000)
@given(problem=problems())
def test_a_round_is_the_best_of_all(problem):
    solution = solve(problem)
    gates_hold(problem, solution)
    assert worth(solution) == best(problem)
    assert solution.gap == 0
    assert solution.bound == (solution.filled, solution.priority, solution.fit)


@settings(quick, max_examples=1000)
@given(problem=problems(), throw=dice())
def test_it_is_the_best_that_goes_together(problem, throw):
    together = clashing(problem, throw)
    solution = solve(problem, together=together)
    gates_hold(problem, solution, together)
    assert worth(solution) == best(problem, together)
    assert solution.gap == 0


@settings(quick, max_examples=300)
@given(problem=problems(requests=9, volunteers=6), throw=dice())
def test_whoever_holds_many_is_shared_well(problem, throw):
    """More room and more that clashes than a quarter knows: the program of the sets is rarely whole here."""
    problem = replace(problem, room=throw.integers(2, 6, len(problem.room)))
    together = clashing(problem, throw, most=12)
    solution = solve(problem, together=together)
    gates_hold(problem, solution, together)
    assert worth(solution) == best(problem, together)
    assert solution.gap == 0


@settings(quick, max_examples=200)
@given(problem=problems(), throw=dice(), effort=st.sampled_from([0.0, 1e-6, 1e-5]))
def test_a_round_that_may_not_work_long_says_so(problem, throw, effort):
    """What it finds keeps every rule, and its bound holds: the best lies between the two."""
    together = clashing(problem, throw)
    solution = solve(problem, together=together, effort=effort)
    gates_hold(problem, solution, together)
    filled, priority, fit = solution.bound
    assert worth(solution) <= best(problem, together) <= (filled, priority, round(fit * 10_000))
    assert (solution.gap == 0) == (solution.bound == (solution.filled, solution.priority, solution.fit))


@settings(quick, max_examples=200)
@given(problem=problems(), throw=dice())
def test_one_more_volunteer_never_fills_fewer_places(problem, throw):
    together = clashing(problem, throw)
    without = problem.volunteer != len(problem.room) - 1
    ends = {name: getattr(problem, name)[without] for name in ("request", "volunteer", "fit")}
    fewer = solve(replace(problem, **ends), together=together)
    assert solve(problem, together=together).filled >= fewer.filled


@settings(quick, max_examples=200)
@given(problem=problems(), throw=dice())
def test_the_order_of_the_edges_changes_nothing(problem, throw):
    together = clashing(problem, throw)
    order = throw.permutation(len(problem.fit))
    mixed = replace(problem, **{name: getattr(problem, name)[order] for name in ("request", "volunteer", "fit")})
    one, other = solve(problem, together=together), solve(mixed, together=together)
    assert pairs(problem, one) == pairs(mixed, other)
    assert worth(one) == worth(other)


def renumbered(problem: Problem, requests: Any, volunteers: Any) -> Problem:
    """Request i of the new is request `requests[i]` of the old."""
    places = {name: getattr(problem, name)[requests] for name in ("needed", "priority")}
    people = {name: getattr(problem, name)[volunteers] for name in ("room", "load")}
    ends = {"request": np.argsort(requests)[problem.request], "volunteer": np.argsort(volunteers)[problem.volunteer]}
    return replace(problem, **places, **people, **ends)


@settings(quick, max_examples=200)
@given(problem=problems(requests=4, volunteers=3), throw=dice())
def test_other_numbers_for_the_same_people_change_nothing(problem, throw):
    """Fits that are powers of two apart leave one optimum only."""
    fits = np.array([2**k for k in range(len(problem.fit))]) / 10_000
    problem = replace(problem, fit=fits, crowding=0.0)
    requests = throw.permutation(len(problem.needed))
    volunteers = throw.permutation(len(problem.room))
    other = renumbered(problem, requests, volunteers)
    found = {(int(requests[r]), int(volunteers[v])) for r, v in pairs(other, solve(other))}
    assert found == pairs(problem, solve(problem))


def one_edge(**changes: Any) -> Problem:
    plain: dict[str, Any] = {
        "needed": [1],
        "priority": [5],
        "room": [1],
        "load": [0],
        "request": [0],
        "volunteer": [0],
        "fit": [0.5],
    }
    return Problem(**{name: np.array(value) for name, value in (plain | changes).items() if name != "crowding"})


def test_nobody_asked_and_nobody_there():
    empty = one_edge(request=np.zeros(0, int), volunteer=np.zeros(0, int), fit=np.zeros(0))
    assert worth(solve(empty)) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fit": [1.01]}, "fit"),
        ({"fit": [-0.1]}, "fit"),
        ({"fit": [float("nan")]}, "fit"),
        ({"request": [1]}, "request out of range"),
        ({"volunteer": [1]}, "volunteer out of range"),
        ({"request": [-1]}, "request"),
        ({"priority": [0]}, "priority"),
        ({"priority": [1001]}, "priority"),
        ({"room": [-1]}, "room"),
        ({"needed": [0.5]}, "needed"),
        ({"request": [0, 0], "volunteer": [0, 0], "fit": [0.1, 0.2]}, "twice"),
        ({"request": [0, 0]}, "length"),
    ],
)
def test_what_is_no_problem_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        solve(one_edge(**changes))


def test_progress_comes_to_the_end():
    heard: list[float] = []
    solve(
        one_edge(
            needed=[1, 1], priority=[1, 1], request=[0, 1], volunteer=[0, 1], fit=[0.1, 0.2], room=[1, 1], load=[0, 0]
        ),
        progress=heard.append,
    )
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
