"""The people of a quarter on the desk: found by letters, met, checked, their address opened for a reason only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import search
from accounts.models import AddressReading, User, Vetting, VolunteerProfile
from places.models import House
from places.normalise import number_key, street_key
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


@pytest.mark.parametrize(("few", "typed"), [(2, "ann"), (3, "anna")])  # of two "anna", slips are looked for too
def test_twenty_found_cost_as_much_as_two(few, typed, desk):
    counts = []
    desk.post(reverse("desk:people"), {"q": typed})  # once, so that caches are warm
    for some in (range(few), range(few, 20)):
        for number in some:
            with_key(people.a_volunteer(f"Anna{number}"))
        with CaptureQueriesContext(connection) as asked:
            desk.post(reverse("desk:people"), {"q": typed})
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
    desk.post(reverse("desk:step_take", args=[carl.pk]), {"kind": "talk", "on": "2026-03-01", "suitable": "yes"})
    assert Vetting.objects.get(user=carl).by == cleo
    desk.post(welcome)
    assert VolunteerProfile.objects.get(user=carl).welcomed_at is not None


@pytest.mark.parametrize(
    "wrong", [{"kind": "blut"}, {"on": "gestern"}, {"on": "2199-01-01"}, {"valid_until": "1999-01-01"}]
)
def test_a_check_that_does_not_fit_is_refused(wrong, desk, ben):
    before = Vetting.objects.count()
    sent = {"kind": "talk", "on": "2026-03-01", "suitable": "yes"} | wrong
    assert desk.post(reverse("desk:step_take", args=[ben.pk]), sent).status_code == 400
    assert Vetting.objects.count() == before


def test_an_address_is_repaired(desk, ada):
    sent = {"street": "Nirgendweg", "number": "7", "postcode": "51300"}
    desk.post(reverse("desk:place", args=[ada.pk]), sent)
    ada.refresh_from_db()
    assert not ada.place.is_found
    assert desk.post(reverse("desk:place", args=[ada.pk]), {"street": ""}).status_code == 400


def test_what_the_office_hears_on_the_phone_is_changed(desk, ada):
    page = reverse("desk:contact", args=[ada.pk])
    assert "Ada" in desk.get(page).content.decode()
    sent = {"first_name": "Ada", "last_name": "Morgen", "phone": "0214 300999", "channel": "phone", "languages": ["de"]}
    assert desk.post(page, sent).status_code == 302
    ada.refresh_from_db()
    assert (ada.last_name, str(ada.phone), ada.channel) == ("Morgen", "0214 300999", "phone")
    assert desk.post(reverse("desk:people"), {"q": "morgen"}).context["found"] == [ada]


@pytest.mark.parametrize(
    "wrong", [{"first_name": ""}, {"phone": "xx"}, {"born_on": "2199-01-01"}, {"languages": ["??"]}]
)
def test_a_change_that_does_not_fit_is_refused(wrong, desk, ada):
    sent = {"first_name": "Ada", "last_name": "Morgen", "channel": "phone"} | wrong
    assert desk.post(reverse("desk:contact", args=[ada.pk]), sent).status_code == 400
    ada.refresh_from_db()
    assert ada.last_name == "Abend"


def two_houses() -> list[House]:
    return [
        House.objects.create(
            street="Hauptstraße",
            number="12",
            postcode=postcode,
            city="Musterstadt",
            street_key=street_key("Hauptstraße"),
            number_key=number_key("12"),
            lat=51.05,
            lon=lon,
            quarter=people.a_quarter(),
        )
        for postcode, lon in (("51300", 6.99), ("51301", 7.01))
    ]


def test_of_several_houses_one_is_asked_for(desk, ada):
    _first, second = two_houses()
    page, sent = reverse("desk:place", args=[ada.pk]), {"street": "Hauptstr", "number": "12"}
    asked = desk.post(page, sent)
    assert "51301 Musterstadt" in asked.content.decode()
    desk.post(page, sent | {"house": str(second.pk)})
    opened = desk.post(reverse("desk:address", args=[ada.pk]), {"reason": "repair"})
    assert "51301" in opened.content.decode()


@pytest.mark.parametrize("house", ["999999", "x", "\x00", "-1"])
def test_a_house_that_was_not_offered_is_refused(house, desk, ada):
    two_houses()
    sent = {"street": "Hauptstr", "number": "12", "house": house}
    assert desk.post(reverse("desk:place", args=[ada.pk]), sent).status_code in (400, 404)


def test_a_caller_in_front_of_two_houses_is_entered_and_asked(desk, cleo):
    two_houses()
    sent = {"first_name": "Else", "last_name": "Pütz", "channel": "phone", "phone": "0214 300101"}
    house = {"street": "Hauptstr", "number": "12", "quarter": str(cleo.quarter_id)}
    asked = desk.post(reverse("desk:person_new"), sent | house)
    caller = User.objects.get(first_name="Else")
    assert reverse("desk:place", args=[caller.pk]) in asked.content.decode()


def test_nothing_of_the_desk_stays_in_the_cache(desk, ada):
    assert "no-store" in desk.get(reverse("desk:person", args=[ada.pk]))["Cache-Control"]


@pytest.mark.parametrize(("sent", "status", "kept"), [("1", 302, 1), ("-1", 302, -1), ("5", 400, 0), ("oft", 400, 0)])
def test_the_office_notes_how_often_a_volunteer_wants_to_be_asked(sent, status, kept, desk, ben):
    assert desk.post(reverse("desk:ask_wish", args=[ben.pk]), {"ask_wish": sent}).status_code == status
    assert VolunteerProfile.objects.get(user=ben).ask_wish == kept


def test_who_does_not_help_has_no_wish_to_note(desk, ada):
    assert desk.post(reverse("desk:ask_wish", args=[ada.pk]), {"ask_wish": "1"}).status_code == 404
