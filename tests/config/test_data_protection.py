"""The copy, the erasure and who looked: for oneself, by the office, by command."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts.actions.casework import write_note
from accounts.models import AddressReading, Block, Look, RoleAssignment, User
from accounts.states import SUSPENSION_MOVES
from config.data_protection import copies, erasing
from config.data_protection.declared import personal
from config.data_protection.field_words import FIELDS, VALUES
from core.errors import NotAllowed
from core.models import Removed
from matching import states
from matching.actions import make_calendar_feed
from matching.models import HelpRequest, Match, Order
from messaging.actions import report_person
from messaging.models import Conversation
from places.models import ExactAddress
from tests import people
from tests.people import a_match, a_person, a_quarter, a_request

pytestmark = pytest.mark.django_db
NOW = timezone.now()
CANARIES = ("KANARI-NACHNAME", "KANARI-STRASSE", "KANARI-NACHRICHT", "KANARI-BITTE", "kanari@example.org", "5550177")


@pytest.fixture(autouse=True)
def _own_list(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def a_full_life(ada, ben):
    """Ada with everything of hers, and Ben beside her."""
    ada.last_name, ada.phone = "KANARI-NACHNAME", "+491715550177"
    ada.email = "kanari@example.org"
    ada.search_key = "kanari-nachname"
    ada.save()
    ExactAddress.objects.filter(place=ada.place).update(street="KANARI-STRASSE")
    match = a_match(a_request(ada, description="KANARI-BITTE"), ben, state="confirmed")
    Order.objects.create(match=match, number="1", carrier="Träger", what="Einkaufen", dated=NOW.date())
    talk = Conversation.objects.create(match=match, last_seq=2)
    talk.messages.create(seq=1, sender=ada, client_id=ada.pk, body="KANARI-NACHRICHT")
    talk.messages.create(seq=2, sender=ben, client_id=ben.pk, body="Bens Wort")
    make_calendar_feed(by=ada, now=NOW)
    Block.objects.create(blocker=ada, blocked=people.dora())
    people.trusts(ada, people.dora(), name="Dora")
    return match


# --- the copy ----------
def test_the_copy_holds_what_is_mine_and_nothing_of_others(ada, ben):
    a_full_life(ada, ben)
    text = json.dumps(copies.copy_of(ada, now=NOW), ensure_ascii=False)
    assert all(canary in text for canary in CANARIES if canary != "5550177")
    for foreign in ("Bens Wort", "Bogen", str(ben.pk), "ben@example.org", "Dohle", ada.password, "search_key"):
        assert foreign not in text, foreign


def test_the_other_side_gets_their_own_words_and_not_mine(ada, ben):
    a_full_life(ada, ben)
    text = json.dumps(copies.copy_of(ben, now=NOW), ensure_ascii=False)
    assert "Bens Wort" in text
    assert not [canary for canary in CANARIES if canary in text]


def test_who_blocked_me_is_in_no_copy_of_mine(ada, ben, dora):
    a_full_life(ada, ben)
    assert "accounts.Block" not in {table["table"] for table in copies.copy_of(dora, now=NOW)["tables"]}


def test_the_page_and_the_file(ada, ben, page_as):
    a_full_life(ada, ben)
    client = page_as(ada)
    page = client.get("/profil/daten/").content.decode()
    assert "KANARI-NACHNAME" in page
    assert "Bens Wort" not in page
    client.post("/konto/reauthenticate/", {"password": people.PASSWORD})
    file = client.get("/profil/daten/kopie.json")
    assert file["Content-Disposition"].startswith("attachment")
    assert "no-store" in file["Cache-Control"]
    assert file.json()["tables"]


def test_the_file_asks_for_the_password_again(ada, page_as):
    assert "/konto/reauthenticate/" in page_as(ada).get("/profil/daten/kopie.json").url
    assert "/konto/reauthenticate/" in page_as(ada).get("/profil/daten/loeschen/").url


def test_the_office_reads_no_talk_and_no_address_in_the_copy(ada, ben, cleo, page_as):
    a_full_life(ada, ben)
    for path in ("daten/", "daten/kopie.json"):
        text = page_as(cleo).get(f"/buero/person/{ada.pk}/{path}").content.decode()
        assert "KANARI-BITTE" in text
        assert "KANARI-NACHRICHT" not in text
        assert "KANARI-STRASSE" not in text


def test_the_office_reads_no_report_and_no_sealed_note_in_the_copy(ada, ben, cleo):
    talk = Conversation.objects.get(match=a_full_life(ada, ben))
    report_person(conversation_id=talk.pk, by=ada, now=NOW)
    write_note(person_id=ada.pk, by=cleo, now=NOW, text="Unter uns")
    kept = {"messaging.Report", "accounts.CaseNote"}
    of_ada, of_office = (
        {table["table"] for table in copies.copy_of(ada, now=NOW, for_office=office)["tables"]}
        for office in (False, True)
    )
    assert "messaging.Report" in of_ada
    assert not kept & of_office


def test_every_field_and_every_state_has_a_word():
    shown = {
        field.name
        for one in personal()
        if not one.privacy.kept_back
        for field in one.model._meta.concrete_fields
        if copies._is_shown(field, one)
    }
    tables = (states.MATCH_MOVES, states.REQUEST_MOVES, SUSPENSION_MOVES)
    said = {word for table in tables for (before, move), after in table.items() for word in (before, move, after)}
    assert shown == set(FIELDS)
    assert said <= set(VALUES)


def test_the_page_says_it_in_words_and_not_in_codes(ada, ben):
    a_full_life(ada, ben)
    rows = [
        cell
        for person in (ada, ben)
        for table in copies.readable(person, now=NOW)
        for row in table["rows"]
        for cell in row
    ]
    values = {value for _field, value in rows}
    assert {"bestätigt", "Im Internet, mit E-Mail", "Deutsch", "ja", "Gespräch geführt"} <= values
    assert not values & {"confirmed", "online", "de", "True", "talk", "open"}
    assert not [field for field, _value in rows if field == field.lower()]


@pytest.mark.parametrize("typed", ["2024-99-99", "2024-02-30T10:00:00+01:00", "2024-01-02", "you"])
def test_what_somebody_typed_is_read_as_it_was_typed(typed, ada, page_as):
    """A text is no day, whatever it looks like."""
    a_request(ada, description=typed)
    assert f"<dd>{typed}</dd>" in page_as(ada).get("/profil/daten/").content.decode()


def test_the_command_prints_the_copy(ada):
    out = StringIO()
    call_command("export_person", ada.email, stdout=out)
    assert json.loads(out.getvalue())["tables"]
    with pytest.raises(CommandError):
        call_command("export_person", "niemand@example.org")


# --- erasing ----------
def test_nothing_is_left_that_speaks_of_somebody_who_was_erased(ada, ben, page_as):
    match = a_full_life(ada, ben)
    page_as(ada)
    key = ada.pk
    done = erasing.erase_person(person=ada, by=ada, now=NOW)
    assert erasing.left_of(key, personal()) == {}
    assert done.removed["accounts.User"] == 1
    assert not [row for row in Session.objects.all() if row.get_decoded().get("_auth_user_id") == str(key)]
    assert not Match.objects.filter(pk=match.pk).exists()
    assert User.objects.filter(pk=ben.pk).exists()
    assert Removed.objects.get(table="accounts.User", why="wish").count == 1
    text = _whole_database()
    assert not [canary for canary in CANARIES if canary in text or canary.lower() in text]
    assert str(key).replace("-", "") not in text


def _whole_database() -> str:
    """Every value of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            found.append(str(cursor.fetchall()))
    return "".join(found)


