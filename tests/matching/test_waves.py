"""Waves: who leaves is replaced by the next best at once, as many as the policy says, and nobody is asked twice."""

from datetime import timedelta

import pytest

from accounts.models import VolunteerProfile
from matching import actions, states
from matching.actions import waves
from matching.errors import PlacesHeld
from matching.models import HelpRequest, Match, MatchEvent
from places.models import Quarter
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def after_commit(django_capture_on_commit_callbacks):
    """What the house does after a commit happens here too, as deep as it goes."""

    def run(verb, **words):
        with django_capture_on_commit_callbacks(execute=True):
            return verb(now=words.pop("now", NOW), **words)

    return run


def policy(**numbers) -> None:
    Quarter.objects.update(**numbers)


def waiting(request: HelpRequest) -> list[str]:
    rows = request.matches.filter(state__in=states.WAITING).order_by("-score", "volunteer__first_name")
    return [f"{match.volunteer.first_name} {match.state}" for match in rows.select_related("volunteer")]


LEAVE = [
    ("decline", "asked", "ben"),
    ("refuse", "accepted", "ada"),
    ("reject", "accepted", "cleo"),
    ("reject", "proposed", "cleo"),
    ("end", "confirmed", "ben"),
]


@pytest.mark.parametrize(("move", "state", "who"), LEAVE)
def test_who_leaves_is_replaced_at_once(move, state, who, ada, ben, cleo, after_commit):
    a_volunteer("Emil")
    request = a_request(ada)
    match = a_match(request, ben, state=state)
    by = {"ada": ada, "ben": ben, "cleo": cleo}[who]
    after_commit(actions.move_match, match_id=match.pk, move=move, by=by, reason="weil")
    assert waiting(request) == ["Emil proposed"]


def test_who_lets_the_deadline_pass_is_replaced_at_once(ada, ben, after_commit):
    a_volunteer("Emil")
    request = a_request(ada)
    Match.objects.filter(pk=a_match(request, ben, state="asked").pk).update(deadline=NOW - timedelta(minutes=1))
    after_commit(actions.expire_matches)
    assert waiting(request) == ["Emil proposed"]


@pytest.mark.parametrize("move", ["accept", "release"])
def test_whoever_stays_is_not_replaced(move, ada, ben, cleo, after_commit):
    a_volunteer("Emil")
    request = a_request(ada)
    match = a_match(request, ben, state="asked" if move == "accept" else "proposed")
    after_commit(actions.move_match, match_id=match.pk, move=move, by=ben if move == "accept" else cleo)
    assert request.matches.count() == 1


@pytest.mark.parametrize(
    ("size", "needed", "said_yes", "already", "expected"),
    [
        (1, 1, 0, 0, 1),
        (3, 1, 0, 0, 3),
        (3, 1, 0, 2, 1),
        (3, 1, 1, 0, 0),
        (2, 2, 0, 0, 4),
        (2, 2, 1, 1, 1),
        (1, 2, 2, 0, 0),
    ],
)
def test_a_wave_is_as_large_as_the_policy_says_for_each_free_place(size, needed, said_yes, already, expected, ada):
    policy(wave_size=size)
    request = a_request(ada, helpers_needed=needed)
    for number in range(said_yes):
        a_match(request, a_volunteer(f"Yes{number}"), state="accepted")
    for number in range(already):
        a_match(request, a_volunteer(f"Asked{number}"), state="asked")
    HelpRequest.objects.filter(pk=request.pk).update(accepted_helpers=said_yes)
    for number in range(6):
        a_volunteer(f"Free{number}")
    assert len(actions.next_wave(request_id=request.pk, now=NOW)) == expected
    assert actions.next_wave(request_id=request.pk, now=NOW) == []


@pytest.mark.parametrize(
    ("routine", "needs", "known", "state"),
    [
        (True, "talk", 5, "asked"),
        (False, "talk", 5, "proposed"),
        (True, "identity", 5, "proposed"),
        (True, "talk", 0, "proposed"),
    ],
)
def test_only_what_the_policy_may_release_is_asked_without_a_worker(routine, needs, known, state, ada):
    policy(releases_routine=routine)
    request = a_request(ada)
    request.skills.update(needs=needs)
    a_volunteer("Emil", profile={"confirmed_pairs": known})
    [match] = actions.next_wave(request_id=request.pk, now=NOW)
    assert (match.state, match.origin, match.round) == (state, "round", None)


@pytest.mark.parametrize("state", ["declined", "expired", "refused", "rejected", "ended"])
def test_nobody_is_asked_twice_for_one_request(state, ada, ben):
    request = a_request(ada)
    a_match(request, ben, state=state)
    assert actions.next_wave(request_id=request.pk, now=NOW) == []
    assert waiting(request) == []


