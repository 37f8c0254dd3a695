"""
What somebody with only a telephone has to hear: found, called off, ended, not needed.

No state says that they know, so each line stays until a call says so, for some days.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, UUIDField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.reach import by_call, by_phone, only_by_letter
from matching import states, words
from matching.calls.registry import CallLine, Source
from matching.calls.sources.common import (
    heard,
    help_in_words,
    key,
    line,
    other,
    span,
    spoken_to,
    to_tell,
    told,
    untold,
    with_told,
)
from matching.models import Appointment, HelpRequest, Match, MatchEvent
from matching.models.matches import LEFT
from places.models import Quarter

A_DAY = timedelta(days=1)
WITHIN = timedelta(days=14)
THANKED_WITHIN = timedelta(days=7)


def confirmed(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """A pair is sure: the volunteer hears it, and the resident where somebody they trust said yes for them."""
    rows = _matches(quarters, "bestaetigt").filter(state=states.CONFIRMED, confirmed_at__gte=now - WITHIN)
    said = MatchEvent.objects.filter(match=OuterRef("pk"), move="confirm", spoken=True)
    rows = rows.annotate(resident_said=Exists(said))
    volunteer = by_call("volunteer") & Q(told_volunteer=False)
    resident = by_call("resident") & Q(told_resident=False, resident_said=False)
    return rows.filter(volunteer | resident).order_by("confirmed_at", "id")


def ended(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Ended early by somebody else."""
    end = MatchEvent.objects.filter(match=OuterRef("pk"), move="end").order_by("-at", "-id")
    rows = _matches(quarters, "beendet").filter(state=states.ENDED, ended_at__gte=now - WITHIN)
    rows = rows.annotate(ended_by=Subquery(end.values("by")[:1], output_field=UUIDField()))
    return rows.filter(untold()).order_by("ended_at", "id")


