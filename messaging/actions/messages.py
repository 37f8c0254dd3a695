"""Writing one message, and reading on from a number."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid, NotVisible
from messaging.actions.storing import Writers, store_all
from messaging.cautions import cautions_in
from messaging.errors import ClientIdReused
from messaging.limits import Pace
from messaging.models import Conversation, Message
from messaging.sending import Posted, Send

pace = Pace()  # of all writers: the socket asks it too
LONGEST = 4000  # characters of a body
PAGE = 200  # messages read at once
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # NUL, and halves of characters


def a_send(*, conversation_id: object, by: Any, client_id: object, body: object) -> Send:
    """Raises Invalid, NotVisible for what no database needs to be asked about."""
    text, key = _clean_body(body), clean_client_id(client_id)
    return Send(as_uuid(conversation_id), by, key, text, " ".join(cautions_in(text)))


def post_message(*, conversation_id: UUID | str, by: User, client_id: UUID | str, body: str, now: datetime) -> Posted:
    """
    Store one message; when this returns (outside an outer transaction) it is committed and may be acknowledged.

    `client_id`: made once by the writer's device; the same again gives the same message. `body`: 1 to 4000 characters.
    Raises Invalid, NotVisible, TooMany, Suspended, TalkClosed, ClientIdReused.
    """
    send = a_send(conversation_id=conversation_id, by=by, client_id=client_id, body=body)
    pace.take(by.pk)
    (posted,) = post_messages([send], writers=_fresh, now=now)
    if isinstance(posted, Exception):
        raise posted
    return posted


def post_messages(sends: Sequence[Send], *, writers: Writers, now: datetime) -> list[Posted | Exception]:
    """
    Store many messages in one commit; each is answered for itself, and none spoils another.

    `writers(sends, members)`: asked for the people of the sends once their conversations are locked, so that nobody
    writes who was shut out before; an exception there is that send's answer. `members`: all who are in these
    conversations. Errors as of `post_message`, as answers.
    """
    try:
        with transaction.atomic():
            return store_all(sends, writers, now)
    except (InterfaceError, OperationalError) as away:  # for one it would be no better
        return [away] * len(sends)
    except Exception as problem:
        if len(sends) == 1:
            return [ClientIdReused() if isinstance(problem, IntegrityError) else problem]
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


def fresh_person(person: User) -> User:
    """As they are now; whoever is gone stays as they came and finds nothing."""
    return User.objects.filter(is_active=True, pk=person.pk).first() or person


def _fresh(sends: Sequence[Send], members: Collection[UUID]) -> list[User]:
    """The writers as they are now; whoever is gone stays as they came and finds nothing."""
    there = User.objects.filter(is_active=True).in_bulk([send.by.pk for send in sends])
    return [there.get(send.by.pk, send.by) for send in sends]


def _clean_body(body: object) -> str:
    """The text with one kind of line end and no blank rim. Raises Invalid."""
    if not isinstance(body, str):
        raise Invalid(fields={"body": [_("Bitte schreiben Sie Ihre Nachricht als Text.")]})
    text = body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise Invalid(fields={"body": [_("Bitte schreiben Sie zuerst etwas.")]})
    if len(text) > LONGEST:
        raise Invalid(fields={"body": [_("Die Nachricht ist zu lang. Möglich sind 4000 Zeichen.")]})
    if _UNSTORABLE.search(text):
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
