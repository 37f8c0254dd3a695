"""The serving process's end: starts the scribe, hands batches over to it, and starts it again when it is gone."""

import asyncio
import itertools
import logging
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from django.conf import settings

from messaging.actions.marks import Reached
from messaging.auth import Pass
from messaging.scribe import wire
from messaging.sending import Send
from messaging.together import Back

log = logging.getLogger("gemeinsinn.messaging")
PATIENCE = 10.0  # seconds for one batch: then there is time left of the 30 within which everything should arrive
AGAIN_AFTER = 1.0  # seconds, twice as long each time it did not come up
AT_MOST = 60.0
_GONE_WITHIN = 0.1  # seconds from its kill until it is looked after


class Aid(asyncio.Protocol):
    """
    Belongs to one loop; everything here is called on it.

    `post` and `mark` return False where the scribe cannot help just now. Else `back` will be called, with None where
    the scribe went away meanwhile: then nobody knows what it stored, and the same has to be asked again elsewhere.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._numbers = itertools.count(1)
        self._passes: dict[int, tuple[Pass, UUID]] = {}
        self._asked: dict[int, tuple[Back, asyncio.TimerHandle]] = {}
        self._process: subprocess.Popen | None = None
        self._connecting: asyncio.Task | None = None  # the loop keeps only weak references to its tasks
        self._line: asyncio.Transport | None = None
        self._unpacking = wire.Unpacking()
        self._pause = AGAIN_AFTER
        self.is_there = False

    # --- the process ----------
    def start(self) -> None:
        here, there = socket.socketpair()
        try:
            with there:
                self._process = _process(there)
        except OSError as problem:  # no memory, no more processes
            here.close()
            return self.connection_lost(problem)
        self._connecting = self._loop.create_task(self._loop.create_connection(lambda: self, sock=here))
        return None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line, self._unpacking = cast(asyncio.Transport, transport), wire.Unpacking()

    def connection_lost(self, problem: Exception | None) -> None:
        """Whatever is under way is asked anew, and a new scribe started."""
        self._line, self.is_there = None, False
        asked, self._asked = self._asked, {}
        log.warning("scribe gone batches=%s", len(asked))
        self._end()
        for back, timer in asked.values():
            timer.cancel()
            back(None, [])
        self._loop.call_later(self._pause, self.start)
        self._pause = min(2 * self._pause, AT_MOST)

    def _end(self) -> None:
        """Also one that stands still."""
        if self._process is not None:
            self._process.kill()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_GONE_WITHIN)

    # --- whose sockets there are ----------
    def know(self, one: Pass, person: UUID) -> None:
        one.number = next(self._numbers)
        self._passes[one.number] = one, person
        if self.is_there:
            self._introduce(one, person)

    def forget(self, one: Pass) -> None:
        known = self._passes.pop(one.number, None)
        if known and self.is_there:
            self._say(wire.FORGET, one.number, known[1].hex)

    def _introduce(self, one: Pass, person: UUID) -> None:
        self._say(wire.KNOW, one.number, person.hex, one.session_key, one.epoch)

    # --- what they want ----------
    def post(self, sends: Sequence[Send], back: Back) -> bool:
        wishes = [(send.conversation_id.hex, str(send.client_id), send.body, send.cautions) for send in sends]
        return self._ask(wire.POST, [send.by for send in sends], wishes, back)

    def mark(self, reached: Sequence[Reached], back: Back) -> bool:
        wishes = [(one.conversation_id.hex, one.seq, one.read) for one in reached]
        return self._ask(wire.MARK, [one.by for one in reached], wishes, back)

    def _ask(self, kind: int, by: list[Pass], wishes: list[tuple], back: Back) -> bool:
        """A socket that has just left is not known any more, but what it said before counts."""
        if not self.is_there or any(one.number not in self._passes for one in by):
            return False
        number = next(self._numbers)
        self._say(kind, number, [one.number for one in by], wishes)
        self._asked[number] = back, self._loop.call_later(PATIENCE, self._end)
        return True

    def _say(self, *words: Any) -> None:
        assert self._line is not None  # is_there
        self._line.write(wire.packed(*words))

    # --- what it says ----------
    def data_received(self, data: bytes) -> None:
        for words in self._unpacking.words(data):
            if words:
                self._told(*words)
            else:
                self._came()

    def _came(self) -> None:
        self.is_there, self._pause = True, AGAIN_AFTER
        log.info("scribe here")
        for one, person in self._passes.values():
            self._introduce(one, person)

    def _told(self, number: int, answers: list, wakes: list, stands: dict[float, list[int]]) -> None:
        found, woken = wire.told_out(answers, wakes)
        back, timer = self._asked.pop(number)
        timer.cancel()
        for good_at, passes in stands.items():
            for one in passes:
                if known := self._passes.get(one):
                    known[0].good_at = good_at
        back(found, woken)


def _process(line: socket.socket) -> subprocess.Popen:
    command = [sys.executable, "-m", "messaging.scribe", str(line.fileno())]
    return subprocess.Popen(command, pass_fds=[line.fileno()], cwd=settings.BASE_DIR, stdin=subprocess.DEVNULL)
