"""The live talk of one device: frames in become verbs, and what the database holds goes out in order."""

from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core.database import find
from messaging import actions, catchup, frames, rules
from messaging.errors import TalkClosed
from messaging.limits import Flight
from messaging.models import Conversation, Message
from messaging.parsing import BadFrame
from messaging.sockets import TOO_SLOW, Closing, Socket
from messaging.wake import wake


class TalkSocket(Socket):
    """Keeps, per conversation, how far this device was served; everything above that is read from the database."""

    def __init__(self, *asgi: Any) -> None:
        super().__init__(*asgi)
        self._greeted = False
        self._cursors: dict[UUID, int] = {}
        self._marks: catchup.Marks = {}
        self._flight = Flight()

    # --- from the client ----------
    async def on_frame(self, frame: dict[str, Any]) -> None:
        kind = frame.pop("type")
        if not self._greeted and kind not in ("hello", "ping"):
            raise BadFrame
        await getattr(self, f"_on_{kind}")(**frame)

    async def _on_hello(self, *, epoch: UUID | None, cursors: dict[UUID, int]) -> None:
        ours, resync = await self.ask(catchup.welcome, epoch, cursors)
        self._greeted, self._marks = True, {}
        self._cursors = {} if resync else cursors
        beat = self.heartbeat_seconds
        await self.say(frames.frame("welcome", epoch=str(ours), heartbeat_seconds=beat, resync=resync))
        await self._serve()

    async def _on_send(self, *, conversation: UUID, client_id: UUID, body: str) -> None:
        message = await self.ask(_post, conversation, client_id, body)
        await self.say(frames.ack_frame(message))

    async def _on_read(self, *, conversation: UUID, seq: int) -> None:
        self._flight.landed(conversation, seq)
        await self.ask(_mark, actions.mark_read, conversation, seq)

    async def _on_received(self, *, conversation: UUID, seq: int) -> None:
        was_full = self._flight.is_full
        self._flight.landed(conversation, seq)
        await self.ask(_mark, actions.mark_delivered, conversation, seq)
        if was_full:
            await self._serve()

    async def _on_typing(self, *, conversation: UUID) -> None:
        others = await self.ask(_listeners, conversation)
        wake(others, {"type": "typing", "conversation": str(conversation), "person": str(self.person.pk)})

    async def _on_pull(self, *, conversation: UUID, after_seq: int) -> None:
        await self.ask(_may_see, conversation)
        self._flight.landed(conversation, after_seq)
        self._cursors[conversation] = min(after_seq, self._cursors.get(conversation, 0))
        await self._serve(only=conversation)

    async def _on_ping(self) -> None:
        await self.ask(lambda person: None)
        await self.say(frames.frame("pong"))

    # --- from the house ----------
    async def on_wake(self, message: dict[str, Any]) -> None:
        if not self._greeted:
            return
        kind = message["type"]  # the Redis layer hands one and the same dict to all sockets of a process
        fields = {name: value for name, value in message.items() if name != "type"}
        if kind == "wake":
            await self._serve(only=UUID(fields["conversation"]))
        elif kind in ("typing", "event"):
            await self.say(frames.frame(kind, **fields))

    async def on_beat(self) -> None:
        if self._flight.is_stuck:
            raise Closing(TOO_SLOW)
        if not self._greeted:
            await self.ask(lambda person: None)
            return
        last = await self._serve()
        await self.say(frames.frame("heartbeat", cursors={str(key): seq for key, seq in last.items()}))

    async def _serve(self, *, only: UUID | None = None) -> dict[UUID, int]:
        """Give this device all it has not had, a page at a time; returns the last numbers of the conversations."""
        while True:
            news = await self.ask(catchup.news, self._cursors, self._marks, only=only)
            for frame in news.messages:
                if self._flight.is_full:  # the rest waits in the database until `received` comes
                    return news.last_seqs
                await self._give(frame)
            for frame in news.marks:
                await self.say(frame)
            self._marks |= news.seen_marks
            if not news.more:
                return news.last_seqs

    async def _give(self, frame: dict[str, Any]) -> None:
        size = await self.say(frame)
        conversation = UUID(frame["conversation"])
        self._cursors[conversation] = frame["seq"]
        self._flight.sent(conversation, frame["seq"], size)


def _post(person: User, conversation: UUID, client_id: UUID, body: str) -> Message:
    posted = actions.post_message(
        conversation_id=conversation, by=person, client_id=client_id, body=body, now=timezone.now()
    )
    return posted.message


def _mark(person: User, verb: Any, conversation: UUID, seq: int) -> None:
    verb(conversation_id=conversation, by=person, seq=seq)


def _may_see(person: User, conversation: UUID) -> Conversation:
    return find(Conversation.objects.visible_to(person).select_related("match"), conversation)


def _listeners(person: User, conversation: UUID) -> list[UUID]:
    """The other of the two, where both may still talk."""
    talk = _may_see(person, conversation)
    if not rules.may_write(person, talk, timezone.now()):
        raise TalkClosed
    return [member for member in talk.member_ids if member != person.pk]
