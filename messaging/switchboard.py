"""
The sockets of this process, by person: one registry, one subscription to the layer, one heartbeat for all of them.

A group of the layer for every socket would be a Redis connection for every socket, and a socket that falls out of its
group hears nothing (findings 1, 2). Here each process joins one group, and joins it again every few seconds.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ClassVar, Protocol
from uuid import UUID, uuid4
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.conf import settings

from messaging import catchup, wake, writing
from messaging.actions.marks import Reached
from messaging.auth import Pass
from messaging.limits import HANDSHAKES, Gate
from messaging.scribe.aid import Aid
from messaging.sending import Posted, Send
from messaging.together import Together, on_a_kept_connection

log = logging.getLogger("gemeinsinn.messaging")
REJOIN_SECONDS = 10.0
MARKS_GATHER = 0.1  # seconds: nobody waits for a mark, and each commit waits for the disk
MOST_OUTGOING = 10_000  # wakes kept for a layer that is away; the heartbeat finds what is dropped
# Readers and writers beside each other: a slow question holds up its own lane and no other socket (finding 8).
_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="socket-read")
# SQLite lets one write at a time: with one thread the next waits in its queue, and not with the file locked.
_writers = ThreadPoolExecutor(max_workers=settings.TALK_WRITERS, thread_name_prefix="socket-write")
_boards: WeakKeyDictionary[asyncio.AbstractEventLoop, "Switchboard"] = WeakKeyDictionary()


class Listener(Protocol):
    """What the switchboard needs of a socket; both calls return at once."""

    person_id: UUID
    pass_: Pass
    heartbeat_seconds: ClassVar[float]
    beat_at: float

    def hear(self, message: dict[str, Any], fresh: wake.Fresh | None = None) -> None: ...
    def beat(self) -> None: ...


class Switchboard:
    """One for each event loop; `here()` gives it."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._id = uuid4().hex
        self._sockets: dict[UUID, set[Listener]] = {}
        self._outgoing: list[wake.Wake] = []
        self._departure = asyncio.Event()
        self._jobs: list[asyncio.Task] = []
        self.gate = Gate(HANDSHAKES)
        self.reader: Together[catchup.Look, catchup.News] = Together(
            partial(on_a_kept_connection, catchup.news_for), executor=_readers
        )
        self.scribe = Aid(loop)
        post = partial(on_a_kept_connection, partial(writing.post, hearers=self.passes_of))
        self.writer: Together[Send, Posted] = Together(
            post, executor=_writers, lanes=settings.TALK_WRITERS, helper=self.scribe.post
        )
        mark = partial(on_a_kept_connection, writing.mark)
        self.marker: Together[Reached, None] = Together(
            mark, executor=_writers, lanes=1, gather=MARKS_GATHER, helper=self.scribe.mark
        )
        if settings.TALK_SCRIBE:
            self.scribe.start()

    @classmethod
    def here(cls) -> "Switchboard":
        loop = asyncio.get_running_loop()
        if loop not in _boards:
            _boards[loop] = cls(loop)
        return _boards[loop]

    def join(self, socket: Listener) -> None:
        """From now on this socket hears what its person should hear."""
        self._sockets.setdefault(socket.person_id, set()).add(socket)
        self.scribe.know(socket.pass_, socket.person_id)
        if not self._jobs:
            self._open()

    def leave(self, socket: Listener) -> None:
        there = self._sockets.get(socket.person_id, set())
        there.discard(socket)
        self.scribe.forget(socket.pass_)
        if not there:
            self._sockets.pop(socket.person_id, None)
        if not self._sockets:
            self._shut()

    def passes_of(self, people: Iterable[UUID]) -> list[Pass]:
        """Of the sockets of these people here; may be asked by any thread."""
        return [socket.pass_ for person in people for socket in tuple(self._sockets.get(person, ()))]

    def tell(self, wakes: list[wake.Wake]) -> None:
        """To the sockets here at once, to those of other processes with the next departure."""
        self._deliver(wakes)
        if wake.crosses_processes():
            self._outgoing = (self._outgoing + wakes)[-MOST_OUTGOING:]
            self._departure.set()

    # --- inside ----------
    def _open(self) -> None:
        wake.serve_with(self._loop, self.tell)
        work: list[Awaitable] = [self._keep_beating()]
        if wake.crosses_processes():
            work += [self._publish(), self._listen()]
        self._jobs = [asyncio.ensure_future(job) for job in work]

    def _shut(self) -> None:
        for job in self._jobs:
            job.cancel()
        self._jobs = []

    def _deliver(self, wakes: list[wake.Wake]) -> None:
        for one in wakes:
            for person in one.people:
                for socket in tuple(self._sockets.get(person, ())):
                    socket.hear(one.message, one.fresh)

    async def _publish(self) -> None:
        while True:
            await self._departure.wait()
            self._departure.clear()
            wakes, self._outgoing = self._outgoing, []
            await wake.publish(wakes, origin=self._id)

    async def _listen(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        joining = asyncio.ensure_future(self._rejoin(layer, channel))
        try:
            while True:
                try:
                    message = await layer.receive(channel)
                except Exception as problem:  # the layer is down; the heartbeat carries on without it
                    log.warning("layer deaf problem=%s", type(problem).__name__)
                    await asyncio.sleep(1)
                    continue
                if message.get("from") != self._id:
                    self._deliver(wake.unpack(message))
        finally:
            joining.cancel()

    async def _rejoin(self, layer: Any, channel: str) -> None:
        """After a restart of the layer, or a day, it has forgotten us."""
        while True:
            try:
                async with asyncio.timeout(wake.LAYER_SECONDS):
                    await layer.group_add(wake.GROUP, channel)
            except Exception as problem:
                log.warning("layer down problem=%s", type(problem).__name__)
            await asyncio.sleep(REJOIN_SECONDS)

    async def _keep_beating(self) -> None:
        while True:
            now, pause = time.monotonic(), 1.0
            for socket in [one for there in self._sockets.values() for one in there]:
                pause = min(pause, socket.heartbeat_seconds / 5)
                if now >= socket.beat_at:
                    socket.beat_at = now + socket.heartbeat_seconds
                    socket.beat()
            await asyncio.sleep(pause)
