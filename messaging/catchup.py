"""
What one person has not been told yet, read from the database. Wakes only say when to look; this says what there is.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from messaging.actions import messages_after
from messaging.actions.messages import PAGE
from messaging.frames import mark_frame, message_frame
from messaging.models import Conversation, Installation, Mark

Marks = dict[tuple[UUID, UUID], tuple[int, int]]  # (conversation, person) -> (delivered, read)


@dataclass
class News:
    """`messages`: frames in order, at most a page; `marks`: frames after them; `more`: read on at once."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    seen_marks: Marks = field(default_factory=dict)
    last_seqs: dict[UUID, int] = field(default_factory=dict)
    more: bool = False


def news(person: User, cursors: dict[UUID, int], seen: Marks, *, only: UUID | None = None) -> News:
    """
    Everything above `cursors` (conversation -> last number given; missing: 0) and every mark that rose above `seen`.

    `only`: look into this conversation alone.
    """
    found = News()
    conversations = Conversation.objects.visible_to(person).order_by("opened_at", "id")
    for talk in conversations.filter(pk=only) if only else conversations:
        found.last_seqs[talk.pk] = talk.last_seq
        _add_messages(found, talk, cursors.get(talk.pk, 0))
    if not found.more:  # a mark never comes before its message
        _add_marks(found, _marks(person, list(found.last_seqs)), seen)
    return found


def welcome(person: User, epoch: UUID | None, cursors: dict[UUID, int]) -> tuple[UUID, bool]:
    """Our epoch, and whether the client has to forget what it holds: another data set, or numbers we never gave."""
    ours = Installation.current().epoch
    known = dict(Conversation.objects.visible_to(person).values_list("pk", "last_seq"))
    ahead = any(seq > known[key] for key, seq in cursors.items() if key in known)
    return ours, ahead or (epoch != ours if epoch or cursors else False)


def _add_messages(found: News, talk: Conversation, cursor: int) -> None:
    room = PAGE - len(found.messages)
    if talk.last_seq <= cursor:
        return
    rows = messages_after(talk, cursor, room) if room > 0 else []
    found.messages += [message_frame(row) for row in rows]
    found.more = found.more or room <= 0 or len(rows) == room


def _add_marks(found: News, marks: QuerySet[Mark], seen: Marks) -> None:
    for mark in marks:
        key = mark.conversation_id, mark.person_id
        delivered, read = seen.get(key, (0, 0))
        if mark.delivered_seq > delivered:
            found.marks.append(mark_frame("delivered", mark, mark.delivered_seq))
        if mark.read_seq > read:
            found.marks.append(mark_frame("read", mark, mark.read_seq))
        found.seen_marks[key] = max(mark.delivered_seq, delivered), max(mark.read_seq, read)


def _marks(person: User, conversations: list[UUID]) -> QuerySet[Mark]:
    return Mark.objects.filter(conversation__in=conversations).shown_to(person)
