"""Joining as a resident or a volunteer, page by page, without scripts."""

import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import User, VolunteerProfile
from accounts.views import join
from places.models import ExactAddress, House
from places.normalise import number_key, street_key
from tests import people

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()

NAME = {"first_name": "Emma", "last_name": "Engel"}
HELPER_NAME = {**NAME, "born_on": "03.04.1980"}
REACH = {"email": "emma@example.org", "phone": "0214 123456"}
ADDRESS = {"street": "Lindenstr", "number": "1", "postcode": "", "hint": "2. Etage"}
RESIDENT = [("name", NAME), ("kontakt", REACH), ("adresse", ADDRESS), ("pruefen", {"consent": "on"})]
VOLUNTEER = [
    ("name", HELPER_NAME),
    ("kontakt", REACH),
    ("adresse", ADDRESS),
    ("aufgaben", {"skills": ["einkaufen", "hund"]}),
    ("zeiten", {"times": ["afternoons", "weekend"]}),
    ("umkreis", {"languages": ["de", "tr"], "radius_m": "2000"}),
    ("pruefen", {"consent": "on"}),
]


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch):
    cache.clear()
    monkeypatch.setattr(join, "EVEN_SECONDS", 0.0)


@pytest.fixture
def house():
    return a_house()


def a_house(*, postcode: str = "51300", lon: float = 7.0) -> House:
    return House.objects.create(
        street="Lindenstraße",
        number="1",
        postcode=postcode,
        city="Musterstadt",
        street_key=street_key("Lindenstraße"),
        number_key=number_key("1"),
        lat=51.05,
        lon=lon,
        quarter=people.a_quarter(),
    )


def _walk(role: str, pages: list[tuple[str, dict[str, Any]]], client: Client | None = None) -> tuple[Client, Any]:
    client = client or Client()
    answer = None
    for step, typed in pages:
        answer = client.post(f"/mitmachen/{role}/{step}/", typed)
    return client, answer


def _code() -> str:
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", mail.outbox[-1].body, re.M)[1]


def test_a_resident_joins_and_is_logged_in_after_the_code(house):
    client, answer = _walk("bewohner", RESIDENT)
    assert answer.status_code == 302
    person = User.objects.get(email="emma@example.org")
    assert (person.full_name, person.wants_help, person.quarter) == ("Emma Engel", True, house.quarter)
    assert person.place.is_found
    assert "_auth_user_id" not in client.session
    answer = client.post(answer.url, {"code": _code()})
    assert (answer.status_code, answer.url) == (302, "/mitmachen/willkommen/")
    assert client.get("/mitmachen/willkommen/").status_code == 200
    assert "joining" not in client.session


def test_a_volunteer_joins_with_skills_hours_and_radius_but_waits_for_the_welcome(house):
    client, answer = _walk("helfer", VOLUNTEER)
    profile = VolunteerProfile.objects.get(user__email="emma@example.org")
    assert {row.skill_id for row in profile.offered_skills.all()} == {"einkaufen", "hund"}
    assert (profile.radius_m, profile.welcomed_at, profile.user.wants_help) == (2000, None, False)
    assert (profile.availabilities.count(), profile.user.languages) == (7, ["de", "tr"])
    assert profile.user.born_on == date(1980, 4, 3)
    client.post(answer.url, {"code": _code()})
    assert "kurzen Gespräch" in client.get("/mitmachen/willkommen/").content.decode()


def test_a_known_address_gets_the_same_page_and_a_mail_that_says_so(house, ada):
    _client, fresh = _walk("bewohner", RESIDENT)
    pages = [(step, {**typed, "email": "ADA@example.org"} if step == "kontakt" else typed) for step, typed in RESIDENT]
    client, known = _walk("bewohner", pages)
    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert client.get(known.url).status_code == 200
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert "Konto" in mail.outbox[-1].body
    assert User.objects.filter(email__iexact="ada@example.org").count() == 1


