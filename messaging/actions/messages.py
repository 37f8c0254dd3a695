"""Writing one message, and reading on from a number."""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.database import clash_means
from core.errors import HouseError, Invalid, NotVisible
from messaging import rules
from messaging.actions.telling import tell_of_messages
from messaging.cautions import cautions_in
from messaging.errors import ClientIdReused, Suspended, TalkClosed
from messaging.models import Conversation, Message
from messaging.wake import wake_all

log = logging.getLogger("gemeinsinn.messaging")
LONGEST = 4000  # characters of a body
PAGE = 200  # messages read at once


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


def a_send(*, conversation_id: object, by: Any, client_id: object, body: object) -> Send:
    """Raises Invalid, NotVisible for what no database needs to be asked about."""
    text, key = _clean_body(body), clean_client_id(client_id)
    return Send(as_uuid(conversation_id), by, key, text)


def post_message(*, conversation_id: UUID | str, by: User, client_id: UUID | str, body: str, now: datetime) -> Posted:
    """
    Store one message; when this returns (outside an outer transaction) it is committed and may be acknowledged.

    `client_id`: made once by the writer's device; the same again gives the same message. `body`: 1 to 4000 characters.
    Raises Invalid, NotVisible, Suspended, TalkClosed, ClientIdReused.
    """
    send = a_send(conversation_id=conversation_id, by=by, client_id=client_id, body=body)
    (posted,) = post_messages([send], writers=_fresh, now=now)
    if isinstance(posted, Exception):
        raise posted
    return posted


def post_messages(
    sends: Sequence[Send], *, writers: Callable[[Sequence[Send]], Sequence[User | Exception]], now: datetime
) -> list[Posted | Exception]:
    """
    Store many messages in one commit; each is answered for itself, and none spoils another.

    `writers`: asked for the people of the sends once their conversations are locked, so that nobody writes who was
    shut out before; an exception there is that send's answer. Errors as of `post_message`, as answers.
    """
    try:
        with transaction.atomic():
            return _store_all(sends, writers, now)
    except (InterfaceError, OperationalError) as away:  # for one it would be no better
        return [away] * len(sends)
    except Exception as problem:
        if len(sends) == 1:
            return [problem]
        return [told for send in sends for told in post_messages([send], writers=writers, now=now)]


def messages_after(conversation: Conversation, after_seq: int, limit: int = PAGE) -> list[Message]:
    """The next messages above `after_seq` in order, at most `limit` (and never more than 200)."""
    limit = max(1, min(limit, PAGE))
    return list(conversation.messages.filter(seq__gt=after_seq).select_related("sender").order_by("seq")[:limit])


def messages_before(conversation: Conversation, before_seq: int | None, limit: int) -> list[Message]:
    """The last `limit` things said below `before_seq` (None: the newest), in reading order."""
    rows = conversation.messages.spoken().select_related("sender")
    if before_seq is not None:
        rows = rows.filter(seq__lt=before_seq)
    return list(rows.order_by("-seq")[: max(1, min(limit, PAGE))])[::-1]


def _store_all(
    sends: Sequence[Send], writers: Callable[[Sequence[Send]], Sequence[User | Exception]], now: datetime
) -> list[Posted | Exception]:
    talks = locked({send.conversation_id for send in sends})
    people = writers(sends)
    apart = rules.pairs_apart({one for talk in talks.values() for one in talk.member_ids})
    batch = _Batch(talks, _earlier(sends, people), apart, now)
    told = [batch.take(send, writer) for send, writer in zip(sends, people, strict=True)]
    if batch.fresh:
        with clash_means(ClientIdReused):  # the same id into two conversations in the same moment
            Message.objects.bulk_create(batch.fresh)
        count_up(batch.fresh)
        tell_of_messages(_for_others(batch.fresh, talks), now=now)
        transaction.on_commit(partial(announce_stored, batch.fresh, talks))
    return told


