"""
One open socket, whatever it is about: who is there, frames in, wakes and heartbeats, and an end that leaves nothing.

Written on plain ASGI: Channels' stock consumers die on a malformed frame and stay in their groups (finding 7), and die
with the layer. Here an error is answered, a dead layer only makes things slower, and `finally` always cleans up.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, TypeVar

from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.utils import translation

from accounts.models import User
from core.http import socket_error
from messaging.auth import Revoked, pass_of
from messaging.limits import BAD_FRAMES_PER_MINUTE, FRAMES_PER_MINUTE, Bucket, Seats
from messaging.parsing import BadFrame, parse
from messaging.wake import LAYER_SECONDS, group_of, serve_on

log = logging.getLogger("gemeinsinn.messaging")
_T = TypeVar("_T")

BAD_FRAMES, LOG_IN, TOO_SLOW, TOO_MUCH, RESTART = 4400, 4401, 4408, 4429, 1012
# Several threads, so that one slow query holds up one socket and not all of them (finding 8).
_database = ThreadPoolExecutor(max_workers=8, thread_name_prefix="socket-db")
seats = Seats()


class Closing(Exception):
    """Ends the socket with this code; None where the other side has gone already."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """Subclasses write `on_frame`, `on_wake` and `on_beat`; all three run one at a time."""

    heartbeat_seconds: ClassVar[float] = 25.0
    person: User

    def __init__(self, scope: dict, receive: Callable, send: Callable) -> None:
        self._receive, self._send = receive, send
        self._pass = pass_of(scope)
        self._layer = get_channel_layer()
        self._turn = asyncio.Lock()
        self._due: dict[tuple, dict[str, Any]] = {}
        self._news = asyncio.Event()
        self._frames, self._bad = Bucket(FRAMES_PER_MINUTE), Bucket(BAD_FRAMES_PER_MINUTE)

    # --- what subclasses do ----------
    async def on_frame(self, frame: dict[str, Any]) -> None:
        raise NotImplementedError

    async def on_wake(self, message: dict[str, Any]) -> None:
        raise NotImplementedError

    async def on_beat(self) -> None:
        raise NotImplementedError

    # --- what subclasses use ----------
    async def say(self, frame: dict[str, Any]) -> int:
        """Send a frame; returns its length in characters."""
        text = json.dumps(frame, ensure_ascii=False)
        try:
            await self._send({"type": "websocket.send", "text": text})
        except OSError as gone:
            raise Closing(None) from gone
        return len(text)

    async def ask(self, work: Callable[..., _T], *args: Any, **named: Any) -> _T:
        """`work(person, ...)` in a database thread, the person looked up anew. Raises Closing when they may not."""
        try:
            return await database_sync_to_async(self._as_person, thread_sensitive=False, executor=_database)(
                work, args, named
            )
        except Revoked as revoked:
            raise Closing(LOG_IN) from revoked

    def _as_person(self, work: Callable[..., _T], args: tuple, named: dict) -> _T:
        person = self._pass.person()
        with translation.override(person.language):
            return work(person, *args, **named)

    # --- the life of the socket ----------
    async def run(self) -> None:
        await self._receive()  # websocket.connect
        await self._send({"type": "websocket.accept"})  # a close before accept reaches browsers as a bare 1006
        try:
            await self._admit()
        except Closing as end:
            await self._close(end.code)
        except Exception as problem:
            _log_bug("socket broken", problem)
            await self._close(RESTART)

    async def _admit(self) -> None:
        self.person = await self.ask(lambda person: person)
        if not seats.take(self.person.pk):
            raise Closing(TOO_MUCH)
        try:
            await self._live()
        finally:
            seats.leave(self.person.pk)

    async def _live(self) -> None:
        serve_on(asyncio.get_running_loop())
        self._channel = await self._layer.new_channel()
        await self._join()  # first join, then read: nothing falls between
        work = (self._hear_client(), self._hear_wakes(), self._follow_wakes(), self._beat())
        jobs = [asyncio.create_task(job) for job in work]
        try:
            done, _ = await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)
            for job in done:
                job.result()
        finally:
            await self._leave(jobs)

    async def _leave(self, jobs: list[asyncio.Task]) -> None:
        while running := [job for job in jobs if not job.done()]:
            for job in running:
                job.cancel()
            await asyncio.wait(running, timeout=1)  # a library may swallow one cancellation
        await asyncio.gather(*jobs, return_exceptions=True)
        await self._layer_does(self._layer.group_discard)

    async def _hear_client(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            if not self._frames.take():
                raise Closing(TOO_MUCH)
            await self._in_turn(self._take_in, message.get("text"))

    async def _hear_wakes(self) -> None:
        while True:
            try:
                message = await self._layer.receive(self._channel)
            except Exception as problem:  # the layer is down; the heartbeat carries on without it
                log.warning("layer deaf problem=%s", type(problem).__name__)
                await asyncio.sleep(1)
                continue
            # Many wakes for one talk are one look into the database; the layer never waits for us.
            self._due[message["type"], message.get("conversation"), message.get("id")] = message
            self._news.set()

    async def _follow_wakes(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            due, self._due = self._due, {}
            for message in due.values():
                await self._in_turn(self._wake, message)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.heartbeat_seconds)
            await self._join()  # after a restart of the layer, or a day, it has forgotten us (finding 2)
            await self._in_turn(self.on_beat)

    async def _take_in(self, text: str | None) -> None:
        frame: dict[str, Any] = {}
        try:
            frame = parse(text)
            await self.on_frame(frame)
        except (Closing, OSError):
            raise
        except Exception as problem:
            await self._answer(problem, frame)

    async def _answer(self, problem: Exception, frame: dict[str, Any]) -> None:
        with translation.override(self.person.language):
            said = socket_error(problem)
        if said["code"] == "broken":
            _log_bug(f"frame broken kind={frame.get('type')}", problem)
        about = {"client_id": str(frame["client_id"])} if "client_id" in frame else {}
        await self.say(said | about)
        if isinstance(problem, BadFrame) and not self._bad.take():
            raise Closing(BAD_FRAMES)

    async def _wake(self, message: dict[str, Any]) -> None:
        if message["type"] == "recheck":
            self.person = await self.ask(lambda person: person)
        else:
            await self.on_wake(message)

    async def _in_turn(self, step: Callable[..., Awaitable[None]], *args: Any) -> None:
        async with self._turn:
            try:
                await step(*args)
            except Closing:
                raise
            except OSError as gone:
                raise Closing(None) from gone
            except Exception as problem:  # the next heartbeat tries again
                _log_bug("socket stumbled", problem)

    async def _join(self) -> None:
        await self._layer_does(self._layer.group_add)

    async def _layer_does(self, verb: Callable[[str, str], Awaitable[None]]) -> None:
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                await verb(group_of(self.person.pk), self._channel)
        except Exception as problem:
            log.warning("layer down problem=%s", type(problem).__name__)

    async def _close(self, code: int | None) -> None:
        if code is None:
            return
        try:
            await self._send({"type": "websocket.close", "code": code})
        except OSError:
            log.debug("socket was gone before its close")


async def refuse(receive: Callable, send: Callable, code: int) -> None:
    """Accept and close with the reason."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})


def _log_bug(event: str, problem: Exception) -> None:
    """Where it happened, but not what the error says: that may quote a message."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("%s problem=%s at=%s", event, type(problem).__name__, place)
