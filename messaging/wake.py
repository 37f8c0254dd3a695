"""
Waking the open sockets of a person: "look into the database", never what there is to see.

Sockets of this process are woken directly, those of other processes over the channel layer: one subscription for each
process. The layer may lose, repeat and reorder, so nothing but ids travels on it and nobody waits for it.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer

from messaging.frames import message_text

if TYPE_CHECKING:
    from messaging.models import Message
    from messaging.sending import Stored

log = logging.getLogger("gemeinsinn.messaging")
GROUP = "talk.processes"
LAYER_SECONDS = 3.0  # a dead Redis must not hold up whoever just wrote


class Fresh:
    """A message that was just committed here. Whose pass was good `since` (monotonic) may have it at once."""

    __slots__ = ("_text", "conversation", "message", "seq", "since")

    def __init__(self, message: "Stored | Message", since: float) -> None:
        self.message, self.since = message, since
        self.conversation, self.seq = message.conversation_id, message.seq
        self._text = ""

    @property
    def text(self) -> str:
        """As a frame, made once for all who hear it."""
        if not self._text:
            self._text = message_text(self.message)
        return self._text


class Wake(NamedTuple):
    """Whom, and {"type": ..., ids}. `fresh` never leaves the process."""

    people: Sequence[UUID]
    message: dict[str, Any]
    fresh: Fresh | None = None


class _Kept(threading.local):
    kept: list[Wake] | None = None


_here: tuple[asyncio.AbstractEventLoop, Callable[[list[Wake]], None]] | None = None
_mine = _Kept()
_running: set[asyncio.Task] = set()  # the loop keeps only weak references to its tasks


def serve_with(loop: asyncio.AbstractEventLoop, tell: Callable[[list[Wake]], None]) -> None:
    """The sockets of this process live on `loop`: from then on every wake is told to them there."""
    global _here
    _here = loop, tell


def wake(person_ids: Iterable[UUID], message: dict[str, Any]) -> None:
    """Tell `message` (a "type" and ids) to all sockets of these people; returns at once, failures only cost time."""
    wake_all([Wake(list(person_ids), message)])


@contextmanager
def kept() -> Iterator[list[Wake]]:
    """What this thread would wake meanwhile, for whoever has more to bring to the loop; they do it there with `now`."""
    found: list[Wake] = []
    _mine.kept = found
    try:
        yield found
    finally:
        _mine.kept = None


def now(wakes: list[Wake]) -> None:
    """As `wake_all`, and at once where this is the loop of the sockets."""
    if wakes and _here is not None and _here[0] is asyncio.get_running_loop():
        _here[1](wakes)
    elif wakes:
        wake_all(wakes)


def a_wake(conversation_id: UUID, seq: int) -> dict[str, Any]:
    return {"type": "wake", "conversation": str(conversation_id), "seq": seq}


def wake_all(wakes: list[Wake]) -> None:
    """Several wakes in one go; callable from any thread."""
    if _mine.kept is not None:
        _mine.kept += wakes
    elif _here is not None and _here[0].is_running():
        _here[0].call_soon_threadsafe(_here[1], wakes)
    elif crosses_processes():
        _publish_from_here(wakes)


def crosses_processes() -> bool:
    return not isinstance(get_channel_layer(), InMemoryChannelLayer)


async def publish(wakes: list[Wake], *, origin: str = "") -> None:
    """Out to the other processes; lost when the layer is down."""
    packed = [[[person.hex for person in one.people], one.message] for one in wakes]
    try:
        async with asyncio.timeout(LAYER_SECONDS):
            await get_channel_layer().group_send(GROUP, {"type": "wakes", "from": origin, "wakes": packed})
    except Exception as problem:  # whatever the layer throws: the heartbeat will find the message
        log.warning("wakes lost count=%s problem=%s", len(wakes), type(problem).__name__)


def unpack(message: dict[str, Any]) -> list[Wake]:
    return [Wake([UUID(person) for person in people], what) for people, what in message["wakes"]]


def _publish_from_here(wakes: list[Wake]) -> None:
    """A process without sockets: a job, a command."""
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        async_to_sync(publish)(wakes)
        return
    task = loop.create_task(publish(wakes))
    _running.add(task)
    task.add_done_callback(_running.discard)