def test_the_order_stays_without_a_name_and_so_does_the_proof_of_a_reading(ada, ben, cleo):
    a_full_life(ada, ben)
    AddressReading.objects.create(place=ada.place, reader=cleo, reason="Anruf")
    erasing.erase_person(person=ada, by=ada, now=NOW)
    assert Order.objects.get(number="1").match is None
    assert AddressReading.objects.get().place is None
    labels = [label for label, _said in erasing.what_stays()]
    assert labels == ["accounts.AddressReading", "matching.Order", "messaging.Evidence", "messaging.Report"]


def test_the_request_of_the_other_side_opens_again_when_the_helper_goes(ada, ben):
    match = a_full_life(ada, ben)
    erasing.erase_person(person=ben, by=ben, now=NOW)
    request = HelpRequest.objects.get(pk=match.request_id)
    assert (request.state, request.confirmed_helpers, request.accepted_helpers) == ("open", 0, 0)


def test_a_colleague_is_erased_only_when_the_office_ended(cleo, ada, dora):
    with pytest.raises(erasing.StillInOffice):
        erasing.erase_person(person=cleo, by=cleo, now=NOW)
    with pytest.raises(NotAllowed):
        erasing.erase_person(person=ada, by=dora, now=NOW)
    stranger = a_person("Egon", a_quarter("Birkenau", west=7.1))
    RoleAssignment.objects.create(user=stranger, role="worker", quarter=stranger.quarter)
    with pytest.raises(NotAllowed):
        erasing.erase_person(person=ada, by=stranger, now=NOW)


