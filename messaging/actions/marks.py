"""How far a person got: delivered to one of their devices, and read. Neither falls, neither passes the last message."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from accounts.models import User
from core.database import find
from core.errors import Invalid, NotVisible
from messaging.models import Conversation, Mark
from messaging.wake import Wake, a_wake, wake_all

HIGHEST = 2**62  # above any number a database keeps
_Key = tuple[UUID, UUID]  # conversation, person


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
    keys = {one.conversation_id for one in reached}
    talks = {talk.pk: talk for talk in _with_members(keys)}
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
    risen = _rise(highest)
    if risen:
        transaction.on_commit(partial(_announce, [talks[key] for key in sorted(risen)]))
    return answers


def _with_members(keys: set[UUID]) -> list[Conversation]:
    rows = Conversation.objects.filter(pk__in=keys).select_related("match")
    return list(rows.only("last_seq", "match__resident_id", "match__volunteer_id"))


def _rise(highest: dict[_Key, tuple[int, int]]) -> set[UUID]:
    """Guarded updates in a fixed order: two devices in any order leave the higher number. Which conversations rose."""
    rows = Mark.objects.filter(conversation__in={key for key, _ in highest})
    known = {(mark.conversation_id, mark.person_id): mark for mark in rows}
    missing = [Mark(conversation_id=talk, person_id=person) for talk, person in highest if (talk, person) not in known]
    Mark.objects.bulk_create(missing, ignore_conflicts=True)
    risen = set()
    for key in sorted(highest):
        mark = known.get(key)
        for field, seq in zip(("delivered_seq", "read_seq"), highest[key], strict=True):
            if (mark is None or getattr(mark, field) < seq) and _raise_to(key, field, seq):
                risen.add(key[0])
    return risen


def _raise_to(key: _Key, field: str, seq: int) -> bool:
    rows = Mark.objects.filter(conversation=key[0], person=key[1], **{f"{field}__lt": seq})
    return bool(rows.update(**{field: seq}))


def _announce(talks: list[Conversation]) -> None:
    wake_all([Wake(talk.member_ids, a_wake(talk.pk, talk.last_seq)) for talk in talks])
