"""
Waking the open sockets of a person: "look into the database", never what there is to see.

The layer may lose, repeat and reorder, so nothing but ids travels on it and nobody waits for it. Each person has one
group; every socket of theirs is in it.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

log = logging.getLogger("gemeinsinn.messaging")
LAYER_SECONDS = 3.0  # a dead Redis must not hold up whoever just wrote
_server_loop: asyncio.AbstractEventLoop | None = None
_running: set[asyncio.Task] = set()  # the loop keeps only weak references to its tasks


def group_of(person_id: UUID) -> str:
    return f"person.{person_id.hex}"


def serve_on(loop: asyncio.AbstractEventLoop) -> None:
    """Sockets call this: from then on wakes of this process start on their loop, also those from other threads."""
    global _server_loop
    _server_loop = loop


def wake(person_ids: Iterable[UUID], message: dict[str, Any]) -> None:
    """Send `message` (a "type" and ids) to all sockets of these people; returns at once, failures only cost time."""
    people = list(person_ids)
    loop = _server_loop if _server_loop is not None and _server_loop.is_running() else _loop_of_this_thread()
    if loop is not None:
        loop.call_soon_threadsafe(_start, people, message)
    else:
        async_to_sync(_send)(people, message)


def _loop_of_this_thread() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


def _start(people: list[UUID], message: dict[str, Any]) -> None:
    task = asyncio.get_running_loop().create_task(_send(people, message))
    _running.add(task)
    task.add_done_callback(_running.discard)


async def _send(people: list[UUID], message: dict[str, Any]) -> None:
    layer = get_channel_layer()
    for person_id in people:
        try:
            async with asyncio.timeout(LAYER_SECONDS):
                await layer.group_send(group_of(person_id), message)
        except Exception as problem:  # whatever the layer throws: the heartbeat will find the message
            log.warning("wake lost kind=%s problem=%s", message.get("type"), type(problem).__name__)
