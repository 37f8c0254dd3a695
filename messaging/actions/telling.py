"""Writing down what somebody must hear, in the transaction of the change, so that neither is without the other."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.utils import timezone

from core.database import insert_like, key_out, keys_in, places, rows_of
from messaging.models import Notice
from messaging.outbox.kinds import KINDS

_WAITING = """
    SELECT thread, person_id FROM messaging_outbox
    WHERE kind = 'message' AND state = 'waiting' AND thread IN ({threads})
"""
KEPT = timedelta(days=30)
PATIENCE = timedelta(days=1)  # for an answer, before a louder way is taken
LAST_DAYS = timedelta(days=3)  # before a deadline


def tell(
    person_ids: Iterable[UUID],
    *,
    kind: str,
    event: str,
    now: datetime,
    about: UUID | None = None,
    thread: UUID | None = None,
    urgent: bool = False,
    until: datetime | None = None,
) -> None:
    """
    These people must hear of it; by which way and when is found out when it is due.

    `kind`: a row of `messaging.outbox.kinds`. `event` (up to 80 signs): what happened; the same again tells nobody
    twice. `about`: the key of what it speaks of, `thread`: the match whose talk it belongs to. `urgent`: also in quiet
    hours, and on two ways. `until`: no news any more from then on; for a question, its deadline. Raises KeyError.
    """
    known = KINDS[kind]
    row = {"kind": kind, "event": event, "about": about, "thread": thread, "urgent": urgent, "until": until}
    moments = {"written_at": now, "due_at": now + known.wait, "delete_on": timezone.localdate(now) + KEPT}
    if known.asks:
        row["answer_by"] = next_answer_by(until, now)
    rows = [Notice(person_id=person, **row, **moments) for person in person_ids]
    Notice.objects.bulk_create(rows, ignore_conflicts=True)


def next_answer_by(until: datetime | None, now: datetime) -> datetime:
    """When to ask again, louder: after a day, or three days before a deadline far off; at half of a short time."""
    if until is None:
        return now + PATIENCE
    left = until - now
    return now + (left / 2 if left <= 2 * PATIENCE else max(PATIENCE, left - LAST_DAYS))


def tell_of_messages(news: dict[tuple[UUID, UUID], int], *, now: datetime) -> None:
    """
    New messages wait: `news` says for (match, person) the number of the newest one.

    One notice waits for each talk and person, however many messages come. Called with the conversations locked.
    """
    threads = {thread for thread, _ in news}
    known = {
        (key_out(thread), key_out(person))
        for thread, person in rows_of(_WAITING.format(threads=places(len(threads))), keys_in(threads))
    }
    unknown = {pair: seq for pair, seq in news.items() if pair not in known}
    if unknown:
        _wait_for(unknown, now)


def _wait_for(news: dict[tuple[UUID, UUID], int], now: datetime) -> None:
    moments = {"written_at": now, "due_at": now + KINDS["message"].wait, "delete_on": timezone.localdate(now) + KEPT}
    keys = iter(keys_in(key for thread, person in news for key in (uuid4(), person, thread)))
    rows = [
        (key, person, f"message:{thread}:{seq}", kept, kept)
        for ((thread, _), seq), key, person, kept in zip(news.items(), keys, keys, keys, strict=True)
    ]
    insert_like(Notice(kind="message", **moments), ("id", "person_id", "event", "about", "thread"), rows)


def saw(*, person_id: UUID, now: datetime, thread: UUID | None = None) -> int:
    """
    This person looked for themselves: at the match `thread`, or (None) at their own page, where some things stand.

    What has not been told yet needs no telling. Returns how many notices that were.
    """
    rows = Notice.objects.filter(state=Notice.State.WAITING, person=person_id).exclude(kind="message")
    at_home = [kind.name for kind in KINDS.values() if kind.at_home]
    rows = rows.filter(thread=thread) if thread else rows.filter(kind__in=at_home)
    keys = list(rows.values_list("pk", flat=True))  # most page views stop here, with a read
    if not keys:
        return 0
    return Notice.objects.filter(pk__in=keys, state=Notice.State.WAITING).update(state=Notice.State.SEEN, seen_at=now)
