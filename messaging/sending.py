"""What a writer's device sends, and what becomes of it."""

from dataclasses import dataclass
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


@dataclass(frozen=True)
class Posted:
    """`repeated`: this send was stored before; `message` is that earlier row."""

    message: Message
    repeated: bool
