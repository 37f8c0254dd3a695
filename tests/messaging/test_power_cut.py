"""The plug is pulled between sends, again and again: what had its tick is stored, once and with its number."""

import json
import os
import random
import signal
import threading
import time
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings

from messaging.models import Message
from tests.messaging.sockets import cookie_of
from tests.messaging.talks import a_talk

client = pytest.importorskip("websockets.sync.client")
broken = pytest.importorskip("websockets.exceptions").WebSocketException
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
KILLS = 5
SCRIBE_SECONDS = 30.0  # until there is one, on a busy machine


class Writer:
    """Sends one message after the other; what got no tick is sent again with the same id, over however many lines."""

    def __init__(self, server, talk, person) -> None:
        self._server, self._talk = server, str(talk.pk)
        self._headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie_of(person)}"}
        self.told: dict[str, int] = {}
        self.sent: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set() or len(self.told) < len(self.sent):
            try:
                self._write_on()
            except (OSError, EOFError, TimeoutError, broken):
                time.sleep(0.2)

    def _write_on(self) -> None:
        address = self._server.address.replace("http", "ws") + "/ws/v1/"
        with client.connect(address, origin=self._server.address, additional_headers=self._headers) as line:
            line.send(json.dumps({"v": 1, "type": "hello", "cursors": {}}))
            while not self.enough.is_set() or len(self.told) < len(self.sent):
                self._one(line)
                time.sleep(0.65)  # below 100 frames a minute

    def _one(self, line) -> None:
        if len(self.told) == len(self.sent):
            self.sent.append(str(uuid4()))
        key = self.sent[-1]
        line.send(json.dumps({"v": 1, "type": "send", "conversation": self._talk, "client_id": key, "body": key}))
        while (frame := json.loads(line.recv(timeout=10)))["type"] != "ack" or frame["client_id"] != key:
            assert frame["type"] != "error", frame
        assert self.told.setdefault(key, frame["seq"]) == frame["seq"]


def test_nothing_with_a_tick_is_lost_when_the_plug_is_pulled(server):
    dice = random.Random(5)
    with _writers(server) as enough:
        for _ in range(KILLS):
            time.sleep(1 + dice.random())
            server.kill()
            server.start()
        enough()


def test_nothing_with_a_tick_is_lost_when_the_scribe_dies_and_then_the_server_with_it(server, monkeypatch):
    monkeypatch.setenv("TALK_SCRIBE", "1")
    server.kill()
    server.start()
    with _writers(server) as enough:
        for end in (lambda: os.kill(server.scribe, signal.SIGKILL), server.kill):
            _wait_for_the_scribe(server)
            time.sleep(2)  # it stores some
            end()
        server.start()
        enough()
    monkeypatch.undo()
    server.stop()
    server.start()


def _wait_for_the_scribe(server) -> None:
    here, last = server.log().count("scribe here"), time.monotonic() + SCRIBE_SECONDS
    while server.log().count("scribe here") == here and time.monotonic() < last:
        time.sleep(0.1)
    assert server.log().count("scribe here") > here


@contextmanager
def _writers(server):
    """Four sockets of two people write meanwhile. After `enough` all they were told is there, and nothing else."""
    talk = a_talk()
    writers = [Writer(server, talk, person) for person in (talk.match.resident, talk.match.volunteer) for _ in range(2)]
    threads = [threading.Thread(target=writer.run, daemon=True) for writer in writers]
    for thread in threads:
        thread.start()
    yield lambda: [writer.enough.set() for writer in writers]
    for thread in threads:
        thread.join(timeout=90)
    told = {key: seq for writer in writers for key, seq in writer.told.items()}
    stored = {str(key): seq for key, seq in Message.objects.values_list("client_id", "seq")}
    assert stored == told
    assert sorted(stored.values()) == list(range(1, len(stored) + 1))
    assert len(stored) >= KILLS
