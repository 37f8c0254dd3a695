"""How far a person got: delivered to one of their devices, and read. Neither falls, neither passes the last message."""

from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core.database import find
from core.errors import Invalid
from messaging.models import Conversation, Mark
from messaging.wake import wake

HIGHEST = 2**62  # above any number a database keeps


def mark_delivered(*, conversation_id: UUID | str, by: User, seq: int) -> Mark:
    """A device of `by` holds everything up to `seq`. Raises Invalid, NotVisible."""
    return _mark(conversation_id, by, seq, ["delivered_seq"])


def mark_read(*, conversation_id: UUID | str, by: User, seq: int) -> Mark:
    """`by` has seen everything up to `seq`; what is read is delivered too. Raises Invalid, NotVisible."""
    return _mark(conversation_id, by, seq, ["delivered_seq", "read_seq"])


@transaction.atomic
def _mark(conversation_id: UUID | str, by: User, seq: int, fields: list[str]) -> Mark:
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq <= HIGHEST:
        raise Invalid(fields={"seq": ["0 <= seq"]})
    conversation = find(Conversation.objects.visible_to(by).select_related("match"), conversation_id)
    mark = Mark.objects.get_or_create(conversation=conversation, person=by)[0]
    reached = min(seq, conversation.last_seq)
    rose = [field for field in fields if _raise_to(mark, field, reached)]
    if rose:
        transaction.on_commit(partial(_announce, conversation))
    mark.refresh_from_db()
    return mark


def _raise_to(mark: Mark, field: str, seq: int) -> bool:
    """A guarded update, so that two devices in any order leave the higher number."""
    return bool(Mark.objects.filter(pk=mark.pk, **{f"{field}__lt": seq}).update(**{field: seq}))


def _announce(conversation: Conversation) -> None:
    message = {"type": "wake", "conversation": str(conversation.pk), "seq": conversation.last_seq}
    wake(conversation.member_ids, message)
