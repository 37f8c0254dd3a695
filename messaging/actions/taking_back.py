"""Taking back one's own message: its text is gone, and every device hears of it under a number of its own."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core.errors import NotAllowed, NotVisible
from messaging import rules
from messaging.actions.messages import as_uuid, clean_client_id, fresh_person
from messaging.actions.storing import announce_stored, count_up, locked
from messaging.errors import ClientIdReused, Suspended, TalkClosed, TooLateToDelete
from messaging.models import Message
from messaging.sending import LockedTalk, Posted

log = logging.getLogger("gemeinsinn.messaging")


@transaction.atomic
def delete_message(*, conversation_id: UUID | str, seq: int, by: User, client_id: UUID | str, now: datetime) -> Posted:
    """
    The writer takes message `seq` back, within `rules.MAY_DELETE` of writing it.

    `message` of the answer is the row that says so; the same `client_id`, or the same message, again gives the same.
    What was reported before stays as evidence. Raises Invalid, NotVisible, NotAllowed, Suspended, TalkClosed,
    TooLateToDelete, ClientIdReused.
    """
    key, talk = clean_client_id(client_id), _locked(conversation_id, by)
    if earlier := Message.objects.filter(sender=by, client_id=key).first():
        return _repetition(earlier, talk, seq)
    target = _own_message(talk, seq, by)
    if target.deleted_at:
        return Posted(Message.objects.get(conversation=talk.pk, deletes=target.seq), repeated=True)
    if not rules.may_write(by, talk, now):
        raise TalkClosed
    if not rules.may_delete(target, now):
        raise TooLateToDelete
    return Posted(_take_back(target, talk, by, key, now), repeated=False)


def _locked(conversation_id: UUID | str, by: User) -> LockedTalk:
    key = as_uuid(conversation_id)
    talk, writer = locked({key}).get(key), fresh_person(by)
    if talk is None or writer.pk not in talk.member_ids:
        raise NotVisible
    if writer.suspended_at:
        raise Suspended
    return talk


def _repetition(earlier: Message, talk: LockedTalk, seq: int) -> Posted:
    if earlier.conversation_id != talk.pk or earlier.deletes != seq:
        raise ClientIdReused
    return Posted(earlier, repeated=True)


def _own_message(talk: LockedTalk, seq: int, by: User) -> Message:
    target = Message.objects.spoken().filter(conversation=talk.pk, seq=seq).first()
    if target is None:
        raise NotVisible
    if target.sender_id != by.pk:
        raise NotAllowed
    return target


def _take_back(target: Message, talk: LockedTalk, by: User, key: UUID, now: datetime) -> Message:
    row = Message(
        conversation_id=talk.pk,
        seq=talk.last_seq + 1,
        sender=by,
        client_id=key,
        body="",
        stored_at=now,
        deletes=target.seq,
    )
    Message.objects.filter(pk=target.pk).update(body="", deleted_at=now)
    row.save(force_insert=True)
    count_up([row])
    log.info("message deleted conversation=%s seq=%s", talk.pk, target.seq)
    transaction.on_commit(partial(announce_stored, [row], {talk.pk: talk}))
    return row
