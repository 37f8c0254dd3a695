"""The past played again: as it was with the same weights, otherwise only as far as the weights reach."""

from datetime import timedelta

import pytest

from matching.replay.world import play
from matching.scoring import WEIGHTS
from tests.matching.replay.small import (
    BEN,
    CARL,
    DANA,
    R1,
    R2,
    SECOND_NIGHT,
    a_course,
    a_decision,
    a_helper,
    a_night,
    a_past,
    a_wish,
    at,
    met,
)

NEAR = {"nearness": 0.9, "fair_turn": 0.2}  # Ben is near, Carl is due
DUE = {"nearness": 0.3, "fair_turn": 0.9}
BY_NEARNESS = dict.fromkeys(WEIGHTS, 0) | {"nearness": 1}
BY_TURN = dict.fromkeys(WEIGHTS, 0) | {"fair_turn": 1}


def ben_was_chosen(*more, **fields):
    """R1 in a night that chose Ben by nearness; Carl could have come too."""
    night = a_night(27, a_decision(R1, BEN, ben=NEAR, carl=DUE), weights=BY_NEARNESS)
    courses = [met(R1, BEN, 27, night=night.id), *fields.pop("courses", ())]
    return a_past(a_wish(R1), *more, courses=courses, nights=[night, *fields.pop("nights", ())], **fields)


def pairs(played):
    return {(one.request, one.volunteer) for one in played.courses}


def full_past():
    """A no and a second night, an offer, a proposal by hand, a withdrawal, two places of one request."""
    second = a_night(
        51, a_decision(R1, CARL, carl=DUE), a_decision(R2, BEN, CARL, ben=NEAR, carl=DUE, dana=DUE), pk=SECOND_NIGHT
    )
    first = a_night(27, a_decision(R1, BEN, ben=NEAR, carl=DUE))
    wishes = [a_wish(R1), a_wish(R2, opened=30, needed=2, closed=(200, "withdraw"))]
    courses = [
        a_course(R1, BEN, 27, (33, "release"), (40, "decline"), night=first.id),
        met(R1, CARL, 51, night=second.id),
        met(R2, BEN, 51, night=second.id),
        a_course(R2, CARL, 51, (57, "release"), (60, "close"), night=second.id),
        a_course(R2, DANA, 58, (58, "offer")),
    ]
    return a_past(*wishes, courses=courses, nights=[first, second])


@pytest.mark.parametrize("past", [full_past(), ben_was_chosen(), a_past(a_wish())], ids=["full", "one", "nothing"])
def test_with_the_weights_of_then_it_is_what_really_happened(past):
    real = sorted(past.courses, key=lambda one: (one.at, str(one.request), str(one.volunteer)))
    assert play(past).courses == tuple(real)
    assert [one for one in play(past, WEIGHTS).courses if one.round is None] == [c for c in real if c.round is None]


def test_other_weights_choose_another_from_those_who_came_into_question():
    assert pairs(play(ben_was_chosen(), BY_TURN)) == {(R1, CARL)}


def test_weights_that_choose_the_same_change_nothing():
    past = ben_was_chosen()
    assert play(past, BY_NEARNESS | {"language": 0.5}) == play(past)


def test_who_was_never_asked_answers_the_same_every_time_and_at_their_own_pace():
    slow = a_course(R2, CARL, 1, (2, "release"), (22, "accept"), (23, "confirm"), (90, "complete"))
    past = ben_was_chosen(a_wish(R2), courses=[slow])
    [carl] = [one for one in play(past, BY_TURN).courses if one.request == R1]
    assert carl.moment("accept", "decline") - carl.asked_at == timedelta(hours=20)
    assert play(past, BY_TURN) == play(past, BY_TURN)


