"""What a worker does with a line: enter the answer, note that nobody answered, hand it over, leave a note."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.database import find
from core.errors import Invalid, NotAllowed, NotVisible
from matching.calls import hours
from matching.calls.book import Entry, one, to_tell
from matching.calls.registry import CallLine
from matching.models import Call, HelpRequest
from places.models import Quarter

KEPT = timedelta(days=182)
LONGEST_NOTE = 200
_log = logging.getLogger("gemeinsinn.matching")


@transaction.atomic
def answer(
    *, kind: str, about: str, person_id: object, name: str, by: User, now: datetime, said: dict[str, Any] | None = None
) -> Call:
    """
    What the person said on the telephone: calls the verb of this answer, and keeps that there was a call.

    `said`: `note`, `start` (aware, for another time). Raises NotVisible (the line is through), Invalid (no
    such answer, or its time is missing), and whatever the verb raises; then no call is kept either.
    """
    words = said or {}
    line = _line(kind, about, person_id, by, now).line
    chosen = next((one for one in line.answers if one.name == name), None)
    if chosen is None:
        raise Invalid(_("Bitte wählen Sie eine der Antworten."))
    if chosen.asks == "time" and not words.get("start"):
        raise Invalid(fields={"start": [_("Bitte geben Sie Tag und Uhrzeit an.")]})
    chosen.do(by=by, now=now, said=words)
    return _keep(line, by, now, outcome=Call.Outcome.ANSWERED, answer=name, note=_note(words), **_way(words))


@transaction.atomic
def missed(
    *,
    kind: str,
    about: str,
    person_id: object,
    by: User,
    now: datetime,
    next_at: datetime | None = None,
    note: str = "",
) -> Call:
    """
    Nobody answered; tried again at `next_at`, or at the next hour that suits the person. Raises NotVisible.

    A `next_at` for which it would be too late is none: then the line would be gone before anybody tried.
    """
    line = _line(kind, about, person_id, by, now).line
    return _missed(line, by, now, next_at=next_at, note=note)


@transaction.atomic
def missed_all(*, kind: str, about: str, person_id: object, by: User, now: datetime) -> list[Call]:
    """
    Nobody answered the telephone: counted at the line, and at everything else `by` had to tell this person.

    Each is tried again at the next hour that suits the person. Raises NotVisible.
    """
    line = _line(kind, about, person_id, by, now).line
    others = to_tell(line.person, list(roles.quarters_of(by)), reader=by, now=now)
    lines = {line.key: line} | {entry.line.key: entry.line for entry in others}
    return [_missed(one, by, now) for one in lines.values()]


@transaction.atomic
def hand_over(
    *, kind: str, about: str, person_id: object, to_id: object, by: User, now: datetime, note: str = ""
) -> Call:
    """A colleague of the same quarter takes the line over, or `by` themselves. Raises NotVisible, NotAllowed."""
    line = _line(kind, about, person_id, by, now).line
    to = find(User.objects.all(), to_id)
    if not roles.works_in(to, line.quarter) or to.pk in line.pair:
        raise NotAllowed
    return _keep(line, by, now, outcome=Call.Outcome.HANDED, to=to, note=note)


@transaction.atomic
def leave_note(*, kind: str, about: str, person_id: object, by: User, now: datetime, note: str) -> Call:
    """A word for the next call. Raises NotVisible, Invalid."""
    line = _line(kind, about, person_id, by, now).line
    if not note.strip():
        raise Invalid(fields={"note": [_("Bitte schreiben Sie eine kurze Notiz.")]})
    return _keep(line, by, now, outcome=Call.Outcome.NOTED, note=note)


def note_incoming(*, person: User, by: User, now: datetime, request: HelpRequest | None = None, note: str = "") -> Call:
    """Somebody rang the office: about a request that was taken down, or with a word to note. Raises NotVisible."""
    quarter = request.quarter if request else person.quarter
    if quarter is None or not roles.works_in(by, quarter):
        raise NotVisible
    if request is None and not note.strip():
        raise Invalid(fields={"note": [_("Bitte schreiben Sie eine kurze Notiz.")]})
    outcome = Call.Outcome.ANSWERED if request else Call.Outcome.NOTED
    return Call.objects.create(
        person=person,
        by=by,
        quarter=quarter,
        at=now,
        incoming=True,
        request=request,
        outcome=outcome,
        answer="request" if request else "",
        note=_short(note),
        delete_on=_until(now),
    )


def colleagues(line: CallLine) -> Sequence[User]:
    """Who works in the line's quarter, by name."""
    return [person for person in roles.workers_of(line.quarter) if person.pk not in line.pair]


def _line(kind: str, about: str, person_id: object, by: User, now: datetime) -> Entry:
    quarters: list[Quarter] = list(roles.quarters_of(by))
    return one(kind, about, person_id, quarters, reader=by, now=now)


def _missed(line: CallLine, by: User, now: datetime, *, next_at: datetime | None = None, note: str = "") -> Call:
    too_late = next_at and now < line.until <= next_at
    again = next_at if next_at and not too_late else hours.next_try(line.person, now=now, until=line.until)
    return _keep(line, by, now, outcome=Call.Outcome.MISSED, next_at=again, note=note)


def _keep(line: CallLine, by: User, now: datetime, *, note: str = "", **what: Any) -> Call:
    found = Call.objects.create(
        person=line.person,
        by=by,
        quarter=line.quarter,
        at=now,
        kind=line.kind,
        about=line.about,
        request_id=line.request_id,
        note=_short(note),
        delete_on=_until(now),
        **what,
    )
    _log.info("call kind=%s outcome=%s person=%s by=%s", line.kind, found.outcome, line.person.pk, by.pk)
    return found


def _note(words: dict[str, Any]) -> str:
    return str(words.get("note", ""))


def _way(words: dict[str, Any]) -> dict[str, bool]:
    return {"incoming": bool(words.get("incoming"))}


def _short(note: str) -> str:
    if "\x00" in note:
        raise Invalid(fields={"note": [_("Dieser Text enthält Zeichen, die wir nicht speichern können.")]})
    return " ".join(note.split())[:LONGEST_NOTE]


def _until(now: datetime):
    return timezone.localdate(now) + KEPT
