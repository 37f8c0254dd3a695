"""What somebody can serve at the most is the same whether it was asked once or follows from what was known before."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings

from matching.planning.difference import difference
from matching.planning.problem import arranged
from matching.planning.search import Search
from matching.planning.sets import FINE, Goal, Sets, TooMuchWork
from tests.matching.planning.brute import changed, clashing, dice, problems
from tests.matching.planning.test_solve import one_edge, quick
from tests.matching.planning.test_standing import rule_changed


def goal_of(instance) -> Goal:
    return Goal(instance.worth + 1, instance.price, (0, 1, instance.price))


def thrown_prices(sets: Sets, throw, before=None):
    """Some of the prices before moved up or down; at first all are thrown."""
    fresh = throw.integers(0, 12_000, len(sets.instance.needed)) * FINE
    if before is None:
        return fresh
    known = np.zeros(len(fresh), np.int64)
    known[: len(before)] = before[: len(fresh)]
    return np.where(throw.random(len(fresh)) < 0.4, fresh, known)


def same_as_asked_anew(sets: Sets, together, prices) -> None:
    goal = goal_of(sets.instance)
    found, anew = sets.best(goal, prices), Sets(sets.instance, together).best(goal, prices)
    assert found.tops.tolist() == anew.tops.tolist()
    for number, who in enumerate(sets.who):
        some = found.best(number)
        paid = sum(int(prices[request]) for request in some)
        assert sets.may((who, some)) or not some
        assert sets.worth((who, some), goal) * FINE - paid == found.tops[number]


@settings(quick, max_examples=300)
@given(problem=problems(requests=10, volunteers=6), throw=dice())
def test_it_follows_prices_up_and_down(problem, throw):
    together, prices = clashing(problem, throw), None
    sets = Sets(arranged(problem), together)
    if sets.who:
        for _ in range(5):
            prices = thrown_prices(sets, throw, prices)
            same_as_asked_anew(sets, together, prices)


@settings(quick, max_examples=300)
@given(problem=problems(requests=10, volunteers=6), throw=dice())
def test_what_was_known_before_a_change_holds_after_it(problem, throw):
    together = clashing(problem, throw)
    sets = Sets(arranged(problem), together)
    prices = thrown_prices(sets, throw)
    for _ in range(4):
        if sets.who:
            same_as_asked_anew(sets, together, prices)
        before, old = together, sets
        problem, together = changed(problem, together, throw)
        sets = Sets(arranged(problem), together)
        other = difference(old.instance, sets.instance, rule_changed(before, together))
        sets.learn(old, other.rules)
        prices = thrown_prices(sets, throw, prices)


@settings(quick, max_examples=100)
@given(problem=problems(requests=10, volunteers=6), throw=dice())
def test_what_was_found_before_the_budget_ended_is_no_lie(problem, throw):
    together = clashing(problem, throw)
    sets = Sets(arranged(problem), together)
    prices = thrown_prices(sets, throw)
    if not sets.who:
        return
    sets.best(goal_of(sets.instance), prices)
    prices, sets.left = thrown_prices(sets, throw, prices), 2
    with suppress(TooMuchWork):
        sets.best(goal_of(sets.instance), prices)
    sets.left = 1_000_000
    same_as_asked_anew(sets, together, prices)


@pytest.mark.parametrize(("request_", "asked"), [(1, 0), (0, 1)])
def test_only_whose_best_became_dearer_is_searched_for_again(request_, asked, monkeypatch):
    """One volunteer with room for one; of two requests the first fits better."""
    problem = one_edge(
        needed=[1, 1], priority=[1, 1], room=[1], load=[0], request=[0, 1], volunteer=[0, 0], fit=[0.9, 0.8]
    )
    sets, searched = Sets(arranged(problem), lambda volunteer, requests: True), []
    prices = np.zeros(2, np.int64)
    sets.best(goal_of(sets.instance), prices)
    best = Search.best
    monkeypatch.setattr(Search, "best", lambda self, *known: searched.append(1) or best(self, *known))
    prices[request_] = 5_000 * FINE
    assert sets.best(goal_of(sets.instance), prices).best(0) == (1 - request_,)
    assert len(searched) == asked
