"""
Unique words in everything of one person; after an erasure they are nowhere, nor after a restore and its replay.

Looked at: every column of every table, opened notes, decoded sessions, the cache, logs, mails, the copies and
calendars of the others, what the office finds, and the files beside the database.
"""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import search
from accounts.actions import casework, trust
from accounts.models import CaseNote, User, VolunteerProfile
from accounts.sealing import seal, unseal
from config.data_protection import copies, erasing
from matching import actions
from matching.calls import verbs as calls
from messaging import actions as talk
from places.models import ExactAddress
from tests import people
from tests.api.client import Door
from tests.logins import logged_in
from tests.people import a_match, a_request

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = {
    name: f"kanari{name}xq"
    for name in (
        *("vorname", "nachname", "mail", "strasse", "hinweis", "bitte", "bittezwei", "nachricht", "absage", "ende"),
        *("anruf", "vorgemerkt", "notiz", "vertraut", "zurueck"),
    )
}
PHONE = "5550177"
ALL = (*WORDS.values(), PHONE)


@pytest.fixture(autouse=True)
def _own_files(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    caches["default"].clear()


def a_whole_life() -> tuple[User, list[User]]:
    """Ada with a word of her own in each thing she, and others about her, could write down; and the others."""
    now, ben, cleo, dora = timezone.now(), people.ben(), people.cleo(), people.dora()
    ada = people.a_person(
        WORDS["vorname"], last_name=WORDS["nachname"], email=f"{WORDS['mail']}@example.org", phone=f"+49171{PHONE}"
    )
    User.objects.filter(pk=ada.pk).update(search_key=search.key(ada))
    ExactAddress.objects.filter(place=ada.place).update(
        street=WORDS["strasse"], street_key=WORDS["strasse"], hint=WORDS["hinweis"]
    )
    wish = a_request(ada, description=WORDS["bitte"], now=now)
    match = a_match(wish, ben, state="accepted")
    match = actions.confirm_match(match_id=match.pk, by=ada, now=now)
    conversation = talk.open_conversation(match=match, now=now)
    said = {"conversation_id": conversation.pk, "by": ada, "now": now}
    talk.post_message(**said, client_id=uuid4(), body=WORDS["nachricht"])
    gone = talk.post_message(**said, client_id=uuid4(), body=WORDS["zurueck"])
    talk.delete_message(**said, seq=gone.message.seq, client_id=uuid4())
    start = now + timedelta(days=2)
    for _visit in range(2):
        visit = actions.propose_appointment(
            match_id=match.pk, start=start, end=start + timedelta(hours=1), by=ben, now=now
        )
        actions.agree_appointment(appointment_id=visit.pk, by=ada, now=now)
        start += timedelta(days=2)
    actions.cancel_appointment(appointment_id=visit.pk, by=ada, now=now, reason=WORDS["absage"])
    named = {"name": WORDS["vertraut"], "email": "dora@example.org"}
    row = trust.name_trusted_person(resident_id=ada.pk, by=ada, now=now, **named)
    trust.agree_to_act(trust_id=row.pk, by=dora, now=now)
    _of_the_office(ada, cleo)
    over = a_match(a_request(ada, now=now), dora_helps(dora), state="confirmed")
    actions.end_match(match_id=over.pk, by=ada, now=now, reason=WORDS["ende"])
    return ada, [ben, cleo, dora]


def dora_helps(dora: User) -> User:
    VolunteerProfile.objects.create(user=dora, welcomed_at=timezone.now())
    return dora


def _of_the_office(ada: User, cleo: User) -> None:
    by = {"by": cleo, "now": timezone.now(), "person_id": ada.pk}
    casework.add_follow_up(**by, text=WORDS["vorgemerkt"], due_on=timezone.localdate())
    casework.write_note(**by, text=WORDS["notiz"])
    calls.note_incoming(person=ada, by=cleo, now=timezone.now(), note=WORDS["anruf"])
    door = Door(logged_in(cleo))
    door.post(
        "requests/", {"on_behalf_of": str(ada.pk), "description": WORDS["bittezwei"]}, **{"Idempotency-Key": "k" * 12}
    )
    assert door.status == 201, door.said
    assert _office_finds(cleo) == [ada]


def _office_finds(worker: User) -> list[User]:
    return search.look_for(worker, WORDS["nachname"], most=5)


def in_tables() -> dict[str, set[str]]:
    """Word -> "table.column" in which it stands."""
    found: dict[str, set[str]] = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = str(value).lower()
                    for word in ALL:
                        if word in text:
                            found.setdefault(word, set()).add(f"{table}.{name}")
    return found


def _elsewhere(others: list[User]) -> str:
    """Everything beside the tables where something of hers could stand, as one text."""
    sessions = [json.dumps(row.get_decoded(), default=str) for row in Session.objects.all()]
    kept = [repr(value) for value in _cached()]
    copied = [json.dumps(copies.copy_of(one, now=timezone.now()), default=str) for one in others]
    notes = [unseal(note.sealed) for note in CaseNote.objects.all()]
    return " ".join([*sessions, *kept, *copied, *notes]).lower()


def _cached() -> list[Any]:
    """Every value in the cache, in memory or in Redis."""
    cache: Any = caches["default"]
    if isinstance(cache, RedisCache):
        redis = cache._cache.get_client()
        return [redis.get(key) for key in redis.scan_iter() if redis.type(key) == b"string"]
    return list(cache._cache.values())


def _calendar_of(person: User) -> str:
    secret = actions.make_calendar_feed(by=person, now=timezone.now())
    return logged_in(person).get(f"/kalender/abo/{secret}.ics").content.decode().lower()


def _found(text: str) -> list[str]:
    return [word for word in ALL if word in text.lower()]


def _in_a_session(word: str, ben: User) -> None:
    session = logged_in(ben).session
    session["seen"] = word
    session.save()


def _in_a_note(word: str, ben: User) -> None:
    CaseNote.objects.create(person=ben, worker=people.cleo(), sealed=seal(word), delete_on=timezone.localdate())


HIDING: dict[str, Callable[[str, User], Any]] = {
    "session": _in_a_session,
    "cache": lambda word, ben: caches["default"].set("seen", word),
    "copy of another": lambda word, ben: User.objects.filter(pk=ben.pk).update(first_name=word),
    "note": _in_a_note,
}


@pytest.mark.parametrize("place", HIDING)
def test_a_word_forgotten_in_any_of_the_other_places_is_found(place, ben):
    """Control: most of these places never hold a word of hers, so that they alone would prove nothing."""
    assert _found(_elsewhere([ben])) == []
    HIDING[place](WORDS["bitte"], ben)
    assert _found(_elsewhere([User.objects.get(pk=ben.pk)])) == [WORDS["bitte"]]


def test_nothing_is_left_anywhere_and_a_restore_brings_nothing_back(caplog, tmp_path, settings):
    with caplog.at_level(logging.DEBUG):
        ada, others = a_whole_life()
        secret = actions.make_calendar_feed(by=ada, now=timezone.now())
        logged_in(ada)
        unread = {WORDS["notiz"], WORDS["zurueck"]}  # sealed, and taken back
        assert set(in_tables()) == set(ALL) - unread  # the words were really there
        assert _found(_elsewhere(others)) == [WORDS["notiz"]]
        assert WORDS["vorname"] in _calendar_of(others[0])
        backup = tmp_path / "backup.json"
        call_command("dumpdata", "--exclude=contenttypes", "--exclude=auth.permission", output=str(backup), verbosity=0)
        erasing.erase_person(person=ada, by=ada, now=timezone.now())
        talk.deliver_notices(now=timezone.now() + timedelta(hours=20))
    assert in_tables() == {}
    assert _found(_elsewhere(others)) == []
    assert _found(_calendar_of(others[0])) == []
    assert logged_in(others[0]).get(f"/kalender/abo/{secret}.ics").status_code == 404
    assert _office_finds(others[1]) == []
    assert _found(caplog.text) == []
    to_others = [one for one in mail.outbox if WORDS["mail"] not in str(one.to)]
    assert _found("".join(one.subject + str(one.body) + str(one.to) for one in to_others)) == []
    assert _found("".join(one.subject + str(one.body) for one in mail.outbox)) == []
    assert _found("".join(p.read_text() for p in Path(tmp_path).glob("*.txt"))) == []

    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", str(backup), verbosity=0)
    assert WORDS["nachname"] in in_tables()  # an older backup knows her
    assert erasing.replay_erasures(now=timezone.now()) == 1
    assert in_tables() == {}
    assert _found(_elsewhere(list(User.objects.all()))) == []
