"""
What leaves the house about a talk, as plain data: one function per thing, used by the socket and by the JSON API.

Frames are `{"v": 1, "type": ..., ...}`; see docs/asyncapi.yaml.
"""

import json
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from messaging.models import Conversation, Message

VERSION = 1


def message_data(message: Message) -> dict[str, Any]:
    """A message for the two of its conversation: ids as strings, `stored_at` ISO 8601, `deletes` a number or None."""
    return {
        "conversation": str(message.conversation_id),
        "seq": message.seq,
        "id": str(message.pk),
        "sender": str(message.sender_id) if message.sender_id else None,
        "body": message.body,
        "stored_at": moment(message.stored_at),
        "client_id": str(message.client_id),
        "cautions": [] if message.deleted_at else message.cautions.split(),
        "deleted": message.deleted_at is not None,
        "deletes": message.deletes,
    }


def conversation_data(conversation: Conversation) -> dict[str, Any]:
    """A conversation out of `for_list(user)`: its counters as that person has them."""
    return {
        "id": str(conversation.pk),
        "match": str(conversation.match_id),
        "people": [
            {"id": str(person.pk), "first_name": person.first_name}
            for person in (conversation.match.resident, conversation.match.volunteer)
        ],
        "last_seq": conversation.last_seq,
        "read_seq": conversation.read_seq,  # type: ignore[attr-defined]
        "unread": conversation.unread,  # type: ignore[attr-defined]
        "last_at": moment(conversation.last_at),  # type: ignore[attr-defined]
        "closes_at": moment(conversation.closes_at) if conversation.closes_at else None,
    }


as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def frame(kind: str, /, **fields: Any) -> dict[str, Any]:
    return {"v": VERSION, "type": kind, **fields}


def message_frame(message: Message) -> dict[str, Any]:
    return frame("message", **message_data(message))


def ack_frame(message: Message) -> dict[str, Any]:
    """The tick: this send is committed."""
    return frame(
        "ack",
        client_id=str(message.client_id),
        conversation=str(message.conversation_id),
        seq=message.seq,
        stored_at=moment(message.stored_at),
    )


def mark_frame(kind: str, conversation: UUID, person: UUID, seq: int) -> dict[str, Any]:
    """`kind`: "read" or "delivered"."""
    return frame(kind, conversation=str(conversation), person=str(person), seq=seq)


@lru_cache(maxsize=200)  # the messages of one commit share theirs
def moment(at: datetime) -> str:
    return timezone.localtime(at).isoformat(timespec="milliseconds")
