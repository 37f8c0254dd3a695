"""What an ex-partner who knows name, phone and birthday tried and got; docs/attackers.md holds the whole list."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import addresses, badges, parents, trust
from accounts.actions.people import change_person, cut_sessions
from accounts.models import RoleAssignment, Suspension, User, Vetting, VolunteerProfile
from matching import actions
from places.models import House
from tests import people
from tests.people import NOW, a_person, a_quarter

pytestmark = pytest.mark.django_db


def moved_away(person: User) -> None:
    """She lives in Birkenau now."""
    there = a_quarter("Birkenau", west=7.1)
    house = House.objects.create(
        street="Birkenweg", street_key="birkenweg", number="7", number_key="7", postcode="51301", city="Musterstadt",
        quarter=there, lat=51.05, lon=7.12,
    )  # fmt: skip
    addresses.set_place(person=person, by=person, now=NOW, street="Birkenweg", number="7", house_id=house.pk)
    person.refresh_from_db()
    assert person.quarter == there


# --- old links and papers ----------
def test_a_photo_of_the_badge_does_not_tell_where_she_moved(ben, cleo):
    """Its page names the office of whoever carries it, for a year."""
    badge = badges.issue_badge(person_id=ben.pk, by=cleo, now=timezone.now())
    page = reverse("accounts:badge", args=[badge.code])
    assert "Lindenhof" in Client().get(page).content.decode()
    moved_away(ben)
    answer = Client().get(page)
    assert answer.status_code == 404
    assert "Birkenau" not in answer.content.decode()


def test_moving_within_the_quarter_keeps_the_badge(ben, cleo):
    badges.issue_badge(person_id=ben.pk, by=cleo, now=timezone.now())
    addresses.set_place(person=ben, by=ben, now=timezone.now(), street="Am alten Schuppen", number="2")
    assert badges.running_badge(ben, now=timezone.now()) is not None


def test_the_link_of_the_parents_does_not_tell_where_the_child_moved(cleo):
    today = timezone.localdate()
    child = a_person("Tim", born_on=date(today.year - 15, 1, 1))
    VolunteerProfile.objects.create(user=child, welcomed_at=NOW)
    row = parents.ask_parents(person_id=child.pk, by=cleo, now=timezone.now(), name="Bernd Ex", phone="0214 555666")
    page = reverse("accounts:parents", args=[parents.token_of(row)])
    assert "Lindenhof" in Client().get(page).content.decode()
    Client().post(page, {"verb": "ja", "sorge": "1"})
    moved_away(child)
    answer = Client().get(page)
    assert answer.status_code == 200
    assert "Birkenau" not in answer.content.decode()
    assert Client().post(page, {"verb": "zurueck"}).status_code == 302  # taking the yes back is still possible


# --- what was read off her telephone once ----------
@pytest.mark.parametrize("how", ["password", "office"])
def test_a_new_password_and_the_office_end_the_calendars_secret_address(
    how, ada, page_as, django_capture_on_commit_callbacks
):
    secret = actions.make_calendar_feed(by=ada, now=timezone.now())
    page = reverse("matching:ics", args=[secret])
    assert Client().get(page).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        if how == "password":
            typed = {
                "oldpassword": people.PASSWORD,
                "password1": "ganz-neu-und-lang-7",
                "password2": "ganz-neu-und-lang-7",
            }
            answer = page_as(ada).post(reverse("account_change_password"), typed)
            assert answer.status_code == 302
        else:
            cut_sessions(person=ada)
    assert Client().get(page).status_code == 404


# --- mail after mail through the house ----------
def test_who_ended_the_trust_is_not_named_a_third_time(ada, ben):
    """Each naming mails her the first name he chose."""

    def name(by):
        row = trust.name_trusted_person(resident_id=ada.pk, by=by, now=NOW, name="X", email=ben.email)
        trust.revoke_trusted_person(trust_id=row.pk, by=ben, now=NOW)

    name(ada)
    name(ada)
    with pytest.raises(trust.NamedAgain):
        name(ada)
    name(people.cleo())  # the office, on somebody's word
    later = NOW + timedelta(days=31)
    trust.name_trusted_person(resident_id=ada.pk, by=ada, now=later, name="X", email=ben.email)


# --- a second account ----------
def a_suspended(quarter=None, **fields) -> User:
    person = a_person("Udo", quarter, last_name="Übel", **fields)
    Suspension.objects.create(
        user=person, cause="money", reason="Geld", proposed_by=people.cleo(), proposed_at=NOW, deadline=NOW
    )
    return person


@pytest.mark.parametrize(
    ("again", "known"),
    [
        ({"phone": "+492145550001"}, True), ({"first_name": "udo", "born_on": date(1985, 5, 5)}, True),
        ({"born_on": date(1985, 5, 6)}, False), ({}, False),
        ({"first_name": "Emil", "born_on": date(1985, 5, 5)}, False),
    ],
)  # fmt: skip
def test_the_office_hears_that_a_new_helper_looks_like_somebody_kept_away_elsewhere(again, known, cleo, page_as):
    a_suspended(a_quarter("Birkenau", west=7.1), phone="+492145550001", born_on=date(1985, 5, 5))
    fresh = a_person(again.get("first_name", "Udo"), email="udo2@example.org", last_name="Übel")
    User.objects.filter(pk=fresh.pk).update(**again)
    VolunteerProfile.objects.create(user=fresh)
    page = page_as(cleo).get(reverse("desk:person", args=[fresh.pk])).content.decode()
    assert ("Vielleicht ein zweiter Zugang" in page) is known
    assert ("Birkenau" in page) is known
    assert "Geld" not in page
    VolunteerProfile.objects.filter(user=fresh).update(welcomed_at=NOW)
    assert "zweiter Zugang" not in page_as(cleo).get(reverse("desk:person", args=[fresh.pk])).content.decode()


# --- the telephone ----------
def test_the_office_reads_to_call_back_before_a_number_or_address_is_changed(ada, cleo, page_as):
    User.objects.filter(pk=ada.pk).update(email=None)
    page = page_as(cleo).get(reverse("desk:contact", args=[ada.pk])).content.decode()
    assert "Rufen Sie erst unter der bisherigen zurück" in page
    assert "unter der bisherigen Nummer zurückgerufen haben" in page


def test_the_office_still_corrects_a_name_of_somebody_it_met(ben, cleo):
    Vetting.objects.get_or_create(user=ben, kind="talk", on=people.TODAY)
    RoleAssignment.objects.get_or_create(user=cleo, role="worker", quarter=cleo.quarter)
    assert change_person(person_id=ben.pk, by=cleo, now=NOW, changes={"last_name": "Neu"}).last_name == "Neu"
