"""What somebody curious tries, and does not get."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Block, VolunteerProfile
from matching import actions
from matching.errors import NotAPair
from matching.models import HelpRequest
from places.models import Border
from tests import people
from tests.people import a_match, a_person, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def a_wish(ada, **fields):
    start = timezone.now() + timedelta(days=1)
    return a_request(ada, windows=[(start, start + timedelta(days=2))], description="Nur für Gefragte", **fields)


def test_offering_oneself_opens_neither_name_nor_text_nor_hours_before_the_office_looked(door, ada, ben, cleo):
    wish = a_wish(ada)
    says = door(ben)
    offered = says.post(f"open-requests/{wish.pk}/offer/")
    assert says.status == 201
    told = [offered["resident"]["first_name"], offered["request"]["description"], offered["slot_start"]]
    assert (told, offered["request"]["windows"]) == ([None, None, None], [])
    door(cleo).post(f"matches/{offered['id']}/clear/")
    seen = says.get(f"matches/{offered['id']}/")
    assert (seen["resident"]["first_name"], seen["request"]["description"]) == ("Ada", "Nur für Gefragte")


def test_the_pages_keep_name_and_text_of_an_offer_until_the_office_looked(page_as, ada, ben):
    match = actions.offer_help(request_id=a_wish(ada).pk, by=ben, now=timezone.now())
    for path in ("/mein/", f"/vermittlung/{match.pk}/"):
        page = page_as(ben).get(path).content.decode()
        assert "Nur für Gefragte" not in page
        assert "Ada" not in page


@pytest.mark.parametrize("state", ["declined", "ended", "completed"])
def test_name_text_and_hours_close_again_for_the_volunteer(state, door, ada, ben):
    match = a_match(a_wish(ada), ben, state=state)
    seen = door(ben).get(f"matches/{match.pk}/")
    told = [seen["resident"]["first_name"], seen["request"]["description"], seen["code_word"], seen["slot_start"]]
    assert (told, seen["request"]["windows"]) == ([None, None, None, None], [])


def test_an_offer_that_does_not_fit_never_says_at_which_gate(door, ada, ben):
    VolunteerProfile.objects.filter(user=ben).update(paused=True)
    says = door(ben)
    said = says.post(f"open-requests/{a_wish(ada).pk}/offer/")
    assert (says.status, said["code"], said["fields"]) == (409, NotAPair.code, {})


def test_a_request_of_somebody_who_blocked_is_answered_like_one_that_is_gone(door, ada, ben):
    """Listed, and said to fit nobody's details, it would have told whose it is."""
    wish, says = a_wish(ada), door(ben)
    gone = says.post(f"open-requests/{uuid4()}/offer/")
    Block.objects.create(blocker=ada, blocked=ben, since=timezone.now())
    assert says.post(f"open-requests/{wish.pk}/offer/") == gone
    assert says.status == 404


def test_naming_every_quarter_as_served_shows_only_where_one_could_help(door, ada):
    far = a_quarter("Birkenau", west=7.5)
    nosy = a_volunteer("Nils", far)
    nosy.volunteer_profile.served_quarters.add(ada.quarter)
    a_wish(ada)
    assert door(nosy).get("open-requests/")["results"] == []
    Border.objects.create(quarter=ada.quarter, neighbour=far)
    assert len(door(nosy).get("open-requests/")["results"]) == 1
    ada.quarter.admits_neighbours = False
    ada.quarter.save()
    assert door(nosy).get("open-requests/")["results"] == []


def test_the_resident_and_a_trusted_person_do_not_fill_the_volunteers_day_among_themselves(door, ada, ben, dora):
    people.trusts(ada, dora)
    match = a_match(a_wish(ada), ben, state="confirmed")
    start = timezone.now() + timedelta(days=1)
    found = actions.propose_appointment(
        match_id=match.pk, start=start, end=start + timedelta(hours=1), by=ada, now=timezone.now()
    )
    says = door(dora)
    says.post(f"appointments/{found.pk}/agree/")
    assert says.status == 403
    says = door(ben)
    says.post(f"appointments/{found.pk}/agree/")
    assert says.status == 200


def test_a_residents_draft_is_not_there_for_the_office(door, ada, cleo):
    draft = HelpRequest.objects.create(resident=ada, entered_by=ada, quarter=ada.quarter, description="noch nicht")
    office = HelpRequest.objects.create(resident=ada, entered_by=cleo, quarter=ada.quarter)
    says = door(cleo)
    assert [row["id"] for row in says.get("requests/")["results"]] == [str(office.pk)]
    says.post(f"requests/{draft.pk}/publish/", {"consent": "oral"})
    assert says.status == 404


def test_nobody_publishes_as_if_the_resident_had_agreed_themselves(door, ada, cleo):
    office = HelpRequest.objects.create(
        resident=ada, entered_by=cleo, quarter=ada.quarter, flexible_until=timezone.localdate() + timedelta(days=5)
    )
    office.skills.set(["einkaufen"])
    says = door(cleo)
    assert "consent" in says.post(f"requests/{office.pk}/publish/")["fields"]
    says.post(f"requests/{office.pk}/publish/", {"consent": "oral"})
    assert says.status == 200


def test_a_worker_who_names_a_stranger_as_trusted_learns_neither_their_name_nor_their_number(page_as, cleo):
    stranger = a_person("Frida", a_quarter("Birkenau", west=7.1), last_name="Fremd", phone="+491715550188")
    people.trusts(cleo, stranger, name="irgendwer")
    page = page_as(cleo).get(f"/buero/person/{cleo.pk}/").content.decode()
    assert "irgendwer" in page
    assert "Fremd" not in page
    assert "5550188" not in page
