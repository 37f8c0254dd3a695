"""A volunteer wants to help fewer people in the moment in which others move what they were proposed for."""

import threading
import time

import pytest
from django.conf import settings
from django.db import connection

from accounts.actions.profiles import save_profile
from accounts.models import VolunteerProfile
from matching import actions, states
from matching.actions import leaving
from matching.models import HelpRequest, Match
from tests.matching.test_races import at_once
from tests.people import NOW, a_match, a_request

pytestmark = pytest.mark.django_db(transaction=True)
FULL = "capacity_below_live_matches"
TOO_LATE = {"wrong_state", "stale"}


def _less(ben, capacity=1):
    return lambda: save_profile(person_id=ben.pk, by=ben, now=NOW, changes={"capacity": capacity})


def _proposals(ada, ben, *, asked=0, silent=3):
    """Of Ben: so many he knows of, then so many nobody told him of."""
    made = [a_match(a_request(ada), ben, state="asked") for _ in range(asked)]
    made += [a_match(a_request(ada), ben, state="proposed") for _ in range(silent)]
    VolunteerProfile.objects.filter(user=ben).update(capacity=asked + silent, live_matches=asked + silent)
    return made


def _adds_up(ben, outcome):
    """The load is that of the rows, and no more than they want; a refused wish changed nothing."""
    profile, live = VolunteerProfile.objects.get(user=ben), Match.objects.live().filter(volunteer=ben)
    assert profile.live_matches == live.count() <= profile.capacity
    assert (profile.capacity == 1) == (outcome == "ok")


@pytest.mark.parametrize("_again", range(5))
def test_what_is_released_in_that_moment_is_asked_or_gives_way_and_never_both(_again, ada, ben, cleo):
    matches = _proposals(ada, ben)
    release = [lambda m=m: actions.release_match(match_id=m.pk, by=cleo, now=NOW) for m in matches]
    less, *released = at_once(_less(ben), *release)
    assert less in ("ok", FULL)
    assert set(released) <= {"ok"} | TOO_LATE
    states_now = [Match.objects.get(pk=match.pk).state for match in matches]
    assert [state == states.ASKED for state in states_now] == [said == "ok" for said in released]
    assert less == ("ok" if released.count("ok") <= 1 else FULL)
    _adds_up(ben, less)


@pytest.mark.parametrize("_again", range(5))
def test_a_yes_in_that_moment_stays_a_yes(_again, ada, ben):
    known, *_silent = _proposals(ada, ben, asked=1)
    outcomes = at_once(_less(ben), lambda: actions.accept_match(match_id=known.pk, by=ben, now=NOW))
    assert outcomes == ["ok", "ok"]
    assert Match.objects.live().get().state == states.ACCEPTED
    assert HelpRequest.objects.get(pk=known.request_id).accepted_helpers == 1
    _adds_up(ben, "ok")


@pytest.mark.parametrize("_again", range(5))
def test_a_no_of_the_office_in_that_moment_is_counted_once(_again, ada, ben, cleo):
    matches = _proposals(ada, ben)
    reject = [lambda m=m: actions.reject_match(match_id=m.pk, by=cleo, now=NOW, reason="anders") for m in matches[:2]]
    less, *rejected = at_once(_less(ben), *reject)
    assert less == "ok"
    assert set(rejected) <= {"ok"} | TOO_LATE
    assert Match.objects.live().count() == (1 if Match.objects.get(pk=matches[2].pk).is_live else 0)
    _adds_up(ben, less)


@pytest.mark.parametrize("_again", range(5))
def test_what_is_proposed_and_turned_down_in_that_moment_ties_no_knot(_again, ada, ben, cleo):
    _proposals(ada, ben, silent=2)
    VolunteerProfile.objects.filter(user=ben).update(capacity=6)
    fresh = [a_request(ada) for _ in range(3)]

    def propose_and_turn_down(request):
        found = actions.propose_match(request_id=request.pk, volunteer_id=ben.pk, by=cleo, now=NOW)
        actions.reject_match(match_id=found.pk, by=cleo, now=NOW, reason="anders")

    less, *others = at_once(_less(ben), *(lambda r=r: propose_and_turn_down(r) for r in fresh))
    assert less in ("ok", FULL)
    assert set(others) <= {"ok", "no_capacity", "not_a_pair"} | TOO_LATE
    _adds_up(ben, less)


def _waiting_for_a_lock():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return cursor.fetchone()[0]


def _until(question, *, seconds=5.0):
    end = time.monotonic() + seconds
    while not question() and time.monotonic() < end:
        time.sleep(0.02)


@pytest.mark.skipif(settings.SQLITE, reason="on SQLite one writer follows the other")
@pytest.mark.parametrize(("moment", "said"), [("look", ["ok", "ok"]), ("step", ["ok", "wrong_state"])])
def test_who_holds_the_profile_waits_for_nobody_who_moves_a_proposal_that_came_late(
    moment, said, ada, ben, cleo, monkeypatch
):
    """
    It came between the first look and the lock on the profile. The office says no to it before the second look, and
    waits for the profile; or before the proposal gives way, and waits for the request.
    """
    late, outcomes, looks = a_request(ada), [], []
    _proposals(ada, ben, silent=1)
    VolunteerProfile.objects.filter(user=ben).update(capacity=3)
    Match.objects.update(score=2)  # better than any that comes
    lock, step = leaving.lock_requests, leaving.step

    def propose():
        actions.propose_match(request_id=late.pk, volunteer_id=ben.pk, by=cleo, now=NOW)

    def turn_down():
        match = Match.objects.get(request=late)
        actions.reject_match(match_id=match.pk, by=cleo, now=NOW, reason="anders")

    office = threading.Thread(target=lambda: outcomes.extend(at_once(turn_down)))

    def begin(now):
        if now == moment and not office.ident:
            office.start()
            _until(_waiting_for_a_lock)

    def watched_lock(keys, **words):
        if looks:
            begin("look")
        held = lock(keys, **words)
        looks.extend(at_once(propose) if not looks else ["ok"])
        return held

    def watched_step(*args, **words):
        begin("step")
        return step(*args, **words)

    monkeypatch.setattr(leaving, "lock_requests", watched_lock)
    monkeypatch.setattr(leaving, "step", watched_step)
    outcomes.extend(at_once(_less(ben)))
    office.join()
    assert looks == ["ok", "ok"]
    assert sorted(outcomes) == said
    _adds_up(ben, "ok")
