"""Rounds nobody asks for: at night, and small ones after a change."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import VolunteerChange, VolunteerProfile
from config import jobs, receivers
from matching import actions, states
from matching.models import HelpRequest, Match, Round
from tests.people import NOW, a_match, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db


# --- at night ----------
def at(hour: int, minute: int = 0, day: int = 4) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=timezone.get_default_timezone())


def test_every_quarter_that_lacks_somebody_has_one_round_a_night(ada, ben):
    a_quarter("Birkenau", west=7.1)
    a_request(ada, timing="flexible", flexible_until=NOW.date() + timedelta(days=9))
    a_request(ada, skills=("vorlesen",), timing="flexible", flexible_until=NOW.date() + timedelta(days=9))
    assert [actions.run_night_rounds(now=at(*when)) for when in ((2, 59), (3, 0), (3, 10), (6, 50), (7, 0))] == [
        0, 1, 0, 0, 0,
    ]  # fmt: skip
    assert (Round.objects.get().kind, Round.objects.get().proposed) == ("night", 1)
    assert actions.run_night_rounds(now=at(3, day=5)) == 1


def test_the_command_counts_what_it_proposed_and_a_dry_run_leaves_no_trace(ada, ben):
    a_request(ada, now=timezone.now())
    said = StringIO()
    call_command("run_rounds", "--dry-run", stdout=said)
    assert "1  would be proposed" in said.getvalue()
    assert (Round.objects.count(), Match.objects.count()) == (0, 0)
    call_command("run_rounds", "--quarter", "lindenhof", stdout=said)
    call_command("run_rounds", stdout=said)
    assert (Round.objects.count(), Match.objects.count()) == (1, 1)
    with pytest.raises(CommandError):
        call_command("run_rounds", "--quarter", "nirgends")


# --- after a change ----------
LATER = NOW + timedelta(minutes=1)


def quiet() -> None:
    """Forget the notes of what a test has just built: their clock is the real one."""
    VolunteerChange.objects.all().delete()


@pytest.fixture
def looked(ada, ben):
    """A round went over the quarter a moment ago; `ben` had been there before."""
    quiet()
    return Round.objects.create(quarter=ada.quarter, started_at=NOW, finished_at=NOW)


def touched() -> list[set]:
    """Which requests each small round has looked at."""
    return [set(found.results.values_list("request", flat=True)) for found in Round.objects.filter(kind="change")]


def test_nothing_changed_means_no_round(ada, ben, looked):
    a_request(ada)
    assert actions.run_change_rounds(now=LATER) == 0


def test_a_published_or_changed_request_alone_is_looked_at(ada, ben, looked):
    a_request(ada, skills=("vorlesen",))
    request = a_request(ada, timing="flexible", flexible_until=NOW.date() + timedelta(days=9))
    actions.change_request(request_id=request.pk, by=ada, now=LATER, changes={"duration_minutes": 90})
    assert actions.run_change_rounds(now=LATER) == 1
    quiet()
    assert actions.run_change_rounds(now=LATER + timedelta(minutes=1)) == 0
    assert touched() == [{request.pk}]
    assert Match.objects.get().request == request


def test_many_changes_are_one_round(ada, ben, looked):
    for _number in range(3):
        request = a_request(ada)
        actions.change_request(request_id=request.pk, by=ada, now=LATER, changes={"duration_minutes": 45})
    assert actions.run_change_rounds(now=LATER) == 1
    assert Match.objects.count() == 3


def test_a_rejected_proposal_makes_room_for_the_next_best(ada, ben, cleo, looked):
    a_volunteer("Emil")
    match = a_match(a_request(ada), ben)
    actions.reject_match(match_id=match.pk, by=cleo, now=LATER, reason="kennen sich")
    assert actions.run_change_rounds(now=LATER) == 1
    assert Match.objects.get(state=states.PROPOSED).volunteer.first_name == "Emil"


def test_a_volunteer_who_changed_is_tried_with_everybody_who_lacks_somebody(ada, ben, looked):
    requests = [a_request(ada), a_request(ada)]
    VolunteerChange.objects.create(user_id=ben.pk, at=LATER)
    assert actions.run_change_rounds(now=LATER + timedelta(seconds=5)) == 1
    assert touched() == [{request.pk for request in requests}]


@pytest.mark.parametrize("change", [{"welcomed_at": None}, {"live_matches": 3}])
def test_a_volunteer_without_room_starts_no_round(change, ada, ben, looked):
    a_request(ada)
    VolunteerProfile.objects.filter(user=ben).update(**change)
    quiet()
    VolunteerChange.objects.create(user_id=ben.pk, at=LATER)
    assert actions.run_change_rounds(now=LATER + timedelta(seconds=5)) == 0


def test_a_release_takes_room_and_starts_no_round(ada, ben, cleo, looked):
    a_request(ada, skills=("vorlesen",))
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=cleo, now=LATER)
    quiet()
    VolunteerChange.objects.create(user_id=ben.pk, at=LATER)
    assert actions.run_change_rounds(now=LATER + timedelta(seconds=5)) == 0


def test_while_a_round_is_underway_nobody_else_looks(ada, ben):
    request = a_request(ada)
    actions.ask_for_round(quarter=ada.quarter, by=None, now=NOW)
    actions.change_request(request_id=request.pk, by=ada, now=LATER, changes={"duration_minutes": 90})
    assert actions.run_change_rounds(now=LATER) == 0


def test_a_small_round_that_found_nobody_is_gone_after_a_day(ada, looked):
    request = a_request(ada, skills=("vorlesen",))
    found = actions.run_small_round(quarter=ada.quarter, requests=[request.pk], named=[request.pk], by=None, now=LATER)
    assert (found.state, found.delete_on) == ("done", LATER.date() + timedelta(days=1))


def test_a_change_wakes_the_clock_once_in_a_while(ada, monkeypatch, django_capture_on_commit_callbacks):
    from django.core.cache import cache

    cache.delete("rounds.woken")
    woken = []
    monkeypatch.setattr(jobs.look_for_changes, "schedule", lambda **when: woken.append(when))
    with django_capture_on_commit_callbacks(execute=True):
        for _number in range(3):
            request = a_request(ada)
            actions.change_request(request_id=request.pk, by=ada, now=NOW, changes={"duration_minutes": 90})
    assert woken == [{"delay": receivers.LOOKED_AT_AFTER_S}]


def test_lacking_counts_live_matches_against_places(ada, ben):
    one, two = a_request(ada), a_request(ada, helpers_needed=2)
    for request in (one, two):
        a_match(request, ben)
    a_match(a_request(ada), ben, state="declined")
    assert HelpRequest.objects.lacking().filter(pk__in=[one.pk, two.pk]).get() == two
    assert HelpRequest.objects.lacking().count() == 2
