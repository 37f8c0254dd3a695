"""The reminder before a visit, the visit nobody heard of, the two questions after it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.reach import by_call
from matching import actions, states
from matching.calls.registry import Answer, CallLine, Source
from matching.calls.sources.common import line, other, span
from matching.models import Appointment, CheckIn, Reminder
from places.models import Quarter

NOT_THERE = timedelta(minutes=30)  # after the start of a visit
NOT_OVER = timedelta(hours=2)  # after its planned end
ASK_WITHIN = timedelta(days=3)


def to_remind(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Reminder]:
    """Who has only a telephone and an appointment soon."""
    due = Reminder.objects.filter(by_phone=True, done_at__isnull=True, due_at__lte=now)
    ahead = due.filter(
        appointment__state=states.AGREED, appointment__start__gt=now, appointment__arrived_at__isnull=True
    )
    here = ahead.filter(appointment__match__request__quarter__in=quarters)
    pair = ("appointment__match__resident", "appointment__match__volunteer", "appointment__match__request__quarter")
    return here.select_related("person__quarter", *pair).order_by("appointment__start", "id")


def late(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Appointment]:
    """Agreed and nobody said that they came; begun and nobody said that it is over."""
    missing = Q(arrived_at__isnull=True, start__lt=now - NOT_THERE)
    lost = Q(arrived_at__isnull=False, end__lt=now - NOT_OVER)
    agreed = Appointment.objects.filter(missing | lost, state=states.AGREED, match__state=states.CONFIRMED)
    return agreed.filter(match__request__quarter__in=quarters).for_lists()


def to_ask(quarters: Sequence[Quarter], now: datetime) -> QuerySet[CheckIn]:
    """The questions after a visit which somebody with only a telephone has not answered."""
    unanswered = Q(was_fine__isnull=True) | Q(again__isnull=True)
    rows = CheckIn.objects.filter(
        unanswered, by_call("person"), settled_at__isnull=True, match__request__quarter__in=quarters
    )
    together = rows.select_related("person", "match__request__quarter", "match__resident", "match__volunteer")
    return together.order_by("asked_at", "id")


def _last_of_each(rows: Sequence[Reminder]) -> list[Reminder]:
    """One call is enough: who was not called the day before is called about the hour."""
    last = {(row.appointment_id, row.person_id): row for row in sorted(rows, key=lambda row: row.due_at)}
    return sorted(last.values(), key=lambda row: (row.appointment.start, str(row.pk)))


def _reminder(row: Reminder, now: datetime) -> CallLine:
    visit = row.appointment
    name = {"name": other(visit.match, row.person).first_name}
    word = visit.match.code_word
    code = (gettext("Das Kennwort an der Tür ist „%(word)s“.") % {"word": word},) if word else ()
    return line(
        "erinnern",
        row,
        row.person,
        visit.match,
        why=gettext("an den Termin mit %(name)s erinnern") % name,
        say=(
            gettext("Ich möchte Sie an Ihren Termin erinnern: %(time)s, mit %(name)s.")
            % {**name, "time": span(visit, now)},
            gettext("Treffpunkt: %(place)s.") % {"place": visit.get_place_display()},
            *code,
            gettext("Bleibt es dabei?"),
        ),
        answers=(
            Answer("yes", _("Weiß Bescheid"), partial(_remind, row), kind="primary"),
            Answer("cancel", _("Sagt den Termin ab"), partial(_call_off, row)),
        ),
        until=visit.start,
        badge=gettext("in einer Stunde") if row.kind == Reminder.Kind.HOUR else "",
        tone="careful",
    )


def _late(row: Appointment, now: datetime) -> CallLine:
    match = row.match
    person = match.volunteer if match.volunteer.phone or not match.resident.phone else match.resident
    names = {"volunteer": match.volunteer.first_name, "resident": match.resident.first_name, "time": span(row, now)}
    arrived = row.arrived_at is not None
    answers = () if arrived else (Answer("there", _("Ist da"), partial(_visit, actions.arrive, row)),)
    called_off = () if arrived else (Answer("cancelled", _("Ist ausgefallen"), partial(_cancel, row)),)
    return line(
        "besuch",
        row,
        person,
        match,
        why=gettext("Besuch bei %(resident)s nicht fertig gemeldet") % names
        if arrived
        else gettext("Besuch bei %(resident)s nicht gemeldet") % names,
        say=(
            gettext("%(volunteer)s wollte %(resident)s besuchen: %(time)s.") % names,
            gettext("Wir haben davon noch nichts gehört. Hat alles geklappt?"),
        ),
        answers=(
            Answer("done", _("Hat stattgefunden, ist fertig"), partial(_visit, actions.finish, row), kind="primary"),
            *answers,
            *called_off,
        ),
        until=row.end if arrived else row.start,
        badge=gettext("nicht fertig gemeldet") if arrived else gettext("nicht angekommen"),
        tone="stop",
    )


def _check_in(row: CheckIn, now: datetime) -> CallLine:
    name = {"name": other(row.match, row.person).first_name}
    both = (
        ("fine-again", _("Alles gut, gern wieder"), True, True, "primary"),
        ("fine-enough", _("Alles gut, aber nicht wieder"), True, False, "secondary"),
        ("wrong-again", _("Etwas war nicht gut, trotzdem wieder"), False, True, "secondary"),
        ("wrong", _("Etwas war nicht gut, nicht wieder"), False, False, "stop"),
    )
    return line(
        "nachfrage",
        row,
        row.person,
        row.match,
        why=gettext("nach dem Besuch mit %(name)s") % name,
        say=(
            gettext("Sie haben sich mit %(name)s getroffen.") % name,
            gettext("War alles in Ordnung?"),
            gettext("Möchten Sie sich wiedersehen?"),
            gettext("%(name)s erfährt Ihre Antworten nicht.") % name,
        ),
        answers=tuple(
            Answer(slug, label, partial(_answer, row, fine, again), kind=kind)
            for slug, label, fine, again, kind in both
        ),
        until=row.asked_at + ASK_WITHIN,
    )


def _remind(row: Reminder, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    both = Reminder.objects.filter(appointment=row.appointment_id, person=row.person_id, by_phone=True, due_at__lte=now)
    for pk in both.filter(done_at__isnull=True).values_list("pk", flat=True):
        actions.mark_reminded(reminder_id=pk, by=by, now=now)


def _call_off(row: Reminder, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    reason = said.get("reason", "")
    actions.cancel_appointment(appointment_id=row.appointment_id, by=by, now=now, reason=reason, word_of=row.person)


def _visit(verb: Any, row: Appointment, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    verb(appointment_id=row.pk, by=by, now=now)


def _cancel(row: Appointment, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.cancel_appointment(appointment_id=row.pk, by=by, now=now, reason=said.get("reason", ""))


def _answer(row: CheckIn, fine: bool, again: bool, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.answer_check_in(check_in_id=row.pk, by=by, now=now, was_fine=fine, again=again)


def _of_pair(person: User) -> Q:
    return Q(match__resident=person) | Q(match__volunteer=person)


SOURCES = (
    Source(
        "besuch",
        _("Besuche ohne Meldung"),
        late,
        _of_pair,
        lambda rows, now: [_late(row, now) for row in rows],
    ),
    Source(
        "erinnern",
        _("An den Termin erinnern"),
        to_remind,
        lambda person: Q(person=person),
        lambda rows, now: [_reminder(row, now) for row in _last_of_each(rows)],
    ),
    Source(
        "nachfrage",
        _("Nach dem Besuch"),
        to_ask,
        lambda person: Q(person=person),
        lambda rows, now: [_check_in(row, now) for row in rows],
    ),
)
