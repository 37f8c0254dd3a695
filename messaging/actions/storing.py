"""Many messages into one commit: the locks first, then everything there is to ask, then the rows."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import partial
from math import inf
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from core.database import key_out, keys_in, moment_in, moment_out, places, rows_of, wanted
from core.errors import HouseError, NotVisible
from core.keys import key_of_now
from messaging import rules
from messaging.actions.telling import tell_of_messages
from messaging.errors import ClientIdReused, Suspended, TalkClosed
from messaging.models import Message
from messaging.sending import LockedTalk, Posted, Send, Stored
from messaging.wake import Fresh, Wake, a_wake, wake_all

log = logging.getLogger("gemeinsinn.messaging")
Writers = Callable[[Sequence[Send], Collection[UUID]], Sequence[Any]]

_TALKS = """
    SELECT talk.id, talk.match_id, pair.resident_id, pair.volunteer_id, talk.last_seq, talk.closes_at, talk.paused_at
    FROM messaging_conversation talk JOIN matching_match pair ON pair.id = talk.match_id
    WHERE talk.id IN ({keys}) ORDER BY talk.id {lock}
"""
_EARLIER = """
    {wanted} SELECT m.id FROM wanted
    JOIN messaging_message m ON m.sender_id = wanted.sender AND m.client_id = wanted.client
"""
_INSERT = """
    INSERT INTO messaging_message (id, conversation_id, sender_id, client_id, seq, body, stored_at, cautions)
    VALUES {rows}
"""
_AS_STORED = tuple("id" if name == "pk" else name for name in Stored._fields)
_COUNT_UP = """
    {wanted} UPDATE messaging_conversation SET last_seq = wanted.seq
    FROM wanted WHERE messaging_conversation.id = wanted.talk
