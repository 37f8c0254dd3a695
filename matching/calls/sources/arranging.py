"""Times that wait for the answer of somebody who has only a telephone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import TrustedPerson, User
from accounts.reach import by_call, is_called, only_by_letter
from core.holidays import holidays_between
from matching import actions, states
from matching.actions.appointments import FURTHEST
from matching.actions.series import moment_of
from matching.arranging import in_words
from matching.calls.registry import Answer, CallLine, Source
from matching.calls.sources.common import key, line, moment, other, span
from matching.models import Appointment, Match, Series
from places.models import Quarter

HOUR = timedelta(hours=1)


def proposed(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Appointment]:
    """Single times, and several to choose from, which somebody with only a telephone has not answered."""
    return _waiting(quarters, now).filter(series__isnull=True)


def on_holidays(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Appointment]:
    """Visits of a series that had to be asked about."""
    return _waiting(quarters, now).filter(series__isnull=False)


def regular(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Series]:
    """Regular times proposed and not answered."""
    pair = Q(match__state=states.CONFIRMED, match__request__quarter__in=quarters)
    rows = Series.objects.running().filter(pair, _one_by_phone(), agreed_at__isnull=True)
    return _with_pair(rows.annotate(by_trusted=_by_trusted())).order_by("created_at", "id")


def _waiting(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Appointment]:
    pair = Q(match__state=states.CONFIRMED, match__request__quarter__in=quarters)
    rows = Appointment.objects.filter(pair, _one_by_phone(), state=states.PROPOSED, start__gt=now)
    return _with_pair(rows.annotate(by_trusted=_by_trusted())).order_by("start", "id")


def _one_by_phone() -> Q:
    return by_call("match__resident") | by_call("match__volunteer")


def _by_trusted() -> Exists:
    """Was it proposed by somebody whom the resident trusts?"""
    rows = TrustedPerson.objects.ever_acting()
    return Exists(rows.filter(resident=OuterRef("match__resident"), person=OuterRef("proposed_by")))


def _with_pair(rows: QuerySet) -> QuerySet:
    return rows.select_related("match__resident", "match__volunteer", "match__request__quarter")


def _to_ask(row: Appointment | Series) -> list[User]:
    """Who has not said yes and has only a telephone: the other side, or both where nobody proposed it."""
    match: Match = row.match
    if row.proposed_by_id == match.volunteer_id:
        sides = [match.resident]
    elif row.proposed_by_id == match.resident_id or row.by_trusted:  # type: ignore[union-attr]
        sides = [match.volunteer]
    else:
        sides = [match.resident, match.volunteer]
    return [person for person in sides if is_called(person) and not only_by_letter(person)]


def lines_of_times(rows: Sequence[Appointment], now: datetime) -> list[CallLine]:
    """Times proposed together are one line, with one answer for each of them."""
    together: dict[UUID, list[Appointment]] = {}
    for row in rows:
        together.setdefault(row.offer or row.pk, []).append(row)
    return [_times(times, person, now) for times in together.values() for person in _to_ask(times[0])]


def _times(times: list[Appointment], person: User, now: datetime) -> CallLine:
    first = times[0]
    name = {"name": other(first.match, person).first_name}
    spans = [span(row, now) for row in times]
    one_of = (
        gettext("%(name)s schlägt diese Zeit vor: %(times)s.")
        if len(times) == 1
        else gettext("%(name)s schlägt mehrere Zeiten vor: %(times)s.")
    )
    suits = gettext("Passt Ihnen das?") if len(times) == 1 else gettext("Was passt Ihnen davon?")
    agrees = [
        # named by its row: between page and answer another time may have come or gone
        Answer(
            f"agree-{key(row)[:8]}",
            gettext("Passt: %(time)s") % {"time": said},
            partial(_agree, row, person),
            "primary",
        )
        for row, said in zip(times, spans, strict=True)
    ]
    return line(
        "zeit",
        first,
        person,
        first.match,
        why=gettext("Termin mit %(name)s") % name,
        say=(
            one_of % {**name, "times": "; ".join(spans)},
            gettext("Treffpunkt: %(place)s.") % {"place": first.get_place_display()},
            suits,
        ),
        answers=(
            *agrees,
            Answer("none", _("Passt nicht"), partial(_decline, first, person)),
            Answer("other", _("Lieber eine andere Zeit"), partial(_other_time, first, person), asks="time"),
        ),
        until=first.start - HOUR,
    )


def lines_of_holidays(rows: Sequence[Appointment], now: datetime) -> list[CallLine]:
    return [_holiday(row, person, now) for row in rows for person in _to_ask(row)]


def _holiday(row: Appointment, person: User, now: datetime) -> CallLine:
    name = {"name": other(row.match, person).first_name}
    day = timezone.localdate(row.start)
    because = (
        gettext("An diesem Tag ist Feiertag.") if day in holidays_between(day, day)
        else gettext("Zu dieser Zeit gibt es schon einen anderen Termin.")
    )  # fmt: skip
    return line(
        "feiertag",
        row,
        person,
        row.match,
        why=gettext("regelmäßiger Termin mit %(name)s am Feiertag oder doppelt belegt") % name,
        say=(
            gettext("Sie treffen sonst %(name)s: %(time)s.") % {**name, "time": span(row, now)},
            because,
            gettext("Soll der Termin trotzdem stattfinden?"),
        ),
        answers=(
            Answer("yes", _("Ja, trotzdem"), partial(_agree, row, person), kind="primary"),
            Answer("no", _("Nein, fällt aus"), partial(_cancel, row, person)),
        ),
        until=row.start - HOUR,
    )


def lines_of_series(rows: Sequence[Series], now: datetime) -> list[CallLine]:
    return [_series(row, person, now) for row in rows for person in _to_ask(row)]


def _series(row: Series, person: User, now: datetime) -> CallLine:
    name = {"name": other(row.match, person).first_name}
    first = moment(moment_of(row, row.first_on), now)
    return line(
        "serie",
        row,
        person,
        row.match,
        why=gettext("regelmäßiger Termin mit %(name)s") % name,
        say=(
            gettext("%(name)s schlägt vor, sich regelmäßig zu treffen: %(when)s.") % {**name, "when": in_words(row)},
            gettext("Zum ersten Mal %(moment)s.") % {"moment": first},
            gettext("Passt Ihnen das?"),
        ),
        answers=(
            Answer("yes", _("Ja, passt"), partial(_agree_series, row, person), kind="primary"),
            Answer("no", _("Passt nicht"), partial(_end_series, row, person)),
        ),
        until=row.created_at + timedelta(days=2),
    )


def _agree(row: Appointment, person: User, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.agree_appointment(appointment_id=row.pk, by=by, now=now, word_of=person)


def _decline(row: Appointment, person: User, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.decline_times(appointment_id=row.pk, by=by, now=now, word_of=person)


def _cancel(row: Appointment, person: User, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.cancel_appointment(appointment_id=row.pk, by=by, now=now, word_of=person)


def _other_time(row: Appointment, person: User, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    """The times proposed fall away, and the one wished on the telephone is proposed to the other side."""
    start = said["start"]
    length = row.end - row.start if start <= now + FURTHEST else timedelta()  # year 9999 has no hour after the last
    times = [(start, start + length)]
    actions.decline_times(appointment_id=row.pk, by=by, now=now, word_of=person)
    actions.propose_times(match_id=row.match_id, times=times, by=by, now=now, place=row.place, word_of=person)


def _agree_series(row: Series, person: User, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.agree_series(series_id=row.pk, by=by, now=now, word_of=person)


def _end_series(row: Series, person: User, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    actions.end_series(series_id=row.pk, by=by, now=now, word_of=person)


def _of(person: User) -> Q:
    return Q(match__resident=person) | Q(match__volunteer=person)


SOURCES = (
    Source("zeit", _("Ein Termin ist vorgeschlagen"), proposed, _of, lines_of_times),
    Source("feiertag", _("Regelmäßiger Termin fraglich"), on_holidays, _of, lines_of_holidays),
    Source("serie", _("Regelmäßige Termine vorgeschlagen"), regular, _of, lines_of_series),
)
