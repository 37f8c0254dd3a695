"""What a writer's device sends, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from messaging.models import Message


@dataclass(frozen=True)
class Send:
    """One message as its writer's device sent it. `by`: the writer, or what `post_messages` can ask for them."""

    conversation_id: UUID
    by: Any
    client_id: UUID
    body: str


@dataclass(slots=True)
class LockedTalk:
    """A conversation whose row is held. `member_ids`: resident and volunteer."""

    pk: UUID
    match_id: UUID
    member_ids: tuple[UUID, UUID]
    last_seq: int
    closes_at: datetime | None
    paused_at: datetime | None


@dataclass(frozen=True)
class Posted:
    """`repeated`: this send was stored before; `message` is that earlier row."""

    message: Message
    repeated: bool