"""


def store_all(sends: Sequence[Send], writers: Writers, now: datetime) -> list[Posted | Exception]:
    """Inside a transaction. Raises IntegrityError where the same id came into two conversations in one moment."""
    talks = locked({send.conversation_id for send in sends})
    members = {one for talk in talks.values() for one in talk.member_ids}
    since = monotonic()
    people = writers(sends, members)
    batch = _Batch(talks, _earlier(sends, people), rules.pairs_apart(members), now)
    told = [batch.take(send, writer) for send, writer in zip(sends, people, strict=True)]
    if batch.fresh:
        _insert(batch.fresh)
        count_up(batch.fresh)
        tell_of_messages(_for_others(batch.fresh, talks), now=now)
        transaction.on_commit(partial(announce_stored, batch.fresh, talks, since))
    if batch.again:
        transaction.on_commit(partial(_wake_again, [talks[key] for key in batch.again]))
    return told


class _Batch:
    """What the sends of one transaction meet, and what becomes of them."""

    def __init__(
        self,
        talks: dict[UUID, LockedTalk],
        earlier: dict[tuple[UUID, UUID], Stored],
        apart: set[frozenset[UUID]],
        now: datetime,
    ) -> None:
        self._talks, self._earlier, self._apart, self._now = talks, earlier, apart, now
        self.fresh: list[Stored] = []
        self.again: set[UUID] = set()  # conversations in which something was sent again

    def take(self, send: Send, writer: Any) -> Posted | Exception:
        try:
            return self._posted(send, writer)
        except HouseError as refused:
            return refused

    def _posted(self, send: Send, writer: Any) -> Posted:
        if isinstance(writer, Exception):
            raise writer
        talk = self._talks.get(send.conversation_id)
        if talk is None or writer.pk not in talk.member_ids:
            raise NotVisible
        if writer.suspended_at:
            raise Suspended
        # Looked at before "closed": a tick that got lost is still owed after the end.
        if earlier := self._earlier.get((writer.pk, send.client_id)):
            told = _repetition(earlier, send)
            self.again.add(talk.pk)
            return told
        if not rules.is_open(talk, self._now) or frozenset(talk.member_ids) in self._apart:
            raise TalkClosed
        return Posted(self._write(talk, writer.pk, send), repeated=False)

    def _write(self, talk: LockedTalk, writer: UUID, send: Send) -> Stored:
        talk.last_seq += 1
        said = send.client_id, send.body, self._now, send.cautions
        message = Stored(key_of_now(), talk.pk, talk.last_seq, writer, *said)
        self._earlier[writer, send.client_id] = message
        self.fresh.append(message)
        return message


def _repetition(earlier: Stored, send: Send) -> Posted:
    same = earlier.body == send.body or earlier.deleted_at  # a tick may come after the text was taken back
    if earlier.conversation_id != send.conversation_id or not same or earlier.deletes:
        raise ClientIdReused
    return Posted(earlier, repeated=True)


def locked(keys: Collection[UUID]) -> dict[UUID, LockedTalk]:
    """
    The row is the lock, taken in ascending order; everything else is looked at behind it.

    On SQLite the transaction itself is the lock (`transaction_mode: IMMEDIATE`).
    """
    return talks_of(keys, lock="FOR UPDATE OF talk" if connection.features.has_select_for_update_of else "")


def talks_of(keys: Collection[UUID], *, lock: str = "") -> dict[UUID, LockedTalk]:
    """As they stand; without `lock` they go on moving."""
    rows = rows_of(_TALKS.format(keys=places(len(keys)), lock=lock), keys_in(keys))
    return {talk.pk: talk for talk in map(_talk, rows)}


def _talk(row: tuple) -> LockedTalk:
    pk, match, resident, volunteer = map(key_out, row[:4])
    last_seq, closes_at, paused_at = row[4:]
    return LockedTalk(pk, match, (resident, volunteer), last_seq, moment_out(closes_at), moment_out(paused_at))


def _earlier(sends: Sequence[Send], people: Sequence[Any]) -> dict[tuple[UUID, UUID], Stored]:
    """What was stored before under the ids of these sends, by (sender, client_id)."""
    pairs = zip(sends, people, strict=True)
    asked = {(writer.pk, send.client_id) for send, writer in pairs if not isinstance(writer, Exception)}
    if not asked:
        return {}
    question = _EARLIER.format(wanted=wanted(len(asked), sender="uuid", client="uuid"))
    found = rows_of(question, keys_in(key for pair in asked for key in pair))
    if not found:
        return {}
    rows = Message.objects.filter(pk__in=[key_out(row[0]) for row in found]).values_list(*_AS_STORED)
    return {(one.sender_id, one.client_id): one for one in map(Stored._make, rows)}


def _insert(fresh: list[Stored]) -> None:
    keys = iter(keys_in(key for one in fresh for key in (one.pk, one.conversation_id, one.sender_id, one.client_id)))
    now = moment_in(fresh[0].stored_at)  # the one of all
    kept = (
        value
        for one, *four in zip(fresh, keys, keys, keys, keys, strict=True)
        for value in (*four, one.seq, one.body, now, one.cautions)
    )
    rows_of(_INSERT.format(rows=", ".join([f"({places(8)})"] * len(fresh))), kept)


def count_up(fresh: Sequence[Stored | Message]) -> None:
    last = {message.conversation_id: message.seq for message in fresh}
    question = _COUNT_UP.format(wanted=wanted(len(last), talk="uuid", seq="bigint"))
    rows_of(question, [one for pair in zip(keys_in(last), last.values(), strict=True) for one in pair])


def _for_others(fresh: list[Stored], talks: dict[UUID, LockedTalk]) -> dict[tuple[UUID, UUID], int]:
    """The newest number for each match and member who did not write it."""
    newest = {(message.conversation_id, message.sender_id): message.seq for message in fresh}
    return {
        (talks[key].match_id, member): seq
        for (key, writer), seq in newest.items()
        for member in talks[key].member_ids
        if member != writer
    }


def announce_stored(fresh: Sequence[Stored | Message], talks: dict[UUID, LockedTalk], since: float = inf) -> None:
    """`since`: when those who hear it were last asked about (monotonic); without it they read it from the database."""
    log.info("messages stored count=%s", len(fresh))
    wake_all([_wake(message, talks[message.conversation_id].member_ids, since) for message in fresh])


def _wake_again(talks: list[LockedTalk]) -> None:
    """Whoever stored it may have died before it woke anybody; without this they would hear it with the heartbeat."""
    wake_all([Wake(talk.member_ids, a_wake(talk.pk, talk.last_seq)) for talk in talks])


def _wake(message: Stored | Message, members: tuple[UUID, UUID], since: float) -> Wake:
    return Wake(members, a_wake(message.conversation_id, message.seq), Fresh(message, since))
