"""The own profile as pages, without scripts."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import TrustedPerson, VolunteerProfile
from places.models import House
from places.normalise import number_key, street_key
from tests import people

pytestmark = pytest.mark.django_db

ME = {
    "first_name": "Ada",
    "last_name": "Abendrot",
    "born_on": "01.05.1942",
    "phone": "0214 998877",
    "share_phone": "on",
    "channel": "phone",
    "languages": ["de", "tr"],
    "wants_help": "on",
    "text_size": "large",
    "language": "de",
}
OFFER = {
    "skills": ["hund", "anruf"],
    "level-hund": "3",
    "languages": ["de"],
    "radius_m": "1000",
    "hours_per_week": "2,5",
    "capacity": "2",
    "ask_wish": "1",
    "about": "Ich gehe gern raus.",
}
PAGES = ["/profil/", "/profil/adresse/", "/profil/vertrauen/", "/profil/helfen/", "/profil/zeiten/", "/profil/pause/"]


@pytest.mark.parametrize("path", PAGES)
def test_each_page_opens_for_a_volunteer_and_for_nobody_without_login(ben, page_as, path):
    assert page_as(ben).get(path).status_code == 200
    answer = Client().get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/konto/login/")


@pytest.mark.parametrize("path", ["/profil/zeiten/", "/profil/pause/"])
def test_who_does_not_help_has_no_times_and_no_pause(ada, page_as, path):
    assert page_as(ada).get(path).status_code == 404


def test_the_person_is_saved_and_size_and_language_hold_at_once(ada, page_as):
    answer = page_as(ada).post("/profil/", ME)
    ada.refresh_from_db()
    assert answer.status_code == 302
    assert (ada.last_name, ada.channel, ada.languages, ada.text_size) == ("Abendrot", "phone", ["de", "tr"], "large")
    assert (answer.cookies["text_size"].value, answer.cookies["django_language"].value) == ("large", "de")


def test_a_call_needs_a_number_and_nothing_typed_is_lost(ada, page_as):
    answer = page_as(ada).post("/profil/", {**ME, "phone": "", "last_name": "Neu"})
    assert list(answer.context["form"].errors) == ["phone"]
    assert 'value="Neu"' in answer.content.decode()


def test_the_address_can_be_changed_and_an_unknown_one_asks_for_the_quarter(ada, page_as):
    House.objects.create(
        street="Rosenweg", number="5", postcode="51300", city="Musterstadt", street_key=street_key("Rosenweg"),
        number_key=number_key("5"), lat=51.051, lon=7.001, quarter=ada.quarter,
    )  # fmt: skip
    client = page_as(ada)
    assert client.post("/profil/adresse/", {"street": "Rosenweg", "number": "5"}).status_code == 302
    assert "Rosenweg 5" in client.get("/profil/").content.decode()
    answer = client.post("/profil/adresse/", {"street": "Nirgends", "number": "9"})
    assert "In welchem Quartier" in answer.content.decode()
    answer = client.post("/profil/adresse/", {"street": "Nirgends", "number": "9", "quarter": ada.quarter_id})
    assert answer.status_code == 302


def test_a_trusted_person_is_named_and_the_trust_ended(ada, page_as):
    client = page_as(ada)
    client.post("/profil/vertrauen/", {"name": "Meine Tochter", "email": "tochter@example.org"})
    assert "Meine Tochter" in client.get("/profil/").content.decode()
    row = TrustedPerson.objects.get(resident=ada)
    client.post(f"/profil/vertrauen/{row.pk}/beenden/")
    assert "Meine Tochter" not in client.get("/profil/").content.decode()


def test_a_stranger_ending_somebodys_trust_gets_404(ada, dora, page_as):
    page_as(ada).post("/profil/vertrauen/", {"name": "Meine Tochter", "email": "tochter@example.org"})
    row = TrustedPerson.objects.get(resident=ada)
    assert page_as(dora).post(f"/profil/vertrauen/{row.pk}/beenden/").status_code == 404


def test_a_resident_begins_to_help_with_one_button(ada, page_as):
    client = page_as(ada)
    assert "Möchten Sie auch helfen" in client.get("/profil/helfen/").content.decode()
    assert client.post("/profil/helfen/").status_code == 302
    assert VolunteerProfile.objects.filter(user=ada, welcomed_at=None).exists()


def test_who_has_no_birthday_is_asked_for_it_first(dora, page_as):
    client = page_as(dora)
    assert client.post("/profil/helfen/", {}).status_code == 200
    year = timezone.localdate().year
    assert "ab 13" in client.post("/profil/helfen/", {"born_on": f"01.01.{year - 5}"}).content.decode()
    assert client.post("/profil/helfen/", {"born_on": "01.01.1990"}).status_code == 302


def test_the_offer_is_saved_with_levels_and_half_hours(ben, page_as):
    answer = page_as(ben).post("/profil/helfen/", {**OFFER, "served_quarters": [ben.quarter_id]})
    assert answer.status_code == 302
    profile = VolunteerProfile.objects.get(user=ben)
    assert {row.skill_id: row.level for row in profile.offered_skills.all()} == {"hund": 3, "anruf": 2}
    assert (float(profile.hours_per_week), profile.capacity, profile.radius_m) == (2.5, 2, 1000)
    assert profile.ask_wish == VolunteerProfile.AskWish.MORE


def test_a_quarter_far_away_cannot_be_served(ben, page_as):
    far = people.a_quarter("Fern", west=7.2)
    assert page_as(ben).post("/profil/helfen/", {**OFFER, "served_quarters": [far.pk]}).status_code == 200
    assert list(ben.volunteer_profile.served_quarters.all()) == [ben.quarter]


def test_too_little_capacity_is_said_beside_the_field(ben, page_as):
    for name in ("Ada", "Emma"):
        people.a_match(people.a_request(people.a_person(name)), ben, state="asked")
    VolunteerProfile.objects.filter(user=ben).update(live_matches=2)
    page = page_as(ben).post("/profil/helfen/", {**OFFER, "capacity": "1", "served_quarters": [ben.quarter_id]})
    assert "2 laufende Vermittlungen" in page.content.decode()


def test_the_week_is_saved_from_plain_rows(ben, page_as):
    typed = {
        "start-0-0": "14:00",
        "end-0-0": "16.30",
        "start-0-1": "9",
        "end-0-1": "11",
        "start-6-3": "22:00",
        "end-6-3": "00:00",
    }
    assert page_as(ben).post("/profil/zeiten/", typed).status_code == 302
    rows = ben.volunteer_profile.availabilities.all()
    found = [(row.weekday, row.start_minute, row.end_minute) for row in rows]
    assert found == [(0, 540, 660), (0, 840, 990), (6, 1320, 1440)]


def test_a_preset_fills_the_rows_but_saves_nothing_yet(ben, page_as):
    page = page_as(ben).post("/profil/zeiten/", {"preset": "weekend", "start-1-0": "08:00", "end-1-0": "09:00"})
    assert (page.status_code, page.content.decode().count('value="10:00"')) == (200, 2)
    assert 'value="08:00"' in page.content.decode()
    assert ben.volunteer_profile.availabilities.count() == 7


def test_one_more_row_can_be_asked_for(ben, page_as):
    page = page_as(ben).post("/profil/zeiten/", {"add": "3", "start-3-0": "08:00", "end-3-0": "09:00"}).content.decode()
    assert 'name="start-3-1"' in page


@pytest.mark.parametrize(
    ("start", "end"), [("16:00", "14:00"), ("25:00", "26:00"), ("x", "y"), ("14:00", ""), ("", "9")]
)
def test_a_wrong_hour_is_said_beside_its_row_and_stays(ben, page_as, start, end):
    page = page_as(ben).post("/profil/zeiten/", {"start-2-0": start, "end-2-0": end})
    assert (page.status_code, "Mittwoch:" in page.content.decode()) == (200, True)
    assert f'value="{start or end}"' in page.content.decode()


def test_days_away_are_entered_and_deleted(ben, page_as):
    client, day = page_as(ben), timezone.localdate() + timedelta(3)
    assert client.post("/profil/zeiten/tage/", {"available": "no", "first_day": day.isoformat()}).status_code == 302
    row = ben.volunteer_profile.exceptions.get()
    assert (row.first_day, row.last_day, row.end_minute, row.available) == (day, day, 1440, False)
    assert client.get("/profil/zeiten/").status_code == 200
    assert client.post(f"/profil/zeiten/tage/{row.pk}/loeschen/").status_code == 302
    assert client.post(f"/profil/zeiten/tage/{row.pk}/loeschen/").status_code == 404


def test_pause_is_one_tap_and_so_is_the_way_back(ben, page_as):
    client = page_as(ben)
    client.post("/profil/pause/")
    assert "Sie machen gerade Pause" in client.get("/profil/pause/").content.decode()
    client.post("/profil/pause/", {"resume": "1"})
    assert not VolunteerProfile.objects.get(user=ben).paused


@pytest.mark.parametrize(
    "bad", [b"%00", b"a%00b", b"x" * 5000, b"%ED%A0%80", b"%F0%9F%A4%B7" * 90, b"%FF", b"-1", b"9" * 400, b""]
)
def test_bad_input_is_answered_with_sentences_never_a_500(ben, page_as, bad):
    client = page_as(ben)
    forms = {
        "/profil/": ME,
        "/profil/adresse/": {"street": "", "number": "", "postcode": "", "hint": "", "house": "", "quarter": ""},
        "/profil/vertrauen/": {"name": "", "email": ""},
        "/profil/helfen/": {**OFFER, "served_quarters": ""},
        "/profil/zeiten/": {"start-0-0": "", "end-0-0": "", "preset": "", "add": ""},
        "/profil/zeiten/tage/": {"available": "", "first_day": "", "last_day": "", "start": "", "end": ""},
        "/profil/pause/": {"until": ""},
    }
    for path, names in forms.items():
        for name in names:
            others = urlencode({key: value for key, value in names.items() if key != name}, doseq=True).encode()
            body = others + b"&" + name.encode() + b"=" + bad
            answer = client.post(path, body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code in (200, 302), (path, name)


def test_the_profile_asks_as_often_for_one_trusted_person_as_for_five(ada, page_as):
    client = page_as(ada)
    client.post("/profil/vertrauen/", {"name": "Eins", "email": "e1@example.org"})
    with CaptureQueriesContext(connection) as few:
        client.get("/profil/")
    for number in range(2, 6):
        client.post("/profil/vertrauen/", {"name": f"Nr {number}", "email": f"e{number}@example.org"})
    with CaptureQueriesContext(connection) as many:
        client.get("/profil/")
    assert len(many) == len(few)


SERIES = {
    "series-rhythm": "second",
    "series-weekday": "1",
    "series-start": "10:00",
    "series-end": "12:00",
    "series-since": "2031-03-04",  # a Tuesday
    "series-until": "",
}


def test_a_series_is_entered_listed_and_removed(ben, page_as):
    client = page_as(ben)
    assert client.post("/profil/zeiten/serien/", SERIES).status_code == 302
    row = ben.volunteer_profile.availabilities.get(rule="FREQ=WEEKLY;INTERVAL=2")
    page = client.get("/profil/zeiten/").content.decode()
    assert "jeden zweiten Dienstag, ab Dienstag, 4. März 2031, 10 bis 12 Uhr" in page
    assert "Dienstag, 4. März 2031" in page
    client.post("/profil/zeiten/", {"start-0-0": "9", "end-0-0": "10"})
    assert sorted(ben.volunteer_profile.availabilities.values_list("rule", flat=True)) == ["", "FREQ=WEEKLY;INTERVAL=2"]
    row = ben.volunteer_profile.availabilities.get(rule="FREQ=WEEKLY;INTERVAL=2")
    client.post(f"/profil/zeiten/serien/{row.pk}/loeschen/")
    assert "jeden zweiten Dienstag" not in client.get("/profil/zeiten/").content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"series-since": "2031-03-05"}, "ist ein Mittwoch und kein Dienstag"),
        ({"series-since": ""}, "wann es das erste Mal ist"),
        ({"series-until": "2031-01-01"}, "Der letzte Tag liegt vor dem ersten"),
        ({"series-end": "9:00"}, "Das Ende muss nach dem Anfang liegen"),
        ({"series-end": "spät"}, "Bitte schreiben Sie die Uhrzeit so"),
        ({"series-rhythm": "every", "series-since": "2031-03-05", "series-until": "2031-03-06"}, "endet, bevor sie"),
    ],
)
def test_a_series_that_does_not_fit_says_so(ben, page_as, change, sentence):
    page = page_as(ben).post("/profil/zeiten/serien/", SERIES | change)
    assert (page.status_code, sentence in page.content.decode()) == (200, True)
    assert not ben.volunteer_profile.availabilities.exclude(rule="").exists()


def test_holidays_ahead_stand_on_the_page_of_times(ben, page_as):
    page = page_as(ben).get("/profil/zeiten/").content.decode()
    assert "In den nächsten acht Wochen" in page
    assert "Dann gelten Ihre wöchentlichen Zeiten nicht." in page
    VolunteerProfile.objects.filter(user=ben).update(helps_on_holidays=True)
    assert "Sie helfen auch an Feiertagen." in page_as(ben).get("/profil/zeiten/").content.decode()
