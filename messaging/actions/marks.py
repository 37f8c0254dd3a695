"""How far a person got: delivered to one of their devices, and read. Neither falls, neither passes the last message."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction

from accounts.models import User
from core.database import find, key_out, keys_in, rows_of, wanted
from core.errors import Invalid, NotVisible
from messaging.actions.storing import talks_of
from messaging.models import Conversation, Mark
from messaging.sending import LockedTalk
from messaging.wake import Wake, a_wake, wake_all

HIGHEST = 2**62  # above any number a database keeps
_Key = tuple[UUID, UUID]  # conversation, person
_RISE = """
    {wanted} INSERT INTO messaging_mark AS mark (conversation_id, person_id, delivered_seq, read_seq)
    SELECT talk, person, delivered, read FROM wanted WHERE true
    ON CONFLICT (conversation_id, person_id) DO UPDATE SET
        delivered_seq = {highest}(mark.delivered_seq, excluded.delivered_seq),
        read_seq = {highest}(mark.read_seq, excluded.read_seq)
    WHERE mark.delivered_seq < excluded.delivered_seq OR mark.read_seq < excluded.read_seq
    RETURNING conversation_id, delivered_seq
"""


@dataclass(frozen=True)
class Reached:
    """A device of `by` holds everything up to `seq`; `read`: the person has seen it too."""

    conversation_id: UUID
    by: Any  # the person, or a socket's Pass before they are known
    seq: int
    read: bool


def mark_delivered(*, conversation_id: UUID | str, by: User, seq: int) -> Mark:
    """A device of `by` holds everything up to `seq`. Raises Invalid, NotVisible."""
    return _mark(conversation_id, by, seq, read=False)


def mark_read(*, conversation_id: UUID | str, by: User, seq: int) -> Mark:
    """`by` has seen everything up to `seq`; what is read is delivered too. Raises Invalid, NotVisible."""
    return _mark(conversation_id, by, seq, read=True)


def mark_many(reached: Sequence[Reached]) -> list[Exception | None]:
    """The marks of many devices in one commit; each is answered for itself."""
    try:
        return _raise_all(reached)
    except (InterfaceError, OperationalError) as away:
        return [away] * len(reached)


def _mark(conversation_id: UUID | str, by: User, seq: int, *, read: bool) -> Mark:
    if not isinstance(seq, int) or isinstance(seq, bool) or not 0 <= seq <= HIGHEST:
        raise Invalid(fields={"seq": ["0 <= seq"]})
    talk = find(Conversation.objects.visible_to(by), conversation_id)
    for problem in _raise_all([Reached(talk.pk, by, seq, read)]):
        if problem is not None:
            raise problem
    return Mark.objects.get(conversation=talk, person=by)


@transaction.atomic
def _raise_all(reached: Sequence[Reached]) -> list[Exception | None]:
    talks = talks_of({one.conversation_id for one in reached})
    answers: list[Exception | None] = []
    highest: dict[_Key, tuple[int, int]] = {}
    for one in reached:
        talk = talks.get(one.conversation_id)
        if talk is None or one.by.pk not in talk.member_ids:
            answers.append(NotVisible())
            continue
        answers.append(None)
        key, seq = (talk.pk, one.by.pk), min(one.seq, talk.last_seq)
        delivered, read = highest.get(key, (0, 0))
        highest[key] = max(delivered, seq), max(read, seq if one.read else 0)
    if risen := _rise(highest):
        transaction.on_commit(partial(_announce, [talks[key] for key in sorted(risen)]))
    return answers


def _rise(highest: dict[_Key, tuple[int, int]]) -> set[UUID]:
    """In a fixed order, and never down: two devices in any order leave the higher number. Which conversations rose."""
    if not highest:
        return set()
    question = _RISE.format(
        wanted=wanted(len(highest), talk="uuid", person="uuid", delivered="bigint", read="bigint"),
        highest="MAX" if connection.vendor == "sqlite" else "GREATEST",
    )
    keys = iter(keys_in(key for pair in sorted(highest) for key in pair))
    rows = [(talk, next(keys), *highest[pair]) for pair, talk in zip(sorted(highest), keys, strict=True)]
    return {key_out(row[0]) for row in rows_of(question, [value for row in rows for value in row]) if row[1]}


def _announce(talks: list[LockedTalk]) -> None:
    wake_all([Wake(talk.member_ids, a_wake(talk.pk, talk.last_seq)) for talk in talks])
