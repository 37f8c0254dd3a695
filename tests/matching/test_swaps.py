"""Somebody else by hand: what it costs is shown before, and exactly that is done, or nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import VolunteerChange, VolunteerProfile
from core.errors import NotVisible, StaleScreen, WrongState
from matching import actions, states, suggestions
from matching.errors import NotAPair
from matching.models import Match, MatchEvent, Round
from matching.swapping import weigh_swap
from tests import people
from tests.people import NOW, a_request, a_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def emil(ben):
    """As able as Ben; both take one person only."""
    VolunteerProfile.objects.filter(user=ben).update(capacity=1)
    return a_volunteer("Emil", last_name="Ernst", profile={"capacity": 1})


@pytest.fixture
def two(ada, dora, emil, cleo):
    """Ada and Dora each have one of the two proposed; the round."""
    a_request(ada)
    a_request(dora)
    return actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)


def of(person) -> Match:
    return Match.objects.get(resident=person, state=states.PROPOSED)


def test_the_other_request_gets_whom_the_first_gives_up(two, ada, dora, cleo):
    hers, other = of(ada), of(dora)
    swap = weigh_swap(hers, other.volunteer_id, by=cleo, now=NOW)
    assert swap.places == 0
    said = {one.request.resident: (one.before, one.after) for one in swap.consequences}
    assert said == {ada: ([hers.volunteer], [other.volunteer]), dora: ([other.volunteer], [hers.volunteer])}
    assert Match.objects.filter(state=states.PROPOSED).count() == 2  # only looked at
    assert of(ada) == hers


def test_exactly_what_was_shown_is_done(two, ada, dora, cleo):
    hers, other = of(ada), of(dora)
    swap = weigh_swap(hers, other.volunteer_id, by=cleo, now=NOW)
    actions.swap_pairs(token=swap.token, by=cleo, now=NOW)
    assert (of(ada).volunteer, of(dora).volunteer) == (other.volunteer, hers.volunteer)
    assert {row.request.resident: row.volunteer for row in two.results.all()} == {
        ada: other.volunteer,
        dora: hers.volunteer,
    }
    found = Round.objects.get()
    assert (found.filled, found.fit) == (2, pytest.approx(two.fit + swap.fit, abs=1e-3))
    assert set(VolunteerProfile.objects.values_list("live_matches", flat=True)) == {1}


def test_who_gives_way_is_not_rejected_and_may_be_proposed_again(two, ada, dora, cleo):
    hers = of(ada)
    swap = weigh_swap(hers, of(dora).volunteer_id, by=cleo, now=NOW)
    actions.swap_pairs(token=swap.token, by=cleo, now=NOW)
    hers.refresh_from_db()
    event = MatchEvent.objects.get(match=hers, move="close")
    assert (hers.state, event.by, event.reason) == (states.CLOSED, cleo, "swapped")
    back = weigh_swap(of(ada), hers.volunteer_id, by=cleo, now=NOW)
    actions.swap_pairs(token=back.token, by=cleo, now=NOW)
    assert of(ada).volunteer == hers.volunteer


def test_a_request_that_gets_nobody_says_why(ada, ben, dora, cleo):
    VolunteerProfile.objects.filter(user=ben).update(capacity=1)
    first = a_request(ada)
    actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    emil = a_volunteer("Emil", profile={"capacity": 1})
    other = a_request(dora, skills=("einkaufen",), gender_wish="woman")
    type(emil).objects.filter(pk=emil.pk).update(gender="woman")
    small = actions.run_small_round(quarter=ada.quarter, requests=[other.pk], by=cleo, now=NOW)
    assert small.proposed == 1
    # Emil for Ada leaves Dora, who wished for a woman, with nobody: both proposals are one round's for this test.
    Match.objects.update(round=small)
    small.results.update(round=small)
    swap = weigh_swap(of(ada), emil.pk, by=cleo, now=NOW)
    assert (swap.places, [one.after for one in swap.consequences if one.request == other]) == (-1, [[]])
    actions.swap_pairs(token=swap.token, by=cleo, now=NOW)
    assert Match.objects.get(request=first, state=states.PROPOSED).volunteer == emil
    [row] = small.results.filter(request=other)
    assert row.volunteer is None
    assert row.why_not["candidates"] == 2


def test_who_does_not_fit_cannot_be_wished(two, ada, cleo):
    with pytest.raises(NotAPair):
        weigh_swap(of(ada), a_volunteer("Carl", skills=("vorlesen",)).pk, by=cleo, now=NOW)


def test_what_is_released_is_not_swapped(two, ada, dora, cleo):
    match, other = of(ada), of(dora)
    actions.release_match(match_id=match.pk, by=cleo, now=NOW)
    match.refresh_from_db()
    with pytest.raises(WrongState):
        weigh_swap(match, other.volunteer_id, by=cleo, now=NOW)


def _released(two, ada, cleo):
    actions.release_match(match_id=of(ada).pk, by=cleo, now=NOW)


def _changed(two, ada, cleo):
    request = of(ada).request
    actions.change_request(request_id=request.pk, by=ada, now=NOW, changes={"duration_minutes": 90})


def _somebody_moved(two, ada, cleo):
    VolunteerChange.objects.create(user_id=people.ben().pk)


def _rejected(two, ada, cleo):
    actions.reject_match(match_id=of(people.dora()).pk, by=cleo, now=NOW, reason="so nicht")


@pytest.mark.parametrize("happens", [_released, _changed, _somebody_moved, _rejected])
def test_a_plan_that_is_older_than_the_rows_does_nothing(happens, two, ada, dora, cleo):
    swap = weigh_swap(of(ada), of(dora).volunteer_id, by=cleo, now=NOW)
    happens(two, ada, cleo)
    before = set(Match.objects.values_list("pk", "state"))
    with pytest.raises((StaleScreen, WrongState)):
        actions.swap_pairs(token=swap.token, by=cleo, now=NOW)
    assert set(Match.objects.values_list("pk", "state")) == before


def test_a_plan_is_good_for_the_worker_who_saw_it(two, ada, dora, cleo):
    swap = weigh_swap(of(ada), of(dora).volunteer_id, by=cleo, now=NOW)
    for token, by in ((swap.token, dora), (swap.token[:-3], cleo), ("", cleo)):
        with pytest.raises((StaleScreen, NotVisible)):
            actions.swap_pairs(token=token, by=by, now=NOW)


def test_the_page_lists_who_could_and_says_what_it_means(ada, dora, emil, cleo, page_as):
    now = timezone.now()
    for person in (ada, dora):
        a_request(person, now=now)
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=now)
    hers, other = of(ada), of(dora)
    desk, address = page_as(cleo), reverse("desk:round_swap", args=[found.pk, hers.pk])
    [row] = desk.get(address).context["others"]
    assert (row.volunteer, row.elsewhere) == (other.volunteer, "Dora Dohle")
    page = desk.get(address, {"mit": str(other.volunteer_id)})
    first, second = other.volunteer.full_name, hers.volunteer.full_name
    assert f"Ada Abend bekommt {first} statt {second}." in page.content.decode()
    assert f"Dora Dohle bekommt {second} statt {first}." in page.content.decode()
    assert desk.post(address, {"plan": page.context["swap"].token}).status_code == 302
    assert of(ada).volunteer == other.volunteer
    late = desk.post(address, {"plan": page.context["swap"].token})
    assert late.status_code == 409
    assert "ist inzwischen nicht mehr nur vorgeschlagen" in late.content.decode()


@pytest.mark.parametrize("who", ["x", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_an_odd_wish_is_a_conflict_said_in_a_sentence(who, ada, dora, emil, cleo, page_as):
    a_request(ada, now=timezone.now())
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=timezone.now())
    address = reverse("desk:round_swap", args=[found.pk, of(ada).pk])
    assert page_as(cleo).get(address, {"mit": who}).status_code == 409


def test_ten_who_could_cost_as_much_as_two(ada, ben, cleo, page_as, django_assert_max_num_queries):
    now, desk, counts = timezone.now(), page_as(cleo), []
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for some in (range(2), range(2, 10)):
        for number in some:
            a_volunteer(f"H{number}")
        Match.objects.all().delete()
        VolunteerProfile.objects.update(live_matches=0)
        request = a_request(ada, now=now + timedelta(seconds=1))
        found = actions.run_round(quarter=ada.quarter, by=cleo, now=now)
        address = reverse("desk:round_swap", args=[found.pk, Match.objects.get(request=request).pk])
        desk.get(address)
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(address)
        counts.append(len(asked))
    assert len(page.context["others"]) == len(suggestions.suggestions(request, now=now)) == 10
    assert counts[0] == counts[1]