def test_who_always_said_no_says_no_and_the_next_night_asks_another():
    no = a_course(R2, CARL, 1, (2, "release"), (3, "decline"))
    later = a_night(75, a_decision(R2, ben=NEAR), pk=SECOND_NIGHT)
    past = ben_was_chosen(a_wish(R2, closed=(80, "withdraw")), courses=[no], nights=[later])
    found = [one for one in play(past, BY_TURN).courses if one.request == R1]
    assert [(one.volunteer, one.at) for one in found] == [(CARL, at(27)), (BEN, at(75))]
    assert found[0].moment("decline")
    assert found[1].moment("accept") == at(85)  # Ben's real answer, as long after as it really took


def test_nobody_holds_more_than_they_may():
    decisions = [a_decision(pk, one, ben=NEAR, carl=DUE) for pk, one in ((R1, BEN), (R2, CARL))]
    night = a_night(27, *decisions, weights=BY_NEARNESS)
    people = [a_helper(BEN, capacity=1), a_helper(CARL, capacity=1)]
    courses = [met(R1, BEN, 27, night=night.id), met(R2, CARL, 27, night=night.id)]
    past = a_past(a_wish(R1), a_wish(R2), people=people, courses=courses, nights=[night])
    assert len({one.volunteer for one in play(past, BY_TURN).courses}) == 2


def test_a_proposal_by_hand_stays_unless_the_person_is_no_longer_free():
    by_hand = met(R2, CARL, 30)
    people = [a_helper(BEN), a_helper(CARL, capacity=1)]
    past = ben_was_chosen(a_wish(R2), courses=[by_hand], people=people)
    assert by_hand in play(past, BY_NEARNESS).courses
    assert pairs(play(past, BY_TURN)) == {(R1, CARL)}


def test_whoever_was_asked_in_this_world_has_had_their_turn():
    second = a_night(51, a_decision(R2, BEN, ben=DUE, carl=DUE), pk=SECOND_NIGHT, weights=BY_NEARNESS)
    courses = [met(R2, BEN, 51, night=second.id)]
    past = ben_was_chosen(a_wish(R2, opened=30), courses=courses, nights=[second])
    assert pairs(play(past, BY_TURN)) == {(R1, CARL), (R2, BEN)}


def test_who_was_closed_for_the_sake_of_another_answers_when_there_is_no_other():
    """Ben was faster than Dana; where Ben is not asked, Dana's answer comes after all, and not before."""
    night = a_night(27, a_decision(R1, BEN, ben=NEAR, carl=DUE), weights=BY_NEARNESS)
    dana = a_course(R1, DANA, 20, (21, "release"), (39, "close"))
    never = [a_course(R2, one, 1, (2, "release"), (3, "decline")) for one in (CARL, DANA)]
    past = a_past(
        a_wish(R1, needed=2), a_wish(R2, closed=(9, "withdraw")),
        courses=[met(R1, BEN, 27, night=night.id), dana, *never], nights=[night],
    )  # fmt: skip
    found = next(one for one in play(past, BY_TURN).courses if (one.request, one.volunteer) == (R1, DANA))
    assert found.moment("close") is None
    assert found.moment("decline") >= at(39)


def test_a_request_that_found_somebody_does_not_lapse():
    yes = met(R2, CARL, 1)
    night = a_night(27, a_decision(R1, BEN, ben=NEAR, carl=DUE), weights=BY_NEARNESS)
    no = a_course(R1, BEN, 27, (33, "release"), (40, "decline"), night=night.id)
    past = a_past(a_wish(R1, closed=(144, "expire")), a_wish(R2), courses=[no, yes], nights=[night])
    [carl] = [one for one in play(past, BY_TURN).courses if one.request == R1]
    assert carl.moment("confirm")
    assert carl.moment("close") is None


def test_the_real_ending_of_a_withdrawn_request_ends_the_pairs_of_this_world_too():
    yes = met(R2, CARL, 1)
    past = ben_was_chosen(a_wish(R2), courses=[yes])
    past.wishes[R1] = a_wish(R1, closed=(50, "withdraw"))  # type: ignore[index]
    [carl] = [one for one in play(past, BY_TURN).courses if one.request == R1]
    assert carl.moment("end", "close") == at(50)
