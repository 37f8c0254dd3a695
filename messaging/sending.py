"""What a writer's device sends, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

if TYPE_CHECKING:
    from messaging.models import Message


class Stored(NamedTuple):
    """A message as it was stored, without a row of the ORM, which costs ten times as much; names as in `Message`."""

    pk: UUID
    conversation_id: UUID
    seq: int
    sender_id: UUID
    client_id: UUID
    body: str
    stored_at: datetime
    cautions: str
    deleted_at: datetime | None = None
    deletes: int | None = None


class Send(NamedTuple):
    """
    One message as its writer's device sent it. `by`: the writer, or what `post_messages` can ask for them.

    `cautions`: kinds of danger the text looks like (`messaging.cautions`), with spaces between.
    """

    conversation_id: UUID
    by: Any
    client_id: UUID
    body: str
    cautions: str


@dataclass(slots=True)
class LockedTalk:
    """A conversation whose row is held. `member_ids`: resident and volunteer."""

    pk: UUID
    match_id: UUID
    member_ids: tuple[UUID, UUID]
    last_seq: int
    closes_at: datetime | None
    paused_at: datetime | None


class Posted(NamedTuple):
    """`repeated`: this send was stored before; `message` is that earlier row."""

    message: "Stored | Message"
    repeated: bool
