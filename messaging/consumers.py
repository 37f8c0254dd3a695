"""The live talk of one device: frames in become verbs, and what the database holds goes out in order."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core.database import find
from messaging import catchup, frames, rules
from messaging.actions.marks import Reached
from messaging.actions.messages import a_send, pace
from messaging.actions.taking_back import delete_message
from messaging.errors import TalkClosed
from messaging.limits import Flight
from messaging.models import Conversation, Message
from messaging.parsing import BadFrame
from messaging.sending import Posted, Stored
from messaging.sockets import TOO_SLOW, Closing, Socket
from messaging.wake import Fresh, wake


class TalkSocket(Socket):
    """Keeps, per conversation, how far this device was served; everything above that is read from the database."""

    def __init__(self, *asgi: Any) -> None:
        super().__init__(*asgi)
        self._greeted = False
        self._cursors: dict[UUID, int] = {}
        self._marks: catchup.Marks = {}
        self._flight = Flight()
        self._due: set[UUID] = set()  # conversations to look into
        self._all_due = self._beat_due = self._serving = False
        self._marking = 0  # marks on their way
        self._all_marked: asyncio.Future[None] | None = None

    # --- from the client ----------
    def on_frame(self, frame: dict[str, Any]) -> Coroutine[Any, Any, None] | None:
        kind = frame.pop("type")
        if not self._greeted and kind not in ("hello", "ping"):
            raise BadFrame
        return getattr(self, f"_on_{kind}")(**frame)

    async def _on_hello(self, *, epoch: UUID | None, cursors: dict[UUID, int]) -> None:
        hello = catchup.Hello(epoch, cursors)
        self._greeted, self._marks = False, {}  # nothing goes out before the welcome
        news = await self.board.reader.ask(catchup.Look(self.pass_, hello=hello, with_stands=True))
        self._cursors = {} if news.resync else dict(cursors)
        await self.say(
            frames.frame(
                "welcome",
                epoch=str(news.epoch),
                heartbeat_seconds=self.heartbeat_seconds,
                resync=news.resync,
                stands={str(key): stand for key, stand in news.stands.items()},
            )
        )
        self._greeted = True
        await self._give(news, self._cursors)
        self._look()  # what came meanwhile, or does not fit one page

    def _on_send(self, *, conversation: UUID, client_id: UUID, body: str) -> None:
        send = a_send(conversation_id=conversation, by=self.pass_, client_id=client_id, body=body)
        pace.take(self.person_id)
        self.board.writer.ask_for(send, partial(self._sent, client_id))

    def _sent(self, client_id: UUID, told: Posted | Exception) -> None:
        if isinstance(told, Exception):
            return self.done(told, {"client_id": client_id})
        self.say_soon(frames.ack_text(told.message))
        return self.done()

    async def _on_delete(self, *, conversation: UUID, seq: int, client_id: UUID) -> None:
        row = await self.ask(_delete, conversation, seq, client_id)
        await self.say_text(frames.ack_text(row))

    def _on_read(self, *, conversation: UUID, seq: int) -> None:
        self._reached(conversation, seq, read=True)

    def _on_received(self, *, conversation: UUID, seq: int) -> None:
        self._reached(conversation, seq, read=False)

    def _reached(self, conversation: UUID, seq: int, *, read: bool) -> None:
        """Nobody waits for a mark, so the next frame does not either; only a `ping` does."""
        was_full = self._flight.is_full
        self._flight.landed(conversation, seq)
        if was_full:
            self._look()
        self._marking += 1
        self.board.marker.ask_for(Reached(conversation, self.pass_, seq, read), self._marked)
        self.done()

    def _marked(self, problem: Exception | None) -> None:
        self._marking -= 1
        if problem is not None:
            self.complain(problem, {})
        if not self._marking and self._all_marked and not self._all_marked.done():
            self._all_marked.set_result(None)

    async def _on_typing(self, *, conversation: UUID) -> None:
        others = await self.ask(_listeners, conversation)
        wake(others, {"type": "typing", "conversation": str(conversation), "person": str(self.person_id)})

    async def _on_pull(self, *, conversation: UUID, after_seq: int) -> None:
        await self.ask(_may_see, conversation)
        self._flight.landed(conversation, after_seq)
        self._cursors[conversation] = min(after_seq, self._cursors.get(conversation, 0))
        self._look(conversation)

    async def _on_ping(self) -> None:
        """The pong comes after the answers to all that was said before."""
        if self._marking:
            self._all_marked = asyncio.get_running_loop().create_future()
            await self._all_marked
        await self._recheck()
        await self.say(frames.frame("pong"))

    # --- from the house ----------
    async def on_wake(self, message: dict[str, Any]) -> None:
        if not self._greeted:
            return
        kind = message["type"]  # one and the same dict goes to all sockets
        fields = {name: value for name, value in message.items() if name != "type"}
        await self.say(frames.frame(kind, **fields))

    def hear(self, message: dict[str, Any], fresh: Fresh | None = None) -> None:
        if message["type"] != "wake":
            super().hear(message)
        elif self._greeted and fresh and self._fits(fresh):
            self._cursors[fresh.conversation] = fresh.seq
            self._flight.sent(fresh.conversation, fresh.seq, len(fresh.text))
            self.say_soon(fresh.text)
        elif self._greeted:
            self._look(UUID(message["conversation"]))

    def _fits(self, fresh: Fresh) -> bool:
        """The very next one, for somebody who was welcome when it was committed; all else is read from the database."""
        next_one = self._cursors.get(fresh.conversation, 0) + 1 == fresh.seq
        return next_one and self.pass_.good_at >= fresh.since and not self._flight.is_full

    async def on_beat(self) -> None:
        if self._flight.is_stuck:
            raise Closing(TOO_SLOW)
        if self._greeted:
            self._beat_due = True
            self._look()
        else:
            await self._recheck()

    def _look(self, conversation: UUID | None = None) -> None:
        """Look into the database soon: into this conversation, or into all. Many looks at once are one."""
        if conversation is None:
            self._all_due = True
        else:
            self._due.add(conversation)
        if not self._serving:
            self._serving = True
            self._do_beside(self._serve())

    async def _serve(self) -> None:
        """Give this device all it has not had, a page at a time."""
        try:
            while self._all_due or self._due:
                only = None if self._all_due else frozenset(self._due)
                self._due, self._all_due = set(), False
                await self._serve_once(only)
        finally:
            self._serving = False

    async def _serve_once(self, only: frozenset[UUID] | None) -> None:
        beat, self._beat_due = self._beat_due, False
        known = self._cursors if only is None else {key: self._cursors.get(key, 0) for key in only}
        look = catchup.Look(self.pass_, dict(known), self._marks, only=only, with_stands=beat)
        news = await self.board.reader.ask(look)
        full = await self._give(news, look.cursors)
        if news.more and not full:
            self._due |= only or set()
            self._all_due = self._all_due or only is None
        if beat:
            await self.say(
                frames.frame(
                    "heartbeat",
                    cursors={str(key): seq for key, seq in news.last_seqs.items()},
                    stands={str(key): stand for key, stand in news.stands.items()},
                )
            )

    async def _give(self, news: catchup.News, asked: dict[UUID, int]) -> bool:
        """Out with it; True when the rest waits in the database until `received` comes."""
        given = dict(asked)
        for said in news.messages:
            if self._flight.is_full:
                return True
            cursor = self._cursors.get(said.conversation, 0)
            if cursor < given.get(said.conversation, 0):  # a pull, while we read
                self._look(said.conversation)
                continue
            if said.seq <= cursor:  # handed over fresh, while we read
                continue
            self._cursors[said.conversation] = given[said.conversation] = said.seq
            self._flight.sent(said.conversation, said.seq, len(said.text))
            await self.say_text(said.text)
        for frame in news.marks:
            await self.say(frame)
        self._marks.update(news.seen_marks)
        return False


def _may_see(person: User, conversation: UUID) -> Conversation:
    return find(Conversation.objects.visible_to(person).select_related("match"), conversation)


def _delete(person: User, conversation: UUID, seq: int, client_id: UUID) -> Message | Stored:
    now = timezone.now()
    return delete_message(conversation_id=conversation, seq=seq, by=person, client_id=client_id, now=now).message


def _listeners(person: User, conversation: UUID) -> list[UUID]:
    """The other of the two, where both may still talk."""
    talk = _may_see(person, conversation)
    if not rules.may_write(person, talk, timezone.now()):
        raise TalkClosed
    return [member for member in talk.member_ids if member != person.pk]
