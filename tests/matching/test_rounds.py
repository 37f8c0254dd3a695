"""A round from asked for to kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import VolunteerChange, VolunteerProfile
from config import jobs
from core.errors import NotVisible
from matching import actions, planner, states
from matching.actions.rounds import fail_stuck_rounds
from matching.models import Match, Round, Weighing
from tests.people import NOW, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def asked(quarter, by=None, **how) -> Round:
    return actions.ask_for_round(quarter=quarter, by=by, now=NOW, **how)


def test_a_round_waits_and_whoever_keeps_the_queue_hears_of_it(
    ada, cleo, monkeypatch, django_capture_on_commit_callbacks
):
    woken = []
    monkeypatch.setattr(jobs, "run_round_now", woken.append)
    with django_capture_on_commit_callbacks(execute=True):
        found = asked(ada.quarter, cleo)
    assert (found.state, found.kind, woken) == ("waiting", "hand", [str(found.pk)])


def test_a_worker_elsewhere_asks_for_no_round_here(dora, cleo, ada):
    for stranger in (dora, ada):
        with pytest.raises(NotVisible):
            asked(ada.quarter, stranger)


def test_one_underway_is_given_back_a_trial_and_a_small_one_are_others(ada, cleo):
    Round.objects.create(quarter=ada.quarter, kind="change", state="running")
    found = asked(ada.quarter, cleo)
    trial = asked(ada.quarter, cleo, dry_run=True)
    assert asked(ada.quarter) == found
    assert asked(ada.quarter, dry_run=True) == trial
    assert Round.objects.count() == 3


def test_a_round_is_carried_out_once(ada, ben, cleo):
    a_request(ada)
    found = asked(ada.quarter, cleo)
    assert actions.carry_out_round(round_id=found.pk, now=NOW)
    assert not actions.carry_out_round(round_id=found.pk, now=NOW)
    found.refresh_from_db()
    assert (found.state, found.places, found.filled, found.requests, found.volunteers) == ("done", 1, 1, 1, 1)
    assert found.finished_at >= NOW
    assert found.fit == pytest.approx(Match.objects.get().score)


def test_a_round_remembers_who_could_have_been_chosen_and_by_which_weights(ada, ben, cleo):
    version = Weighing.objects.create(quarter=ada.quarter, number=1, weights={"nearness": 1})
    emil, request = a_volunteer("Emil"), a_request(ada)
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    [row] = found.results.all()
    assert {one["v"] for one in row.candidates} == {str(ben.pk), str(emil.pk)}
    assert (found.weighing, found.weights, row.slot_start) == (version, {"nearness": 1}, Match.objects.get().slot_start)
    assert Match.objects.get(request=request).weighing == version


def test_routine_help_is_released_where_the_policy_may(ada, ben, cleo):
    ada.quarter.releases_routine = True
    ada.quarter.save()
    a_request(ada)
    actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert Match.objects.get().state == states.ASKED


def test_a_half_finished_review_takes_its_places_and_survives_the_next_round(ada, ben, cleo):
    request = a_request(ada, helpers_needed=2)
    a_volunteer("Emil")
    a_volunteer("Fred")
    first = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    one, two = Match.objects.filter(request=request)
    actions.release_match(match_id=one.pk, by=cleo, now=NOW)
    second = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert (first.proposed, second.proposed, second.places) == (2, 0, 0)
    two.refresh_from_db()
    assert (two.state, two.round) == (states.PROPOSED, first)


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(something)`: it happens between the plan and the saving of its pairs."""
    plan = planner.plan

    def happens(something):
        def planned(*args, **how):
            found = plan(*args, **how)
            _ = {pk: found.candidates[pk] for pk in [pair.request.pk for pair in found.pairs]}
            something()
            return found

        monkeypatch.setattr(planner, "plan", planned)

    return happens