def test_the_way_over_the_page(ada, page_as):
    client = page_as(ada)
    client.post("/konto/reauthenticate/", {"password": people.PASSWORD})
    assert client.post("/profil/daten/loeschen/").status_code == 400
    page = client.post("/profil/daten/loeschen/", {"sure": "1"})
    assert page.status_code == 200
    assert "gelöscht" in page.content.decode()
    assert not User.objects.filter(pk=ada.pk).exists()
    assert client.get("/mein/").status_code == 302


def test_the_office_erases_on_somebodys_word(ada, cleo, page_as):
    client = page_as(cleo)
    assert client.post(f"/buero/person/{ada.pk}/loeschen/").status_code == 400
    assert client.post(f"/buero/person/{ada.pk}/loeschen/", {"sure": "1"}).status_code == 302
    assert not User.objects.filter(pk=ada.pk).exists()


def test_the_command_counts_first_and_erases_with_yes(ada):
    out = StringIO()
    call_command("erase_person", str(ada.pk), stdout=out)
    assert "would be erased" in out.getvalue()
    call_command("erase_person", str(ada.pk), "--yes", stdout=out)
    assert not User.objects.filter(pk=ada.pk).exists()


def test_a_restore_erases_again(ada, ben):
    key, row = ada.pk, User.objects.filter(pk=ada.pk).values().get()
    erasing.erase_person(person=ada, by=ada, now=NOW)
    assert str(key) not in erasing.list_of_erased().read_text()
    User.objects.create(**row | {"place_id": None})  # what a backup brings back
    assert erasing.replay_erasures(now=NOW) == 1
    assert not User.objects.filter(pk=key).exists()
    assert erasing.replay_erasures(now=NOW) == 0
    assert User.objects.filter(pk=ben.pk).exists()


# --- who looked ----------
def test_each_look_of_the_office_is_noted_once_and_shown(ada, cleo, page_as, door_of):
    client = page_as(cleo)
    client.get(f"/buero/person/{ada.pk}/")
    client.get(f"/buero/person/{ada.pk}/")
    client.get(f"/buero/bitte/{a_request(ada).pk}/")
    door_of(cleo)(f"/api/v1/people/{ada.pk}/")
    looks = Look.objects.filter(person=ada, by=cleo)
    assert sorted(looks.values_list("what", "api")) == [("case", False), ("person", False), ("person", True)]
    page = page_as(ada).get("/profil/daten/").content.decode()
    assert "Cleo Czerny, Quartiersbüro Lindenhof" in page


@pytest.fixture
def door_of(page_as):
    return lambda person: page_as(person).get


def test_a_look_of_last_hour_is_another_look(ada, cleo):
    from accounts.actions.looks import note_look

    for minutes in (0, 10, 20):
        note_look(person=ada, by=cleo, what="person", now=NOW + timedelta(minutes=minutes))
    assert Look.objects.count() == 2
    note_look(person=cleo, by=cleo, what="person", now=NOW)
    assert Look.objects.count() == 2


def test_the_office_closes_every_session_of_somebody_on_the_telephone(ada, cleo, page_as):
    client = page_as(ada)
    assert client.get("/profil/").status_code == 200
    page_as(cleo).post(f"/buero/person/{ada.pk}/abmelden/")
    assert client.get("/profil/").status_code == 302
    TOTP.activate(cleo, generate_totp_secret())
    assert page_as(cleo).get("/profil/").status_code == 200


# --- the papers ----------
def test_papers_and_proof_are_for_the_office(ada, cleo, dora, page_as):
    Removed.note({"accounts.User": 2}, day=NOW.date())
    RoleAssignment.objects.create(user=dora, role="coordinator")
    for path in ("/buero/datenschutz/", "/buero/geloescht/"):
        assert page_as(cleo).get(path).status_code == 200
        assert page_as(dora).get(path).status_code == 200
        assert page_as(ada).get(path).status_code == 404
    assert "accounts.User" in page_as(cleo).get("/buero/geloescht/").content.decode()


def test_a_role_that_ends_only_next_month_is_still_a_role(cleo):
    RoleAssignment.objects.filter(user=cleo).update(until=NOW + timedelta(days=30))
    with pytest.raises(erasing.StillInOffice):
        erasing.erase_person(person=cleo, by=cleo, now=NOW)
