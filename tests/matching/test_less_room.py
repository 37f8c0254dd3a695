"""A volunteer with less time is believed: what they never heard of gives way, what they know of stays."""

import pytest
from django.urls import reverse

from accounts.actions import profiles
from accounts.models import VolunteerProfile
from core.errors import Invalid
from matching.models import HelpRequest, Match, MatchEvent
from messaging.models import Notice
from tests.api.client import Door
from tests.people import NOW, a_match, a_person, a_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(ben):
    """Ben, asked by Ada, with two proposals he never heard of; Emma fits better than Frieda."""
    made = [
        a_match(a_request(a_person(name)), ben, state=state)
        for name, state in (("Ada", "asked"), ("Emma", "proposed"), ("Frieda", "proposed"))
    ]
    for match, score in zip(made, (0.1, 0.9, 0.2), strict=True):
        Match.objects.filter(pk=match.pk).update(score=score)
    VolunteerProfile.objects.filter(user=ben).update(live_matches=3)
    return made


def _save(ben, **changes):
    return profiles.save_profile(person_id=ben.pk, by=ben, now=NOW, changes=changes)


def _states(*matches):
    return [Match.objects.get(pk=match.pk).state for match in matches]


@pytest.mark.parametrize(
    ("capacity", "left"),
    [
        (3, ["asked", "proposed", "proposed"]),
        (2, ["asked", "proposed", "closed"]),
        (1, ["asked", "closed", "closed"]),
    ],
)
def test_proposals_beyond_the_new_number_give_way_the_worst_fit_first(three, capacity, left, ben):
    _save(ben, capacity=capacity)
    assert _states(*three) == left
    profile = VolunteerProfile.objects.get(user=ben)
    assert (profile.capacity, profile.live_matches) == (capacity, capacity)


def test_what_they_know_of_still_holds_the_number_up_and_then_nothing_gives_way(three, ben):
    ada, emma, frieda = three
    Match.objects.filter(pk=emma.pk).update(state="asked", asked_at=NOW, deadline=NOW)
    with pytest.raises(profiles.FullHands) as wrong:
        _save(ben, capacity=1)
    assert "2 laufende" in wrong.value.fields["capacity"][0]
    assert _states(ada, emma, frieda) == ["asked", "asked", "proposed"]


def test_nothing_gives_way_for_an_offer_that_is_refused(three, ben):
    for changes in ({"capacity": 0}, {"capacity": 1, "radius_m": 1}, {"capacity": "viel"}):
        with pytest.raises(Invalid):
            _save(ben, **changes)
    assert _states(*three) == ["asked", "proposed", "proposed"]


def test_another_change_of_the_offer_moves_no_match(three, ben):
    _save(ben, radius_m=900)
    assert _states(*three) == ["asked", "proposed", "proposed"]


def test_nobody_is_told_the_request_stays_open_and_the_two_may_be_found_again(
    three, ben, cleo, page_as, django_capture_on_commit_callbacks
):
    frieda = three[2]
    with django_capture_on_commit_callbacks(execute=True):
        _save(ben, capacity=2)
    assert not Notice.objects.filter(person__in=[ben, frieda.resident]).exists()
    assert HelpRequest.objects.get(pk=frieda.request_id).state == "open"
    event = MatchEvent.objects.get(match=frieda)
    assert (event.move, event.by, event.reason) == ("close", None, "room")
    page = page_as(cleo).get(reverse("desk:case", args=[frieda.request_id])).content.decode()
    assert "möchte weniger Menschen zur gleichen Zeit helfen" in page
    assert a_match(frieda.request, ben).state == "proposed"  # the database has nothing against it


def test_the_page_believes_them(three, ben, page_as):
    offer = {
        "skills": ["einkaufen"],
        "languages": ["de"],
        "radius_m": "1000",
        "hours_per_week": "1",
        "capacity": "1",
        "ask_wish": "0",
        "served_quarters": [ben.quarter_id],
    }
    assert page_as(ben).post(reverse("accounts:helping"), offer).status_code == 302
    assert _states(*three) == ["asked", "closed", "closed"]


def test_the_api_believes_them_and_still_names_what_runs(three, ben, page_as):
    door = Door(page_as(ben))
    assert door.patch("volunteer-profile/", {"capacity": 1})["capacity"] == 1
    Match.objects.filter(pk=three[1].pk).update(state="asked", asked_at=NOW, deadline=NOW)
    VolunteerProfile.objects.filter(user=ben).update(capacity=2, live_matches=2)
    refused = door.patch("volunteer-profile/", {"capacity": 1})
    assert (door.status, refused["code"], list(refused["fields"])) == (400, "capacity_below_live_matches", ["capacity"])