def test_an_unknown_address_is_accepted_once_the_quarter_was_chosen():
    quarter = people.a_quarter()
    client, answer = _walk("bewohner", RESIDENT[:3])
    assert (answer.status_code, "In welchem Quartier" in answer.content.decode()) == (200, True)
    _client, answer = _walk(
        "bewohner", [("adresse", {**ADDRESS, "quarter": str(quarter.pk)}), RESIDENT[3]], client=client
    )
    person = User.objects.get(email="emma@example.org")
    assert (person.quarter, person.place.is_found) == (quarter, False)


def test_several_houses_are_asked_about_and_the_first_is_never_taken(house):
    other = a_house(postcode="51399", lon=6.99)
    client, answer = _walk("bewohner", RESIDENT[:3])
    assert "Welches Haus meinen Sie" in answer.content.decode()
    _walk("bewohner", [("adresse", {**ADDRESS, "house": str(other.pk)}), RESIDENT[3]], client=client)
    place = User.objects.get(email="emma@example.org").place
    assert ExactAddress.objects.get(place=place).postcode == "51399"


def test_back_keeps_what_was_typed_even_half_done():
    client = Client()
    client.post("/mitmachen/bewohner/name/", NAME)
    answer = client.post("/mitmachen/bewohner/kontakt/", {"email": "halb@", "back": "1"})
    assert answer.url == "/mitmachen/bewohner/name/"
    assert 'value="Emma"' in client.get(answer.url).content.decode()
    assert "halb@" in client.get("/mitmachen/bewohner/kontakt/").content.decode()


def test_the_last_page_leads_to_the_first_gap():
    client = Client()
    client.post("/mitmachen/bewohner/name/", NAME)
    assert client.get("/mitmachen/bewohner/pruefen/").url == "/mitmachen/bewohner/kontakt/"


def test_without_consent_nobody_is_entered(house):
    _client, answer = _walk("bewohner", [*RESIDENT[:3], ("pruefen", {})])
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_a_minor_sees_only_what_minors_may_and_hears_about_the_parents(house):
    client, _answer = _walk("helfer", [("name", {**NAME, "born_on": f"01.01.{TODAY.year - 14}"}), *VOLUNTEER[1:3]])
    page = client.get("/mitmachen/helfer/aufgaben/").content.decode()
    assert 'value="hund"' in page
    assert 'value="formulare"' not in page


def test_a_child_is_told_kindly_to_come_back_later():
    answer = Client().post("/mitmachen/helfer/name/", {**NAME, "born_on": f"01.01.{TODAY.year - 9}"})
    assert "ab 13 Jahren" in answer.content.decode()


def test_joining_is_limited(house, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "2/m/ip", "join_step": "60/m/ip"}
    for number in range(3):
        pages = [(s, {**t, "email": f"e{number}@example.org"} if s == "kontakt" else t) for s, t in RESIDENT]
        _client, answer = _walk("bewohner", pages)
    assert answer.status_code == 429


@pytest.mark.parametrize("bad", ["\x00", "a\x00b", "x" * 5000, "\ud800", "🤷" * 40, "'; --", "   ", ""])
def test_bad_input_is_answered_with_a_page_never_a_500(bad):
    people.a_quarter()
    text = bad.encode("utf-8", "surrogatepass")
    for role, pages in (("bewohner", RESIDENT), ("helfer", VOLUNTEER)):
        for step, typed in pages:
            body = b"&".join(name.encode() + b"=" + _quoted(text) for name in typed)
            answer = Client().post(f"/mitmachen/{role}/{step}/", body, content_type="application/x-www-form-urlencoded")
            assert answer.status_code in (200, 302)


def _quoted(text: bytes) -> bytes:
    return quote(text).encode()


def test_a_name_with_an_address_in_it_is_asked_again_on_its_own_page():
    _client, answer = _walk("bewohner", [("name", NAME | {"first_name": "Los auf www.a.example"})])
    assert "nur einen Namen" in answer.content.decode()
