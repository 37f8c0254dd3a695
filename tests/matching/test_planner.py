"""A plan over real rows: the best pairs, live matches kept, and what somebody wants to see tried."""

from datetime import timedelta

import pytest

from accounts.models import VolunteerProfile
from matching import planner
from places.models import Border
from tests.people import NOW, a_match, a_person, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def planned(quarter, **words):
    found = planner.plan([quarter], now=NOW, **words)
    return found, {pair.request.pk: pair.volunteer_id for pair in found.pairs}


def test_who_can_do_only_one_thing_leaves_the_other_to_those_who_can(ada):
    """Greedy would give Ben, who can do both, to the first request and leave the second one empty."""
    ben, emil = a_volunteer("Ben", skills=("einkaufen", "hund")), a_volunteer("Emil", skills=("einkaufen",))
    VolunteerProfile.objects.update(capacity=1)
    shop, walk = a_request(ada, urgency=2), a_request(a_person("Frieda"), skills=("hund",))
    found, pairs = planned(ada.quarter)
    assert pairs == {shop.pk: emil.pk, walk.pk: ben.pk}
    assert (found.places, found.filled, found.gap) == (2, 2, 0)


def test_the_urgent_one_is_served_where_one_place_is_too_few(ada, ben):
    VolunteerProfile.objects.update(capacity=1)
    calm, urgent = a_request(ada), a_request(a_person("Frieda"), urgency=2)
    found, pairs = planned(ada.quarter)
    assert pairs == {urgent.pk: ben.pk}
    assert [row.pk for row in found.unmatched] == [calm.pk]
    assert found.why_not[calm.pk].candidates == 1


def test_two_visits_of_one_volunteer_do_not_overlap(ada, ben):
    """Both want the same hour of tomorrow; the way between two visits keeps the second one out."""
    hour = [(NOW.replace(hour=9) + timedelta(days=1), NOW.replace(hour=10) + timedelta(days=1))]
    one, two = a_request(ada, windows=hour), a_request(a_person("Frieda"), windows=hour)
    found, pairs = planned(ada.quarter)
    assert len(pairs) == 1
    assert found.gap == 0
    emil = a_volunteer("Emil")
    _found, pairs = planned(ada.quarter)
    assert set(pairs.values()) == {ben.pk, emil.pk}
    assert set(pairs) == {one.pk, two.pk}


def test_a_visit_in_the_morning_leaves_room_for_one_in_the_afternoon(ada, ben):
    """What lies between two windows of a day holds the way from one to the other."""
    hours = [[(NOW.replace(hour=h) + timedelta(days=1), NOW.replace(hour=h + 1) + timedelta(days=1))] for h in (9, 13)]
    one, two = a_request(ada, windows=hours[0]), a_request(a_person("Frieda"), windows=hours[1])
    found, pairs = planned(ada.quarter)
    assert pairs == {one.pk: ben.pk, two.pk: ben.pk}
    assert found.gap == 0


def test_slots_of_one_volunteer_stand_one_after_the_other(ada, ben):
    one, two = a_request(ada), a_request(a_person("Frieda"))
    found, pairs = planned(ada.quarter)
    assert set(pairs) == {one.pk, two.pk}
    first, second = sorted(pair.slot_start for pair in found.pairs)
    assert (second - first).total_seconds() >= 75 * 60


def test_live_matches_stay_and_free_ones_may_move(ada, ben):
    request = a_request(ada)
    match = a_match(request, ben)
    assert planned(ada.quarter)[1] == {}
    assert planned(ada.quarter, free=[match.pk])[1] == {request.pk: ben.pk}


def test_forced_and_forbidden_pairs(ada, ben):
    emil = a_volunteer("Emil")
    request = a_request(ada)
    for one in (ben, emil):
        assert planned(ada.quarter, force=[(request.pk, one.pk)])[1] == {request.pk: one.pk}
        assert planned(ada.quarter, forbid=[(request.pk, one.pk)])[1] != {request.pk: one.pk}


def test_a_forced_pair_takes_the_time_it_needs(ada, ben):
    VolunteerProfile.objects.update(capacity=1)
    calm, urgent = a_request(ada), a_request(a_person("Frieda"), urgency=2)
    found, pairs = planned(ada.quarter, force=[(calm.pk, ben.pk)])
    assert pairs == {calm.pk: ben.pk}
    assert [row.pk for row in found.unmatched] == [urgent.pk]


def test_what_an_open_border_would_bring(ada):
    there = a_quarter("Nachbarhof", west=7.02)
    emil = a_volunteer("Emil", there)
    emil.volunteer_profile.served_quarters.add(ada.quarter)
    Border.objects.create(quarter=ada.quarter, neighbour=there, admitted=False)
    request = a_request(ada)
    assert planned(ada.quarter)[1] == {}
    assert planned(ada.quarter, admit=[(ada.quarter.pk, there.pk)])[1] == {request.pk: emil.pk}


def test_candidates_are_kept_best_first(ada, ben):
    a_volunteer("Emil")
    VolunteerProfile.objects.filter(user=ben).update(last_asked_at=NOW - timedelta(weeks=5))
    request = a_request(ada)
    found, pairs = planned(ada.quarter)
    kept = found.candidates[request.pk]
    assert {one["v"] for one in kept} == {str(ben.pk), str(VolunteerProfile.objects.exclude(user=ben).get().user_id)}
    assert kept[0]["v"] == str(pairs[request.pk])
    assert set(kept[0]["parts"]) >= {"nearness", "time_slack", "fair_turn"}


def test_two_helpers_for_one_request_are_two_people(ada, ben):
    emil = a_volunteer("Emil")
    request = a_request(ada, helpers_needed=2)
    found, _pairs = planned(ada.quarter)
    assert {pair.volunteer_id for pair in found.pairs} == {ben.pk, emil.pk}
    assert all(pair.request.pk == request.pk for pair in found.pairs)


def test_more_requests_cost_no_more_queries(ada, ben, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        planner.plan([ada.quarter], now=NOW)
        with CaptureQueriesContext(connection) as asked:
            planner.plan([ada.quarter], now=NOW)
        return len(asked)

    a_request(ada)
    few = queries()
    for number in range(5):
        a_request(a_person(f"R{number}"))
    assert queries() == few
