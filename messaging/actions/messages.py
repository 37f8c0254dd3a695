"""Writing one message, and reading on from a number."""

import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from core.database import clash_means, find
from core.errors import Invalid, NotVisible
from messaging import rules
from messaging.errors import ClientIdReused, Suspended, TalkClosed
from messaging.models import Conversation, Message
from messaging.wake import wake

log = logging.getLogger("gemeinsinn.messaging")
LONGEST = 4000  # characters of a body
PAGE = 200  # messages read at once


@dataclass(frozen=True)
class Posted:
    """`repeated`: this send was stored before; `message` is that earlier row."""

    message: Message
    repeated: bool


class _Repeated(Exception):
    """Carries the earlier message out of the transaction, which must not count up."""

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message


def post_message(*, conversation_id: UUID | str, by: User, client_id: UUID | str, body: str, now: datetime) -> Posted:
    """
    Store one message; when this returns (outside an outer transaction) it is committed and may be acknowledged.

    `client_id`: made once by the writer's device; the same again gives the same message. `body`: 1 to 4000 characters.
    Raises Invalid, NotVisible, Suspended, TalkClosed, ClientIdReused.
    """
    text, key = _clean_body(body), _clean_client_id(client_id)
    try:
        with transaction.atomic():
            return Posted(_store(_uuid_or_nothing(conversation_id), by, key, text, now), repeated=False)
    except _Repeated as again:
        return Posted(again.message, repeated=True)


def messages_after(conversation: Conversation, after_seq: int, limit: int = PAGE) -> list[Message]:
    """The next messages above `after_seq` in order, at most `limit` (and never more than 200)."""
    limit = max(1, min(limit, PAGE))
    return list(conversation.messages.filter(seq__gt=after_seq).select_related("sender").order_by("seq")[:limit])


def messages_before(conversation: Conversation, before_seq: int | None, limit: int) -> list[Message]:
    """The last `limit` messages below `before_seq` (None: the newest), in reading order."""
    rows = conversation.messages.select_related("sender")
    if before_seq is not None:
        rows = rows.filter(seq__lt=before_seq)
    return list(rows.order_by("-seq")[: max(1, min(limit, PAGE))])[::-1]


def _store(conversation_id: UUID, by: User, client_id: UUID, body: str, now: datetime) -> Message:
    conversation = _take_number(conversation_id, by)
    _hand_back_repetition(conversation, by, client_id, body)
    if not rules.is_open(conversation, now) or rules.are_apart(conversation):
        raise TalkClosed
    with clash_means(ClientIdReused):  # the same id into two conversations in the same moment
        message = Message.objects.create(
            conversation=conversation,
            seq=conversation.last_seq,
            sender=by,
            client_id=client_id,
            body=body,
            stored_at=now,
        )
    transaction.on_commit(partial(_announce, conversation, message))
    return message


def _take_number(conversation_id: UUID, by: User) -> Conversation:
    """Count up first: this UPDATE is the lock, on SQLite and PostgreSQL alike; everything is looked at behind it."""
    if not Conversation.objects.filter(pk=conversation_id).update(last_seq=F("last_seq") + 1):
        raise NotVisible
    writer = User.objects.filter(pk=by.pk, is_active=True).first()
    if writer is not None and writer.suspended_at:
        raise Suspended
    return find(Conversation.objects.visible_to(writer or by).select_related("match"), conversation_id)


def _hand_back_repetition(conversation: Conversation, by: User, client_id: UUID, body: str) -> None:
    """Looked at before "closed": a tick that got lost is still owed after the end."""
    earlier = Message.objects.filter(sender=by, client_id=client_id).first()
    if earlier is None:
        return
    if earlier.conversation_id != conversation.pk or earlier.body != body:
        raise ClientIdReused
    raise _Repeated(earlier)


def _announce(conversation: Conversation, message: Message) -> None:
    log.info("message stored conversation=%s seq=%s by=%s", conversation.pk, message.seq, message.sender_id)
    wake(conversation.member_ids, {"type": "wake", "conversation": str(conversation.pk), "seq": message.seq})


def _clean_body(body: object) -> str:
    """The text with one kind of line end and no blank rim. Raises Invalid."""
    if not isinstance(body, str):
        raise Invalid(fields={"body": [_("Bitte schreiben Sie Ihre Nachricht als Text.")]})
    text = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Invalid(fields={"body": [_("Bitte schreiben Sie zuerst etwas.")]})
    if len(text) > LONGEST:
        raise Invalid(fields={"body": [_("Die Nachricht ist zu lang. Möglich sind 4000 Zeichen.")]})
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid(fields={"body": [_("Die Nachricht enthält Zeichen, die wir nicht speichern können.")]})
    return text


def _clean_client_id(client_id: object) -> UUID:
    try:
        return client_id if isinstance(client_id, UUID) else UUID(str(client_id))
    except ValueError as wrong:
        raise Invalid(fields={"client_id": [_("Die Kennung der Nachricht passt nicht.")]}) from wrong


def _uuid_or_nothing(key: object) -> UUID:
    try:
        return key if isinstance(key, UUID) else UUID(str(key))
    except ValueError as wrong:
        raise NotVisible from wrong
