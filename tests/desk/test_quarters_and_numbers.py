"""The policy of a quarter and its borders, the numbers of the city."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleAssignment
from matching.models import Match
from places.models import Border
from tests import people

pytestmark = pytest.mark.django_db
POLICY = {
    "answer_hours": "24",
    "wave_size": "3",
    "overdue_days": "3",
    "first_pairs_reviewed": "1",
    "first_visits_single": "3",
    "talk_open_days": "7",
    "releases_routine": "on",
}


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


def test_the_worker_changes_the_policy_and_hears_so(desk, cleo):
    page = reverse("desk:quarter", args=[cleo.quarter_id])
    answer = desk.post(page, POLICY, follow=True)
    cleo.quarter.refresh_from_db()
    assert (cleo.quarter.answer_hours, cleo.quarter.overdue_days, cleo.quarter.admits_neighbours) == (24, 3, False)
    assert cleo.quarter.wave_size == 3
    assert "gespeichert" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer_hours": "0"}, {"overdue_days": "x"}, {"talk_open_days": "99999999"},
        {"wave_size": "0"}, {"wave_size": "11"}, {"wave_size": ""},
    ],
)  # fmt: skip
def test_a_policy_that_makes_no_sense_is_refused(wrong, desk, cleo):
    page = reverse("desk:quarter", args=[cleo.quarter_id])
    assert desk.post(page, POLICY | wrong).status_code == 400
    cleo.quarter.refresh_from_db()
    assert cleo.quarter.answer_hours == 48


@pytest.mark.parametrize(
    ("said", "admitted", "word"),
    [("ja", True, "geöffnet"), ("nein", False, "geschlossen"), ("wie_alle", None, "wieder")],
)
def test_the_border_to_one_neighbour_is_opened_closed_and_left_to_the_policy(said, admitted, word, desk, cleo):
    border = Border.objects.create(quarter=cleo.quarter, neighbour=people.a_quarter("Birkenau", west=7.02))
    address = reverse("desk:border", args=[cleo.quarter_id])
    page = desk.post(address, {"nachbar": str(border.neighbour_id), "lassen": said}, follow=True)
    border.refresh_from_db()
    assert border.admitted is admitted
    assert word in page.content.decode()
    [row] = page.context["neighbours"]
    assert row.is_open is (admitted is not False)


def test_nobody_opens_the_border_of_another_quarter_or_to_one_that_does_not_touch(desk, cleo):
    far = people.a_quarter("Birkenau", west=7.1)
    Border.objects.create(quarter=far, neighbour=cleo.quarter)
    theirs = desk.post(reverse("desk:border", args=[far.pk]), {"nachbar": str(cleo.quarter_id), "lassen": "ja"})
    own = desk.post(reverse("desk:border", args=[cleo.quarter_id]), {"nachbar": str(far.pk), "lassen": "ja"})
    odd = desk.post(reverse("desk:border", args=[cleo.quarter_id]), {"nachbar": str(far.pk), "lassen": "x"})
    assert (theirs.status_code, own.status_code, odd.status_code) == (404, 404, 400)


@pytest.fixture
def coordinator(dora, page_as):
    RoleAssignment.objects.create(user=dora, role="coordinator")
    return page_as(dora)


def test_small_numbers_are_hidden_and_no_name_is_there(coordinator, ada, ben):
    people.a_request(ada, now=timezone.now())
    page = coordinator.get(reverse("desk:numbers"))
    [row] = page.context["rows"]
    assert (row.open, row.waiting, row.share) == ("unter 10", "zu wenige", None)
    main = page.content.decode().split("<main")[1]
    assert "Ada" not in main
    assert "Ben" not in main


def test_larger_numbers_are_shown_and_the_sum_is_rounded(coordinator, ada):
    for _number in range(12):
        people.a_request(ada, now=timezone.now())
    page = coordinator.get(reverse("desk:numbers"))
    [row] = page.context["rows"]
    assert (row.open, row.waiting, row.share) == ("12", "0 Tage", 0)
    assert page.context["total"].open == "rund 10"


def test_the_numbers_cost_the_same_for_two_quarters_and_for_twenty(coordinator):
    counts = []
    coordinator.get(reverse("desk:numbers"))  # once, so that caches are warm
    for some in (range(2), range(2, 20)):
        for number in some:
            people.a_request(people.a_person(f"R{number}", people.a_quarter(f"Q{number}", west=7.1 + number)))
        with CaptureQueriesContext(connection) as asked:
            coordinator.get(reverse("desk:numbers"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_who_is_asked_and_how_evenly_is_counted_of_those_who_can_be_asked(coordinator, ada):
    now = timezone.now()
    people.a_volunteer("Pausing", profile={"paused": True})
    request = people.a_request(ada)
    for number in range(12):
        asked_at = now - timedelta(weeks=1) if number < 9 else None
        person = people.a_volunteer(f"H{number}", profile={"last_asked_at": asked_at})
        if number < 3:
            match = people.a_match(request, person, state="declined")
            Match.objects.filter(pk=match.pk).update(asked_at=asked_at)
        if number == 11:
            offer = people.a_match(request, person, state="refused")
            Match.objects.filter(pk=offer.pk).update(asked_at=now, origin=Match.Origin.SELF_OFFER)
    [row] = coordinator.get(reverse("desk:numbers")).context["rows"]
    assert (row.asked_lately, row.spread) == ("75 von 100", "0,75")


def test_of_few_people_neither_share_nor_spread_is_shown(coordinator, ben):
    [row] = coordinator.get(reverse("desk:numbers")).context["rows"]
    assert (row.asked_lately, row.spread) == ("zu wenige", "zu wenige")
