"""The curious worker: role in one quarter, interest in everybody (docs/attackers.md)."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts import roles, sessions
from accounts.actions import badges, casework, trust
from accounts.models import Look, RoleAssignment, User
from core.errors import Invalid, TooMany
from core.tables import unformulated
from tests import people
from tests.api.client import Door

pytestmark = pytest.mark.django_db
LAST_DAY = date.max


@pytest.fixture
def colleague(cleo) -> User:
    other = people.a_person("Carla", last_name="Czech")
    RoleAssignment.objects.create(user=other, role="worker", quarter=cleo.quarter)
    return other


# --- days at the end of the calendar ----------
@pytest.mark.parametrize("first", [LAST_DAY, date.max - timedelta(days=1)])
def test_a_deputy_on_the_last_day_of_the_calendar_is_refused_in_words(first, cleo, colleague, page_as):
    said = {"deputy": colleague.pk, "first_day": first, "last_day": LAST_DAY}
    assert page_as(cleo).post("/buero/vertretung/", said).status_code == 400
    with pytest.raises(Invalid):
        casework.name_deputy(deputy_id=colleague.pk, by=cleo, now=timezone.now(), first_day=first, last_day=LAST_DAY)


def test_a_deputy_may_be_named_for_three_months_of_the_coming_year(cleo, colleague):
    first = timezone.localdate() + casework.FURTHEST
    row = casework.name_deputy(
        deputy_id=colleague.pk,
        by=cleo,
        now=timezone.now(),
        first_day=first,
        last_day=first + timedelta(days=100),
    )
    assert not roles.quarters_of(colleague).exclude(pk=row.worker.quarter_id).exists()


@pytest.mark.parametrize(("days", "status"), [(730, 302), (731, 400), (None, 400)])
def test_notes_are_handed_over_for_two_years_at_most(days, status, ada, cleo, colleague, page_as):
    until = timezone.localdate() + timedelta(days=days) if days else LAST_DAY
    said = {"taker": colleague.pk, "purpose": "Urlaub", "way": "oral", "until": until}
    assert page_as(cleo).post(f"/buero/person/{ada.pk}/uebergeben/", said).status_code == status


# --- trust that would outlive the role ----------
def test_no_worker_becomes_the_trusted_person_of_somebody_of_their_quarter(ada, cleo, page_as):
    said = {"name": "Cleo", "email": cleo.email.upper(), "agreed": "on"}
    assert page_as(cleo).post(f"/buero/person/{ada.pk}/vertrauen/", said).status_code == 400
    with pytest.raises(Invalid):
        trust.name_trusted_person(resident_id=ada.pk, by=cleo, now=timezone.now(), name="Cleo", email=cleo.email)
    assert not roles.acts_for(cleo, ada)


def test_the_resident_may_still_trust_whom_they_like(ada, cleo):
    row = trust.name_trusted_person(resident_id=ada.pk, by=ada, now=timezone.now(), name="Cleo", email=cleo.email)
    trust.agree_to_act(trust_id=row.pk, by=cleo, now=timezone.now())
    assert roles.acts_for(cleo, ada)


# --- looks that left no trace ----------
@pytest.mark.parametrize("page", ["angaben", "schritte", "notizen", "benachrichtigungen"])
def test_each_page_about_a_person_leaves_a_look(page, ben, cleo, page_as):
    assert page_as(cleo).get(f"/buero/person/{ben.pk}/{page}/").status_code == 200
    assert [(look.by, look.api) for look in Look.objects.filter(person=ben)] == [(cleo, False)]


def test_what_an_app_is_shown_after_a_change_is_a_look_too(ben, cleo, page_as):
    door = Door(page_as(cleo))
    assert door.patch(f"people/{ben.pk}/", {"text_size": "normal"})["email"] == ben.email
    assert Look.objects.filter(person=ben, by=cleo, what="person", api=True).count() == 1


def test_a_list_of_requests_and_matches_leaves_a_look_for_each(ada, ben, cleo, dora, page_as):
    for person in (ada, dora):
        people.a_match(people.a_request(person), ben)
    for path in ("requests/", "matches/"):
        Look.objects.all().delete()
        Door(page_as(cleo)).get(path)
        looked = Look.objects.filter(by=cleo, what="case", api=True)
        assert {look.person for look in looked} == {ada, dora}
        Door(page_as(cleo)).get(path)
        assert looked.count() == 2  # leafing to and fro is one look


def test_nobody_leaves_a_look_at_what_is_their_own(ada, ben, page_as):
    match = people.a_match(people.a_request(ada), ben, state="confirmed")
    for person in (ada, ben):
        door = Door(page_as(person))
        door.get("matches/")
        assert door.get(f"matches/{match.pk}/")["id"] == str(match.pk)
        door.get("requests/")
    assert not Look.objects.exists()


# --- guessing ----------
def test_a_worker_does_not_try_all_numbers_of_badges(cleo, page_as):
    now, client = timezone.now(), page_as(cleo)
    for number in range(badges.CHECKS_A_DAY):
        badges.check_number(number=str(100_000 + number), by=cleo, now=now)
    with pytest.raises(TooMany):
        badges.check_number(number="999999", by=cleo, now=now)
    assert client.post("/buero/ausweis/", {"nummer": "999999"}).status_code == 429


# --- sessions of apps ----------
def an_app_of(worker: User) -> tuple[Door, Client]:
    browser = Client()
    browser.force_login(worker, backend="django.contrib.auth.backends.ModelBackend")
    session = browser.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": 0}]
    session["account_authentication_methods_user"] = str(worker.pk)
    session.save()
    return Door(Client()), session.session_key


@pytest.mark.parametrize("minutes", [0, 29, 31, 11 * 60])
def test_an_app_left_alone_is_over_as_a_browser_is(minutes, cleo, settings, monkeypatch):
    app, token = an_app_of(cleo)
    assert app.get("me/", **{"X-Session-Token": token})["first_name"] == "Cleo"
    later = timezone.now() + timedelta(minutes=minutes)
    monkeypatch.setattr("accounts.api.auth.timezone.now", lambda: later)
    app.get("me/", **{"X-Session-Token": token})
    assert app.status == (200 if minutes < settings.WORKER_IDLE_MINUTES else 401)


def test_an_app_in_use_all_day_is_over_in_the_evening(cleo, settings, monkeypatch):
    app, token = an_app_of(cleo)
    began, states = timezone.now(), []
    for minutes in range(0, 11 * 60, 20):
        moment: datetime = began + timedelta(minutes=minutes)
        monkeypatch.setattr("accounts.api.auth.timezone.now", lambda moment=moment: moment)
        app.get("me/", **{"X-Session-Token": token})
        states.append(app.status)
    assert states == [200] * (settings.WORKER_SESSION_HOURS * 3 + 1) + [401] * 2


def test_somebody_without_a_role_stays_in_their_app(ada, monkeypatch):
    browser = Client()
    browser.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    app, token = Door(Client()), browser.session.session_key
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr("accounts.api.auth.timezone.now", lambda: later)
    assert app.get("me/", **{"X-Session-Token": token})["first_name"] == "Ada"
    assert sessions.BEGAN_KEY not in browser.session


# --- tables ----------
@pytest.mark.parametrize("text", ["=1+1", "+49", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1+1", "＠SUM(1)"])
def test_no_table_program_computes_what_somebody_typed(text):
    assert unformulated(text) == f"'{text}"