def test_a_volunteer_who_paused_meanwhile_is_replaced_by_the_next_best(ada, ben, cleo, meanwhile):
    emil, request = a_volunteer("Emil", profile={"radius_m": 4000}), a_request(ada)
    best = planner.plan([ada.quarter], now=NOW).pairs[0].volunteer_id
    other = ({ben.pk, emil.pk} - {best}).pop()

    def pause():
        VolunteerProfile.objects.filter(user=best).update(paused=True)
        VolunteerChange.objects.create(user_id=best)

    meanwhile(pause)
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert Match.objects.get(request=request).volunteer_id == other
    assert [row.volunteer_id for row in found.results.all()] == [other]


def test_a_place_somebody_else_took_meanwhile_is_not_filled_twice(ada, ben, cleo, meanwhile):
    emil, request = a_volunteer("Emil"), a_request(ada)
    best = planner.plan([ada.quarter], now=NOW).pairs[0].volunteer_id
    other = ({ben.pk, emil.pk} - {best}).pop()
    meanwhile(lambda: actions.propose_match(request_id=request.pk, volunteer_id=other, by=cleo, now=NOW))
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert (found.state, found.proposed, Match.objects.count()) == ("done", 0, 1)


def test_where_nobody_is_left_the_round_says_why(ada, ben, cleo, meanwhile):
    a_request(ada)

    def pause():
        VolunteerProfile.objects.update(paused=True)
        VolunteerChange.objects.create(user_id=ben.pk)

    meanwhile(pause)
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert [row.why_not["gates"] for row in found.results.all()] == [{"paused": 1}]


def test_a_request_withdrawn_meanwhile_leaves_nothing(ada, ben, cleo, meanwhile):
    request = a_request(ada)
    meanwhile(lambda: actions.withdraw_request(request_id=request.pk, by=ada, now=NOW))
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert (found.state, found.results.count(), Match.objects.count()) == ("done", 0, 0)


def test_progress_is_written_down_and_a_round_given_up_stops(ada, ben, cleo, monkeypatch):
    seen = []

    def plan(quarters, *, progress, **how):
        progress("solve", 3, 12)
        seen.append(Round.objects.values_list("step", "step_done", "step_of").get())
        Round.objects.update(state="failed")
        progress("explain", 0, 2)

    monkeypatch.setattr(planner, "plan", plan)
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert (found.state, seen) == ("failed", [("solve", 3, 12)])


def test_a_round_that_breaks_says_so(ada, cleo, monkeypatch):
    found = asked(ada.quarter, cleo)
    monkeypatch.setattr(planner, "plan", lambda *args, **how: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        actions.carry_out_round(round_id=found.pk, now=NOW)
    found.refresh_from_db()
    assert found.state == "failed"


def test_the_clock_takes_what_waits_and_one_that_breaks_holds_up_nobody(ada, ben, monkeypatch):
    plan, far = planner.plan, a_quarter("Birkenau", west=7.1)
    broken, fine = asked(far), asked(ada.quarter)
    monkeypatch.setattr(planner, "plan", lambda q, **how: 1 / 0 if q == [far] else plan(q, **how))
    assert actions.run_waiting_rounds(now=NOW + timedelta(seconds=2)) == 0  # the queue may still be on its way
    assert actions.run_waiting_rounds(now=NOW + timedelta(seconds=9)) == 1
    broken.refresh_from_db()
    fine.refresh_from_db()
    assert (broken.state, fine.state) == ("failed", "done")


def test_a_round_without_its_process_is_given_up_after_a_quarter_of_an_hour(ada):
    found = Round.objects.create(quarter=ada.quarter, state="running", started_at=NOW)
    assert fail_stuck_rounds(now=NOW + timedelta(minutes=14)) == 0
    assert fail_stuck_rounds(now=NOW + timedelta(minutes=15)) == 1
    found.refresh_from_db()
    assert found.state == "failed"


def test_nothing_seems_to_run_when_the_service_starts(ada):
    Round.objects.create(quarter=ada.quarter, state="running", started_at=timezone.now())
    jobs.tidy_after_a_crash()
    assert Round.objects.get().state == "failed"