def not_needed(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Whoever is owed thanks, where it did not come to it."""
    over = {"state__in": [states.CLOSED, states.REFUSED, states.REJECTED], "ended_at__gte": now - THANKED_WITHIN}
    rows = _matches(quarters, "danke").filter(by_phone("volunteer"), thanks_owed(), **over)
    return rows.filter(told_volunteer=False).exclude(end_reason=LEFT).order_by("ended_at", "id")


def thanks_owed() -> Q:
    """Said yes, or was spoken to and thought it over. Whom nobody reached was not kept waiting."""
    return Q(accepted_at__isnull=False) | Q(spoken_to("gefragt", "volunteer"))


def agreed(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Appointment]:
    """The other side agreed to a time."""
    rows = _visits(quarters, "verabredet").filter(state=states.AGREED, start__gt=now, agreed_by__isnull=False)
    return rows.filter(untold("match__"), arrived_at__isnull=True).order_by("start", "id")


def called_off(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Appointment]:
    """An agreed visit, still ahead, was called off by somebody else."""
    gone = {"state": states.CANCELLED, "agreed_at__isnull": False, "cancelled_by__isnull": False, "start__gt": now}
    return _visits(quarters, "abgesagt").filter(untold("match__"), **gone).order_by("start", "id")


def lapsed(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Nobody was found in time."""
    rows = HelpRequest.objects.filter(by_phone("resident"), state=states.LAPSED, quarter__in=quarters)
    over = rows.filter(~told("abgelaufen", "resident"), ended_at__gte=now - THANKED_WITHIN)
    return over.for_cards().order_by("ended_at", "id")


def _matches(quarters: Sequence[Quarter], kind: str) -> QuerySet[Match]:
    rows = Match.objects.filter(request__quarter__in=quarters).for_cards()
    return rows.annotate(told_resident=told(kind, "resident"), told_volunteer=told(kind, "volunteer"))


def _visits(quarters: Sequence[Quarter], kind: str) -> QuerySet[Appointment]:
    return with_told(Appointment.objects.filter(match__request__quarter__in=quarters), kind)


def lines_of_confirmed(rows: Sequence[Match], now: datetime) -> list[CallLine]:
    return [
        _confirmed(row, person, now)
        for row in rows
        for person in to_tell(row, row, row.resident_id if row.resident_said else None)  # type: ignore[attr-defined]
        if not only_by_letter(person)
    ]


def _confirmed(row: Match, person: User, now: datetime) -> CallLine:
    name = {"name": other(row, person).first_name}
    helps = person.pk == row.volunteer_id
    word = gettext("Das Kennwort an der Tür ist „%(word)s“.") % {"word": row.code_word}
    came = gettext("%(name)s freut sich auf Ihre Hilfe.") if helps else gettext("%(name)s hilft Ihnen.")
    door = gettext("Bitte notieren Sie Name und Adresse. Beides gilt, bis die Hilfe zu Ende ist.")
    return line(
        "bestaetigt",
        row,
        person,
        row,
        why=gettext("es klappt mit %(name)s") % name,
        say=(
            came % name,
            *help_in_words(row.request, now)[:2],
            *((door,) if helps else ()),
            *((word,) if row.code_word else ()),
            gettext("Den Termin machen Sie miteinander aus, oder wir helfen dabei."),
        ),
        answers=heard(_("Weiß Bescheid")),
        until=(row.confirmed_at or now) + A_DAY,
        reads=row.resident if helps else None,
    )


def lines_of_ended(rows: Sequence[Match], now: datetime) -> list[CallLine]:
    return [_ended(row, person) for row in rows for person in to_tell(row, row, _who_ended(row))]


def _who_ended(row: Match) -> object:
    """Whose word it was: a helper who stops may say so to the office."""
    return row.volunteer_id if row.end_reason == LEFT else row.ended_by  # type: ignore[attr-defined]


def _ended(row: Match, person: User) -> CallLine:
    name = {"name": other(row, person).first_name}
    asks = person.pk == row.resident_id
    thanks = gettext("Wir suchen für Sie jemand anderes.") if asks else gettext("Danke für Ihre Hilfe.")
    return line(
        "beendet",
        row,
        person,
        row,
        why=gettext("die Hilfe mit %(name)s ist zu Ende") % name,
        say=(gettext("Die Vermittlung mit %(name)s ist leider beendet.") % name, thanks),
        answers=heard(_("Weiß Bescheid")),
        until=(row.ended_at or row.proposed_at) + A_DAY,
        badge=gettext("beendet"),
        tone="careful",
    )


def _not_needed(row: Match) -> CallLine:
    said_yes = row.accepted_at is not None
    thanks = gettext("Danke, dass Sie helfen wollten.") if said_yes else gettext("Danke, dass Sie darüber nachdenken.")
    return line(
        "danke",
        row,
        row.volunteer,
        row,
        why=gettext("danken: diesmal nicht gebraucht") if said_yes else gettext("danken: nicht mehr nötig"),
        say=(thanks, gettext("Diesmal hat es sich schon erledigt. Wir fragen Sie gern wieder.")),
        answers=heard(_("Weiß Bescheid")),
        until=(row.ended_at or row.proposed_at) + 3 * A_DAY,
    )


def lines_of_visits(kind: str, rows: Sequence[Appointment], now: datetime) -> list[CallLine]:
    actor = "agreed_by_id" if kind == "verabredet" else "cancelled_by_id"
    say = _agreed if kind == "verabredet" else _called_off
    return [say(row, person, now) for row in rows for person in to_tell(row, row.match, getattr(row, actor))]


def _agreed(row: Appointment, person: User, now: datetime) -> CallLine:
    name = {"name": other(row.match, person).first_name, "time": span(row, now)}
    word = row.match.code_word
    code = (gettext("Das Kennwort an der Tür ist „%(word)s“.") % {"word": word},) if word else ()
    return line(
        "verabredet",
        row,
        person,
        row.match,
        why=gettext("der Termin mit %(name)s steht") % name,
        say=(
            gettext("Der Termin mit %(name)s steht: %(time)s.") % name,
            gettext("Treffpunkt: %(place)s.") % {"place": row.get_place_display()},
            *code,
        ),
        answers=heard(_("Weiß Bescheid")),
        until=row.start,
    )


def _called_off(row: Appointment, person: User, now: datetime) -> CallLine:
    name = {"name": other(row.match, person).first_name, "time": span(row, now)}
    because = row.cancel_reason
    reason = (gettext("Der Grund: „%(text)s“") % {"text": because},) if because else ()
    return line(
        "abgesagt",
        row,
        person,
        row.match,
        why=gettext("der Termin mit %(name)s fällt aus") % name,
        say=(gettext("Der Termin mit %(name)s fällt aus: %(time)s.") % name, *reason),
        answers=heard(_("Weiß Bescheid")),
        until=row.start,
        badge=gettext("fällt aus"),
        tone="stop",
    )


def _lapsed(row: HelpRequest) -> CallLine:
    return CallLine(
        kind="abgelaufen",
        about=key(row),
        person=row.resident,
        quarter=row.quarter,
        why=gettext("niemand gefunden"),
        say=(
            gettext("Es ging um: %(kinds)s.") % {"kinds": words.kinds(row.skills.all())},
            gettext("Wir haben in dieser Zeit leider niemanden gefunden. Das tut uns leid."),
            gettext("Sollen wir noch einmal suchen?"),
        ),
        answers=heard(_("Weiß Bescheid")),
        until=(row.ended_at or row.created_at) + A_DAY,
        request_id=row.pk,
        pair=frozenset((row.resident_id,)),
    )


def _of_pair(person: User) -> Q:
    return Q(resident=person) | Q(volunteer=person)


def _of_visit(person: User) -> Q:
    return Q(match__resident=person) | Q(match__volunteer=person)


SOURCES = (
    Source(
        "abgesagt",
        _("Ein Termin fällt aus"),
        called_off,
        _of_visit,
        lambda rows, now: lines_of_visits("abgesagt", rows, now),
        told=True,
    ),
    Source(
        "verabredet",
        _("Ein Termin steht"),
        agreed,
        _of_visit,
        lambda rows, now: lines_of_visits("verabredet", rows, now),
        told=True,
    ),
    Source("bestaetigt", _("Es klappt"), confirmed, _of_pair, lines_of_confirmed, told=True),
    Source("beendet", _("Hilfe ist zu Ende"), ended, _of_pair, lines_of_ended, told=True),
    Source(
        "danke",
        _("Danken"),
        not_needed,
        lambda person: Q(volunteer=person),
        lambda rows, now: [_not_needed(row) for row in rows],
        told=True,
    ),
    Source(
        "abgelaufen",
        _("Niemand gefunden"),
        lapsed,
        lambda person: Q(resident=person),
        lambda rows, now: [_lapsed(row) for row in rows],
        told=True,
    ),
)