def test_who_was_thanked_may_be_asked_again_when_the_helper_leaves(ada, ben):
    request = a_request(ada)
    a_match(request, ben, state="closed")
    assert [match.volunteer for match in actions.next_wave(request_id=request.pk, now=NOW)] == [ben]


@pytest.mark.parametrize("state", ["draft", "filled", "done", "withdrawn", "expired"])
def test_only_an_open_request_has_waves(state, ada, ben):
    request = a_request(ada, state=state)
    assert actions.next_wave(request_id=request.pk, now=NOW) == []


def test_a_volunteer_who_was_taken_in_the_same_second_is_passed_over(ada, ben, monkeypatch):
    emil = a_volunteer("Emil")
    request = a_request(ada)
    found = waves.suggestions(request, now=NOW, limit=5)
    taken = found[0].volunteer
    VolunteerProfile.objects.filter(user=taken).update(live_matches=3)
    monkeypatch.setattr(waves, "suggestions", lambda *_args, **_words: found)
    [match] = actions.next_wave(request_id=request.pk, now=NOW)
    assert {match.volunteer, taken} == {ben, emil}


def test_a_wake_up_that_got_lost_is_made_up_by_the_clock_once(ada, ben):
    a_volunteer("Emil")
    request = a_request(ada)
    actions.decline_match(match_id=a_match(request, ben, state="asked").pk, by=ben, now=NOW)  # and nobody heard
    assert waiting(request) == []
    assert actions.catch_up_waves(now=NOW) == 1
    assert waiting(request) == ["Emil proposed"]
    assert actions.catch_up_waves(now=NOW) == 0


@pytest.mark.parametrize(("reason", "found"), [("left", 1), ("suspended", 1), ("apart", 1), ("held", 0), ("filled", 0)])
def test_who_is_gone_while_they_were_asked_is_missed_and_who_was_thanked_is_not(reason, found, ada, ben):
    request = a_request(ada)
    gone = a_match(request, a_volunteer("Emil"), state="closed")
    Match.objects.filter(pk=gone.pk).update(end_reason=reason)
    VolunteerProfile.objects.filter(user=gone.volunteer).update(paused=True)
    assert actions.catch_up_waves(now=NOW) == found
    assert actions.catch_up_waves(now=NOW) == 0


def test_the_clock_does_not_look_again_for_a_request_with_nobody_left(ada, ben, monkeypatch):
    a_match(a_request(ada), ben, state="declined")
    assert actions.catch_up_waves(now=NOW) == 0
    looked = []
    monkeypatch.setattr(waves, "next_wave", lambda **words: looked.append(words) or [])
    actions.catch_up_waves(now=NOW)
    assert looked == []


def test_a_request_that_was_never_proposed_for_is_left_to_the_round(ada, ben):
    a_request(ada)
    assert actions.catch_up_waves(now=NOW) == 0


def test_every_leaving_has_one_answer(ada, ben, after_commit):
    match = a_match(a_request(ada), ben, state="asked")
    after_commit(actions.decline_match, match_id=match.pk, by=ben)
    actions.next_wave(request_id=match.request_id, now=NOW)
    assert MatchEvent.objects.filter(match=match, move="replace").count() == 1


def test_nobody_is_released_for_a_place_somebody_said_yes_to(ada, ben, cleo):
    request = a_request(ada)
    a_match(request, ben, state="accepted")
    spare = a_match(request, a_volunteer("Emil"))
    with pytest.raises(PlacesHeld):
        actions.release_match(match_id=spare.pk, by=cleo, now=NOW)
    actions.refuse_match(match_id=request.matches.get(volunteer=ben).pk, by=ada, now=NOW)
    assert actions.release_match(match_id=spare.pk, by=cleo, now=NOW).state == states.ASKED


def test_who_could_not_say_yes_any_more_is_thanked_instead_of_expired(ada, ben):
    request = a_request(ada)
    a_match(request, ben, state="accepted")
    late = a_match(request, a_volunteer("Emil"), state="asked")
    assert actions.expire_matches(now=NOW + timedelta(hours=49)) == 1
    late.refresh_from_db()
    assert (late.state, late.end_reason) == (states.CLOSED, "held")


def test_a_round_gives_every_place_its_first_before_anybody_is_asked_beside(ada):
    policy(wave_size=2)
    requests = [a_request(ada), a_request(ada)]
    for name in "STU":
        a_volunteer(name, profile={"capacity": 1})
    actions.run_round(quarter=ada.quarter, by=None, now=NOW)
    assert sorted(len(waiting(request)) for request in requests) == [1, 2]


def test_a_trial_round_asks_nobody_beside(ada, ben):
    policy(wave_size=2)
    request = a_request(ada)
    actions.run_round(quarter=ada.quarter, by=None, now=NOW, dry_run=True)
    assert waiting(request) == []
