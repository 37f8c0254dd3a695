"""The people of a quarter on the desk: found by letters, met, checked, their address opened for a reason only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import search
from accounts.models import AddressReading, User, Vetting, VolunteerProfile
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


def with_key(person: User) -> User:
    person.search_key = search.key(person)
    person.save(update_fields=["search_key"])
    return person


@pytest.mark.parametrize("typed", ["schm", "SCHMITZ", "anne schm", "0214 3001"])
def test_a_few_letters_or_digits_find_the_caller(typed, desk):
    caller = with_key(people.a_person("Anneliese", last_name="Schmitz", phone="+49214300155"))
    assert desk.post(reverse("desk:people"), {"q": typed}).context["found"] == [caller]


def test_people_of_other_quarters_are_not_found(desk):
    with_key(people.a_person("Anneliese", people.a_quarter("Rosenau", west=7.1), last_name="Schmitz"))
    assert desk.post(reverse("desk:people"), {"q": "schmitz"}).context["found"] == []


@pytest.mark.parametrize("typed", ["", "%", "a" * 81, "\x00", "ab\x00"])
def test_odd_searches_are_answered(typed, desk):
    assert desk.post(reverse("desk:people"), {"q": typed}).status_code < 500


def test_twenty_found_cost_as_much_as_two(desk):

    counts = []
    desk.post(reverse("desk:people"), {"q": "anna"})  # once, so that caches are warm
    for some in (range(2), range(2, 20)):
        for number in some:
            with_key(people.a_volunteer(f"Anna{number}"))
        with CaptureQueriesContext(connection) as asked:
            desk.post(reverse("desk:people"), {"q": "anna"})
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_address_opens_for_a_reason_and_leaves_a_row(desk, ada, cleo):
    page = desk.get(reverse("desk:person", args=[ada.pk]))
    assert "Lindenstraße" not in page.content.decode()
    opened = desk.post(reverse("desk:address", args=[ada.pk]), {"reason": "visit"})
    assert "Lindenstraße" in opened.content.decode()
    reading = AddressReading.objects.get()
    assert (reading.reader, reading.reason) == (cleo, "visit")


@pytest.mark.parametrize("reason", ["", "neugier"])
def test_without_a_known_reason_the_address_stays_closed(reason, desk, ada):
    answer = desk.post(reverse("desk:address", args=[ada.pk]), {"reason": reason})
    assert answer.status_code == 400
    assert "Lindenstraße" not in answer.content.decode()
    assert not AddressReading.objects.exists()


def test_a_check_is_recorded_and_the_volunteer_welcomed(desk, cleo):
    carl = people.a_volunteer("Carl", profile={"welcomed_at": None})
    Vetting.objects.filter(user=carl).delete()
    welcome = reverse("desk:welcome", args=[carl.pk])
    assert desk.post(welcome).status_code == 400
    desk.post(reverse("desk:record", args=[carl.pk]), {"kind": "talk", "on": "2026-03-01", "suitable": "yes"})
    assert Vetting.objects.get(user=carl).by == cleo
    desk.post(welcome)
    assert VolunteerProfile.objects.get(user=carl).welcomed_at is not None


@pytest.mark.parametrize("wrong", [{"kind": "blut"}, {"on": ""}, {"on": "2199-01-01"}, {"valid_until": "1999-01-01"}])
def test_a_check_that_does_not_fit_is_refused(wrong, desk, ben):
    before = Vetting.objects.count()
    sent = {"kind": "talk", "on": "2026-03-01", "suitable": "yes"} | wrong
    assert desk.post(reverse("desk:record", args=[ben.pk]), sent).status_code == 400
    assert Vetting.objects.count() == before


def test_an_address_is_repaired(desk, ada):
    sent = {"street": "Nirgendweg", "number": "7", "postcode": "51300"}
    desk.post(reverse("desk:place", args=[ada.pk]), sent)
    ada.refresh_from_db()
    assert not ada.place.is_found
    assert desk.post(reverse("desk:place", args=[ada.pk]), {"street": ""}).status_code == 400
