"""After a change a standing round is the best there is, as if it had been made anew."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.planning import Standing, boxes, master, solve
from tests.matching.planning.brute import best, changed, clashing, dice, problems, thrown
from tests.matching.planning.test_solve import gates_hold, one_edge, quick, worth


def rule_changed(before, after) -> set[int]:
    return {who for who in after.clashes if after.clashes[who] != before.clashes.get(who)}


@settings(quick, max_examples=1500)
@given(problem=problems(), throw=dice(), changes=st.integers(1, 4))
def test_after_each_change_it_is_the_best_of_all(problem, throw, changes):
    together = clashing(problem, throw)
    standing = Standing(problem, together=together)
    assert worth(standing.solution) == best(problem, together)
    for _ in range(changes):
        before = together
        problem, together = changed(problem, together, throw)
        found = standing.change(problem, together=together, touched=rule_changed(before, together))
        gates_hold(problem, found, together)
        assert worth(found) == best(problem, together)
        assert found.gap == 0


@settings(quick, max_examples=100)
@given(problem=problems(requests=25, volunteers=15), throw=dice())
def test_it_agrees_with_a_round_made_anew(problem, throw):
    together = clashing(problem, throw, most=8)
    standing = Standing(problem, together=together)
    for _ in range(3):
        before = together
        problem, together = changed(problem, together, throw)
        found = standing.change(problem, together=together, touched=rule_changed(before, together))
        anew = solve(problem, together=together)
        assert (worth(found), found.gap) == (worth(anew), 0)


def chain(seed: int, *, changes: int = 4):
    """The rounds of some changes one after the other, and their problems."""
    throw = np.random.default_rng(seed)
    problem = thrown(20, 12, throw)
    together = clashing(problem, throw, most=8)
    standing = Standing(problem, together=together)
    for _ in range(changes):
        before = together
        problem, together = changed(problem, together, throw)
        yield standing.change(problem, together=together, touched=rule_changed(before, together)), problem, together


@pytest.mark.parametrize(("width", "leaps"), [(0.0, 8), (1e-6, 1), (1.0, 0), (1e6, 8)])
def test_how_far_prices_may_move_at_first_makes_no_difference(width, leaps, monkeypatch):
    monkeypatch.setattr(boxes, "WIDTH", width)
    monkeypatch.setattr(master, "LEAPS", leaps)
    for seed in range(5):
        for found, problem, together in chain(seed):
            assert (worth(found), found.gap) == (worth(solve(problem, together=together)), 0)


def test_the_same_changes_give_the_same_rounds():
    once, again = ([found.chosen.tolist() for found, *_ in chain(5)] for _ in range(2))
    assert once == again


def test_another_price_of_crowding_is_a_change_of_everything():
    throw = np.random.default_rng(7)
    problem = thrown(25, 15, throw)
    together = clashing(problem, throw)
    standing = Standing(problem, together=together)
    for crowding in (0.3, 0.0, 0.9):
        problem = replace(problem, crowding=crowding)
        found = standing.change(problem, together=together)
        assert (worth(found), found.gap) == (worth(solve(problem, together=together)), 0)


def test_from_nobody_to_somebody_and_back():
    nobody = one_edge(request=[], volunteer=[], fit=[])
    standing = Standing(nobody, together=lambda volunteer, requests: True)
    assert standing.solution.filled == 0
    assert standing.change(one_edge(), together=lambda volunteer, requests: True).filled == 1
    assert standing.change(nobody, together=lambda volunteer, requests: True).filled == 0


def test_nothing_is_said_on_the_console(capfd):
    """The solver complains there when it is asked for an answer it no longer has."""
    throw = np.random.default_rng(3)
    for _ in range(20):
        problem = thrown(25, 15, throw)
        together = clashing(problem, throw, most=8)
        Standing(problem, together=together).change(problem, together=together)
    assert capfd.readouterr().err == ""
