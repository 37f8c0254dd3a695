"""
One open socket, whatever it is about: who is there, frames in, wakes and heartbeats, and an end that leaves nothing.

Written on plain ASGI: Channels' stock consumers die on a malformed frame and stay in their groups (finding 7), and die
with the layer. Here an error is answered, a dead layer only makes things slower, and `finally` always cleans up. A
quiet socket is one waiting task and nothing else: wakes and heartbeats come from the switchboard of the process.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from django.utils import translation

from core.http import socket_error
from messaging.auth import Revoked, pass_of
from messaging.catchup import Look
from messaging.errors import log_bug
from messaging.frames import as_text
from messaging.limits import BAD_FRAMES_PER_MINUTE, FRAMES_PER_MINUTE, SLOW_SECONDS, Bucket, Seats
from messaging.parsing import BadFrame, parse
from messaging.running import rest_of
from messaging.switchboard import Switchboard
from messaging.turns import Turns
from messaging.wake import Fresh

if TYPE_CHECKING:
    from messaging.lines import Line

log = logging.getLogger("gemeinsinn.messaging")
_T = TypeVar("_T")

BAD_FRAMES, LOG_IN, TOO_SLOW, TOO_MUCH, RESTART = 4400, 4401, 4408, 4429, 1012
CLOSE_SECONDS = 1.0  # how long a goodbye may take
_database = ThreadPoolExecutor(max_workers=8, thread_name_prefix="socket-db")
seats = Seats()


class Closing(Exception):
    """Ends the socket with this code; None where the other side has gone already."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """
    Subclasses write `on_frame`, `on_wake` and `on_beat`. Frames run one at a time; the other two beside them.

    `on_frame` gives a coroutine that has to be waited for, or None where `done` is or will be called for this frame.
    """

    heartbeat_seconds: ClassVar[float] = 25.0
    person_id: UUID
    language: str

    def __init__(self, scope: dict, receive: Callable, send: Callable) -> None:
        self._receive, self._send = receive, send
        able = scope.get("extensions") or {}
        self._can_refuse = "websocket.http.response" in able
        self._line: Line | None = able.get("line")  # of messaging.lines, if the server runs with it
        self.pass_ = pass_of(scope)
        self._frames, self._bad = Bucket(FRAMES_PER_MINUTE), Bucket(BAD_FRAMES_PER_MINUTE)
        self._beside: set[asyncio.Task] = set()
        self._end: int | None = None
        self._task: asyncio.Task | None = None
        self._turns = Turns(self._begin, self._line)
        self._out: list[str] = []
        self._writing_since: float | None = None
        self.beat_at = 0.0

    # --- what subclasses do ----------
    def on_frame(self, frame: dict[str, Any]) -> Coroutine[Any, Any, None] | None:
        raise NotImplementedError

    async def on_wake(self, message: dict[str, Any]) -> None:
        raise NotImplementedError

    async def on_beat(self) -> None:
        raise NotImplementedError

    # --- what subclasses use ----------
    async def say(self, frame: dict[str, Any]) -> None:
        await self.say_text(as_text(frame))

    async def say_text(self, text: str) -> None:
        """Out to the client, in the order of the calls. Raises Closing when nobody is there."""
        self._out.append(text)
        await self._pour()

    def say_soon(self, text: str) -> None:
        """As `say_text`, for whoever does not wait; it only takes a task where the line does not take it at once."""
        if self._line and self._line.is_free and self._writing_since is None:
            self._line.say(text)
        elif not self._turns.are_over:
            self._out.append(text)
            self._do_now(self._pour())

    async def _pour(self) -> None:
        """One at a time; whoever comes meanwhile leaves theirs to the one who is at it."""
        if self._writing_since is not None:
            return
        try:
            while self._out:
                self._writing_since = time.monotonic()
                await self._send({"type": "websocket.send", "text": self._out.pop(0)})
        except OSError as gone:
            raise Closing(None) from gone
        finally:
            self._writing_since = None

    async def ask(self, work: Callable[..., _T], *args: Any, **named: Any) -> _T:
        """`work(person, ...)` in a database thread, the person looked up anew. Raises Closing when they may not."""
        try:
            return await database_sync_to_async(self._as_person, thread_sensitive=False, executor=_database)(
                work, args, named
            )
        except Revoked as revoked:
            raise Closing(LOG_IN) from revoked

    def _as_person(self, work: Callable[..., _T], args: tuple, named: dict) -> _T:
        person = self.pass_.person()
        with translation.override(person.language):
            return work(person, *args, **named)

    # --- what the switchboard calls ----------
    def hear(self, message: dict[str, Any], fresh: Fresh | None = None) -> None:
        self._do_beside(self._recheck() if message["type"] == "recheck" else self.on_wake(message))

    def beat(self) -> None:
        if self._writing_since is not None and time.monotonic() - self._writing_since > SLOW_SECONDS:
            self.end(TOO_SLOW)
        else:
            self._do_beside(self.on_beat())

    # --- the life of the socket ----------
    async def run(self) -> None:
        await self._receive()  # websocket.connect
        self.board = Switchboard.here()
        self._task = asyncio.current_task()
        try:
            if await self._admit():
                await self._sit()
        except Closing as end:
            await self._close(end.code)
        except asyncio.CancelledError:
            if self._end is None:  # the server stops
                raise
            assert self._task is not None  # we run in it
            self._task.uncancel()
            await self._close(self._end)
        except Exception as problem:
            log_bug("socket broken", problem)
            await self._close(RESTART)

    def end(self, code: int | None) -> None:
        """Close from beside: whatever the socket is doing, it stops."""
        if self._end is None and self._task is not None and not self._task.done():
            self._end = code or 1006
            self._turns.stop()
            self._task.cancel()

    async def _admit(self) -> bool:
        """Through the gate, with a person behind the pass; False when it was turned away."""
        if not self.board.gate.enter():
            await self._turn_away()
            return False
        try:
            await self._send({"type": "websocket.accept"})  # a close before accept reaches browsers as a bare 1006
            await self._recheck()
        finally:
            self.board.gate.leave()
        return True

    async def _turn_away(self) -> None:
        """Too many at once: come back later, and not all in the same second."""
        log.warning("handshake turned away")
        if not self._can_refuse:
            await self._send({"type": "websocket.accept"})
            return await self._close(TOO_MUCH)
        wait = str(random.randint(5, 30)).encode()
        headers = [(b"retry-after", wait), (b"content-type", b"text/plain")]
        await self._send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
        await self._send({"type": "websocket.http.response.body", "body": b"Retry-After\n"})
        return None

    async def _sit(self) -> None:
        session = self.pass_.session_key
        if not seats.take(self.person_id, session):
            raise Closing(TOO_MUCH)
        self.beat_at = time.monotonic() + self.heartbeat_seconds
        self.board.join(self)  # first join, then read: nothing falls between
        try:
            await self._hear_client()
        finally:
            self._turns.stop()
            self.board.leave(self)
            seats.leave(self.person_id, session)
            for task in tuple(self._beside):
                task.cancel()

    async def _hear_client(self) -> None:
        if self._line:
            self._line.listen(self._turns.take)
        while (message := await self._receive())["type"] != "websocket.disconnect":
            self._turns.take(message.get("text"))
            await self._turns.rest()
        await self._turns.rest()  # what was sent before the goodbye counts

    def _begin(self, text: str | None) -> None:
        frame: dict[str, Any] = {}
        try:
            if not self._frames.take():
                raise Closing(TOO_MUCH)
            frame = parse(text)
            if work := self.on_frame(frame):
                self._do_now(self._worked(work, frame))
        except Exception as problem:
            self.done(problem, frame)

    async def _worked(self, work: Coroutine[Any, Any, None], frame: dict[str, Any]) -> None:
        try:
            await work
        except Exception as problem:
            self.done(problem, frame)
        else:
            self.done()

    def done(self, problem: Exception | None = None, frame: dict[str, Any] | None = None) -> None:
        """The next frame may begin; a problem is said to the client, or ends the socket."""
        if problem is not None:
            self.complain(problem, frame or {})
        self._turns.done()

    def complain(self, problem: Exception, frame: dict[str, Any]) -> None:
        """Say it to the client, or end the socket with it. `frame`: what it is about."""
        if isinstance(problem, Closing | Revoked):
            return self.end(problem.code if isinstance(problem, Closing) else LOG_IN)
        with translation.override(self.language):
            said = socket_error(problem)
        if said["code"] == "broken":
            log_bug(f"frame broken kind={frame.get('type')}", problem)
        about = {"client_id": str(frame["client_id"])} if "client_id" in frame else {}
        self.say_soon(as_text(said | about))
        if isinstance(problem, BadFrame) and not self._bad.take():
            self.end(BAD_FRAMES)
        return None

    async def _recheck(self) -> None:
        """Is this person still welcome? Raises Closing."""
        try:
            person = (await self.board.reader.ask(Look(self.pass_, silent=True))).person
        except Revoked as revoked:
            raise Closing(LOG_IN) from revoked
        self.person_id, self.language = person.pk, person.language

    def _do_beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._safely(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        task.add_done_callback(lambda _: work.close())  # not begun at all where the socket ended first

    def _do_now(self, work: Coroutine[Any, Any, None]) -> None:
        """As `_do_beside`, without a task where nothing has to be waited for: a task costs as much as a frame."""
        work = self._safely(work)
        try:
            first = work.send(None)
        except StopIteration:
            return
        self._do_beside(rest_of(work, first))

    async def _safely(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Closing as end:
            self.end(end.code)
        except Revoked:
            self.end(LOG_IN)
        except OSError:
            self.end(None)
        except Exception as problem:  # the next heartbeat tries again
            log_bug("socket stumbled", problem)

    async def _close(self, code: int | None) -> None:
        if code is None or code == 1006:
            return
        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await self._send({"type": "websocket.close", "code": code})
        except (OSError, TimeoutError):
            log.debug("socket was gone before its close")
