"""The measures, each on a past one can count on one's fingers."""

from datetime import timedelta

import pytest

from matching.replay.measures import measure
from matching.replay.world import play
from tests.matching.replay.small import (
    BEN,
    CARL,
    DANA,
    FAR,
    R1,
    R2,
    R3,
    UNTIL,
    a_course,
    a_helper,
    a_past,
    a_wish,
    at,
    met,
)


def measured(*wishes, **fields):
    past = a_past(*wishes, **fields)
    return measure(past, play(past))


def test_a_request_counts_as_filled_with_as_many_as_it_needs():
    wishes = [a_wish(R1), a_wish(R2, needed=2), a_wish(R3)]
    assert measured(*wishes, courses=[met(R1, BEN, 0), met(R2, BEN, 0)]).filled == pytest.approx(1 / 3, abs=0.001)


def test_waiting_ends_with_the_confirmation_with_the_closing_or_today():
    """Half a day for R1, two days for R2, and R3 has waited for the whole two weeks."""
    wishes = [a_wish(R1), a_wish(R2, closed=(48, "withdraw")), a_wish(R3)]
    found = measured(*wishes, courses=[met(R1, BEN, 0)])
    assert (found.waited, found.waited_worst) == (2.0, (UNTIL - at(0)) / timedelta(days=1))


def test_asks_are_counted_for_everybody_who_could_be_asked():
    found = measured(a_wish(R1), a_wish(R2), courses=[met(R1, BEN, 0), met(R2, BEN, 0)])
    assert (found.asks, found.able, found.never_asked) == (2, 3, 2)
    assert found.evenness == pytest.approx(2 / 3, abs=0.001)


def test_an_offer_is_no_ask():
    offer = a_course(R1, BEN, 1, (1, "offer"), (3, "confirm"))
    found = measured(a_wish(R1), courses=[offer])
    assert (found.asks, found.filled) == (0, 1.0)


def test_distance_is_told_in_steps():
    people = [a_helper(BEN), a_helper(CARL, cell=FAR), a_helper(DANA, cell="")]
    courses = [met(R1, BEN, 0), met(R2, CARL, 0), met(R3, DANA, 0)]
    found = measured(a_wish(R1), a_wish(R2), a_wish(R3), people=people, courses=courses)
    assert found.bands == {"same": 0.5, "near": 0.0, "far": 0.5}


def test_who_completed_a_match_before_knows_the_other():
    courses = [met(R1, BEN, 0), met(R2, BEN, 70), met(R3, CARL, 70)]
    assert measured(a_wish(R1), a_wish(R2), a_wish(R3), courses=courses).known == pytest.approx(1 / 3, abs=0.001)


def test_what_was_over_before_the_period_does_not_count():
    old = met(R1, BEN, -100)
    found = measured(a_wish(R1, opened=-120), a_wish(R2), courses=[old])
    assert (found.requests, found.asks) == (1, 0)


def test_nothing_is_measured_as_nothing():
    found = measured()
    assert (found.filled, found.waited, found.known, found.evenness, found.asks) == (None, None, None, 0.0, 0)
