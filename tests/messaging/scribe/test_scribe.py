"""With a scribe beside the server everything is as without, also when it dies in the middle or stands still."""

import asyncio
import select
import signal
import socket
import subprocess
from uuid import uuid4

import pytest

from accounts.models import User
from messaging import writing
from messaging.actions import storing
from messaging.errors import ClientIdReused
from messaging.models import Mark
from messaging.scribe import aid
from messaging.switchboard import Switchboard
from tests import people
from tests.messaging.sockets import Device, in_thread
from tests.messaging.talks import a_talk, say
from tests.serving import surroundings

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
UP_WITHIN = 40.0


async def until(there, seconds: float = UP_WITHIN) -> None:
    async with asyncio.timeout(seconds):
        while not there():
            await asyncio.sleep(0.02)


@pytest.fixture(autouse=True)
def _on_this_database(db, settings, monkeypatch, tmp_path):
    for name, value in surroundings(tmp_path).items():
        monkeypatch.setenv(name, value)
    settings.TALK_SCRIBE = True
    monkeypatch.setattr(aid, "AGAIN_AFTER", 0.1)


@pytest.fixture
async def two():
    """Ada's and Ben's device, both greeted, and their talk; a scribe is on its way."""
    talk = await in_thread(a_talk)
    devices = [await Device(await in_thread(make)).open() for make in (people.ada, people.ben)]
    for device in devices:
        await device.hello()
    yield *devices, talk
    for device in devices:
        await device.close()
    scribe = Switchboard.here().scribe
    scribe.start = lambda: None  # no other one
    scribe._process.kill()
    await until(lambda: not scribe.is_there)


@pytest.fixture
async def scribe(two) -> aid.Aid:
    scribe = Switchboard.here().scribe
    await until(lambda: scribe.is_there)
    return scribe


@pytest.fixture
def no_threads(monkeypatch):
    """The serving process itself stores nothing."""

    def refused(*args, **named):
        raise AssertionError

    monkeypatch.setattr(writing, "post", refused)
    monkeypatch.setattr(writing, "mark", refused)


async def test_it_stores_and_marks_in_place_of_the_server(two, scribe, no_threads):
    ada, ben, talk = two
    ack = await ada.send(talk, "Grüße")
    heard = await ben.hear("message")
    assert (ack["seq"], heard["seq"], heard["body"]) == (1, 1, "Grüße")
    await ben.say("read", conversation=talk.pk, seq=1)
    assert (await ada.hear("read"))["seq"] == 1
    stored = await in_thread(talk.messages.get)
    assert (stored.body, str(stored.client_id)) == ("Grüße", ack["client_id"])
    assert (await in_thread(Mark.objects.get, conversation=talk, person=ben.person)).read_seq == 1


async def test_a_message_goes_out_without_being_read_again(two, scribe, no_threads, monkeypatch):
    ada, ben, talk = two
    monkeypatch.setattr(Switchboard.here().reader, "_work", lambda looks: [AssertionError()] * len(looks))
    for number in range(3):
        await ada.send(talk, f"{number}")
        assert (await ben.hear("message"))["body"] == f"{number}"


async def test_refusals_come_back_with_their_sentence(two, scribe, no_threads):
    ada, ben, talk = two
    key = uuid4()
    await ada.send(talk, "eins", key)
    await ada.say("send", conversation=talk.pk, client_id=key, body="zwei")
    refused = await ada.hear("error")
    assert (refused["code"], refused["client_id"]) == ("client_id_reused", str(key))
    assert refused["detail"] == str(ClientIdReused.detail)
    await in_thread(User.objects.filter(pk=ben.person.pk).update, is_active=False)
    await ben.say("send", conversation=talk.pk, client_id=uuid4(), body="drei")
    assert await ben.code() == 4401


async def test_until_it_is_there_a_thread_stores(two):
    ada, ben, talk = two
    assert not Switchboard.here().scribe.is_there
    await ada.send(talk, "schon")
    assert (await ben.hear("message"))["body"] == "schon"


async def test_it_dies_in_the_middle_and_a_thread_stores_once_what_it_had(two, scribe):
    ada, ben, talk = two
    scribe._process.send_signal(signal.SIGSTOP)
    await ada.say("send", conversation=talk.pk, client_id=uuid4(), body="mitten drin")
    await until(lambda: scribe._asked)
    scribe._process.kill()
    assert (await ada.hear("ack"))["seq"] == 1
    assert (await ben.hear("message"))["body"] == "mitten drin"
    assert await in_thread(talk.messages.count) == 1


async def test_what_it_stored_before_it_died_is_ticked_and_heard_at_once(two, scribe, monkeypatch):
    ada, ben, talk = two
    key = uuid4()
    scribe._process.send_signal(signal.SIGSTOP)
    await ada.say("send", conversation=talk.pk, client_id=key, body="gerade noch")
    await until(lambda: scribe._asked)
    with monkeypatch.context() as dead:  # before it could wake anybody
        dead.setattr(storing, "wake_all", lambda wakes: None)
        await in_thread(say, talk, ada.person, "gerade noch", key)
    scribe._process.kill()
    assert (await ada.hear("ack"))["client_id"] == str(key)
    assert (await ben.hear("message", timeout=5))["body"] == "gerade noch"
    assert await in_thread(talk.messages.count) == 1


async def test_one_that_stands_still_is_ended_and_nobody_waits_for_it(two, scribe, monkeypatch):
    ada, ben, talk = two
    monkeypatch.setattr(aid, "PATIENCE", 0.3)
    old = scribe._process
    old.send_signal(signal.SIGSTOP)
    await ada.send(talk, "trotzdem")
    assert (await ben.hear("message"))["body"] == "trotzdem"
    assert old.poll() == -signal.SIGKILL


async def test_after_its_end_another_one_comes_and_knows_who_is_here(two, scribe, monkeypatch, request):
    ada, ben, talk = two
    old = scribe._process
    old.kill()
    await until(lambda: not scribe.is_there)
    await until(lambda: scribe.is_there)
    assert scribe._process is not old
    request.getfixturevalue("no_threads")
    await ada.send(talk, "wieder da")
    assert (await ben.hear("message"))["body"] == "wieder da"


async def test_a_socket_that_has_left_is_forgotten_and_its_last_words_count(two, scribe):
    ada, ben, talk = two
    assert len(scribe._passes) == 2
    await ada.say("send", conversation=talk.pk, client_id=uuid4(), body="Tschüs")
    await ada.close()
    assert (await ben.hear("message"))["body"] == "Tschüs"
    assert len(scribe._passes) == 1


async def test_one_that_cannot_be_started_is_tried_again(two, scribe, monkeypatch):
    def no_memory(line):
        raise OSError

    ada, _, talk = two
    monkeypatch.setattr(aid, "_process", no_memory)
    scribe._process.kill()
    await until(lambda: scribe._pause > 0.3)  # twice in vain
    await ada.send(talk, "ohne")
    monkeypatch.undo()
    await until(lambda: scribe.is_there)


def test_it_ends_with_the_server_and_not_with_a_signal_to_all():
    here, there = socket.socketpair()
    with there:
        process = aid._process(there)
    assert here.recv(100)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=0.5)
    here.close()
    assert process.wait(timeout=10) == 0


def test_it_ends_as_well_with_a_server_that_died_before_it_heard_the_last_words():
    here, there = socket.socketpair()
    with there:
        process = aid._process(there)
    select.select([here], [], [], UP_WITHIN)  # something came, and is left unread
    here.close()
    assert process.wait(timeout=10) == 0
