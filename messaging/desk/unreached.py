"""Whom the office has to tell: a queue of the desk, and a source of its call list."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching import calls
from matching.desk import queues, words
from matching.desk.lines import Line
from matching.models import Match
from messaging import actions
from messaging.actions.arrivals import UNDELIVERED
from messaging.models import Notice
from messaging.outbox.kinds import KINDS
from places.models import Quarter

State = Notice.State
KEY = "bescheid"
OPEN = (State.FAILED, State.TO_CALL, State.TO_PRINT)
BADGES: dict[str, tuple[Any, str]] = {
    State.FAILED: (_("nicht zugestellt"), "stop"),
    State.TO_CALL: (_("anrufen"), "calm"),
    State.TO_PRINT: (_("Brief"), "calm"),
}
CALL_WITHIN = timedelta(days=1)


def unreached(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Notice]:
    """What did not arrive first, then calls and letters; the oldest on top."""
    rows = Notice.objects.filter(state__in=OPEN, person__quarter__in=quarters, person__is_active=True)
    return rows.select_related("person__quarter").order_by("state", "written_at", "id")


def lines(rows: Sequence[Notice], now: datetime) -> list[Line]:
    return [_line(row, now) for row in rows]


def _line(row: Notice, now: datetime) -> Line:
    badge, tone = BADGES[row.state]
    return Line(
        key=str(row.pk),
        href=reverse("messaging:notice", args=[row.pk]),
        title=row.person.full_name,
        text=str(KINDS[row.kind].to_office),
        waiting=words.waiting(row.written_at, now),
        quarter=row.person.quarter.name if row.person.quarter else "",
        badge=str(badge),
        tone=tone,
    )


def to_call(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Notice]:
    return unreached(quarters, now).filter(state=State.TO_CALL)


def call_lines(rows: Sequence[Notice], now: datetime) -> list[calls.CallLine]:
    matches = Match.objects.in_bulk({row.thread for row in rows if row.thread})
    return [_call(row, matches.get(row.thread)) for row in rows if row.person.quarter]


def _call(row: Notice, match: Match | None) -> calls.CallLine:
    assert row.person.quarter is not None  # those without are no lines
    louder, why = _why(row)
    return calls.CallLine(
        kind=KEY,
        about=str(row.pk).replace("-", ""),
        person=row.person,
        quarter=row.person.quarter,
        why=why,
        say=tuple(part for part in (louder, str(KINDS[row.kind].to_office)) if part),
        answers=(calls.Answer("told", _("Weiß Bescheid"), partial(_called, row.pk), kind="primary"),),
        until=row.until or row.written_at + CALL_WITHIN,
        request_id=match.request_id if match else None,
        pair=frozenset((match.resident_id, match.volunteer_id)) if match else frozenset((row.person_id,)),
    )


def _why(row: Notice) -> tuple[str, str]:
    """What to say first ("" where nothing was tried), and why they are called."""
    if row.problem == UNDELIVERED:
        return gettext("Unsere SMS kam nicht an. Bitte nach der richtigen Nummer fragen."), gettext(
            "die SMS kam nicht an"
        )
    if row.used:
        said = gettext("Auf unsere Nachricht kam noch keine Antwort.")
        return said, gettext("hat auf eine Nachricht nicht geantwortet")
    return "", gettext("möchte angerufen werden")


def _called(pk: UUID, *, by: User, now: datetime, said: dict[str, Any]) -> Notice:
    return actions.mark_called(notice_id=pk, by=by, now=now)


def register() -> None:
    """Called once, when the house is put together."""
    queues.add(
        queues.Queue(
            KEY,
            _("Bescheid sagen"),
            _("Nicht zugestellt, oder die Person möchte einen Anruf oder einen Brief."),
            _("Zurzeit ist allen Bescheid gesagt."),
            unreached,
            lines,
            page="messaging:undelivered",
        )
    )
    calls.register(
        calls.Source(KEY, _("Bescheid sagen"), to_call, lambda person: Q(person=person), call_lines),
    )