class _Batch:
    """What the sends of one transaction meet, and what becomes of them."""

    def __init__(
        self,
        talks: dict[UUID, Conversation],
        earlier: dict[tuple[UUID, UUID], Message],
        apart: set[frozenset[UUID]],
        now: datetime,
    ) -> None:
        self._talks, self._earlier, self._apart, self._now = talks, earlier, apart, now
        self.fresh: list[Message] = []

    def take(self, send: Send, writer: User | Exception) -> Posted | Exception:
        try:
            return self._posted(send, writer)
        except HouseError as refused:
            return refused

    def _posted(self, send: Send, writer: User | Exception) -> Posted:
        if isinstance(writer, Exception):
            raise writer
        talk = self._talks.get(send.conversation_id)
        if talk is None or writer.pk not in talk.member_ids:
            raise NotVisible
        if writer.suspended_at:
            raise Suspended
        # Looked at before "closed": a tick that got lost is still owed after the end.
        if earlier := self._earlier.get((writer.pk, send.client_id)):
            return _repetition(earlier, send)
        if not rules.is_open(talk, self._now) or frozenset(talk.member_ids) in self._apart:
            raise TalkClosed
        return Posted(self._write(talk, writer, send), repeated=False)

    def _write(self, talk: Conversation, writer: User, send: Send) -> Message:
        talk.last_seq += 1
        message = Message(
            conversation_id=talk.pk,
            seq=talk.last_seq,
            sender_id=writer.pk,
            client_id=send.client_id,
            body=send.body,
            stored_at=self._now,
            cautions=" ".join(cautions_in(send.body)),
        )
        self._earlier[writer.pk, send.client_id] = message
        self.fresh.append(message)
        return message


def _repetition(earlier: Message, send: Send) -> Posted:
    same = earlier.body == send.body or earlier.deleted_at  # a tick may come after the text was taken back
    if earlier.conversation_id != send.conversation_id or not same or earlier.deletes:
        raise ClientIdReused
    return Posted(earlier, repeated=True)


def locked(keys: Iterable[UUID]) -> dict[UUID, Conversation]:
    """
    The row is the lock, taken in ascending order; everything else is looked at behind it.

    On SQLite the transaction itself is the lock (`transaction_mode: IMMEDIATE`).
    """
    rows = Conversation.objects.filter(pk__in=list(keys)).select_related("match").select_for_update(of=("self",))
    rows = rows.only("last_seq", "closes_at", "paused_at", "match__resident_id", "match__volunteer_id")
    return {row.pk: row for row in rows.order_by("pk")}


def _earlier(sends: Sequence[Send], people: Sequence[User | Exception]) -> dict[tuple[UUID, UUID], Message]:
    """What was stored before under the ids of these sends, by (sender, client_id)."""
    writers = {person.pk for person in people if isinstance(person, User)}
    rows = Message.objects.filter(sender__in=writers, client_id__in={send.client_id for send in sends})
    return {(writer, row.client_id): row for row in rows if (writer := row.sender_id)}


def count_up(fresh: list[Message]) -> None:
    last = {message.conversation_id: message.seq for message in fresh}
    key = Conversation._meta.get_field("id")
    with connection.cursor() as cursor:  # the ORM would take longer over each statement than the database
        cursor.executemany(
            "UPDATE messaging_conversation SET last_seq = %s WHERE id = %s",
            [(seq, key.get_db_prep_value(talk, connection)) for talk, seq in last.items()],
        )


def _for_others(fresh: list[Message], talks: dict[UUID, Conversation]) -> dict[tuple[UUID, UUID], int]:
    """The newest number for each match and member who did not write it."""
    pairs = [(message, talks[message.conversation_id]) for message in fresh]
    return {
        (talk.match_id, member): message.seq
        for message, talk in pairs
        for member in talk.member_ids
        if member != message.sender_id
    }


def fresh_person(person: User) -> User:
    """As they are now; whoever is gone stays as they came and finds nothing."""
    return User.objects.filter(is_active=True, pk=person.pk).first() or person


def _fresh(sends: Sequence[Send]) -> list[User]:
    """The writers as they are now; whoever is gone stays as they came and finds nothing."""
    there = User.objects.filter(is_active=True).in_bulk([send.by.pk for send in sends])
    return [there.get(send.by.pk, send.by) for send in sends]


def announce_stored(fresh: list[Message], talks: dict[UUID, Conversation]) -> None:
    stored = " ".join(f"{message.conversation_id}:{message.seq}" for message in fresh)
    log.info("messages stored count=%s stored=%s", len(fresh), stored)
    wake_all([(talks[m.conversation_id].member_ids, a_wake(m.conversation_id, m.seq)) for m in fresh])


def a_wake(conversation_id: UUID, seq: int) -> dict[str, Any]:
    return {"type": "wake", "conversation": str(conversation_id), "seq": seq}


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


def clean_client_id(client_id: object) -> UUID:
    try:
        return client_id if isinstance(client_id, UUID) else UUID(str(client_id))
    except ValueError as wrong:
        raise Invalid(fields={"client_id": [_("Die Kennung der Nachricht passt nicht.")]}) from wrong


def as_uuid(key: object) -> UUID:
    try:
        return key if isinstance(key, UUID) else UUID(str(key))
    except ValueError as wrong:
        raise NotVisible from wrong
