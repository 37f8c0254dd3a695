"""Regular times that came to an end, for whoever has only a telephone; letters are printed by the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.reach import by_call, only_by_letter
from matching import states
from matching.arranging import in_words
from matching.calls.registry import CallLine, Source
from matching.calls.sources.common import heard, line, other, to_tell, untold, with_told
from matching.models import Series
from places.models import Quarter

A_DAY = timedelta(days=1)
WITHIN = timedelta(days=14)


def series_over(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Series]:
    """Regular times agreed on were ended by somebody else, and the pair goes on."""
    rows = Series.objects.filter(match__request__quarter__in=quarters, match__state=states.CONFIRMED)
    over = rows.filter(agreed_at__isnull=False, ended_by__isnull=False, ended_at__gte=now - WITHIN)
    return with_told(over, "reihe").filter(untold("match__", reached=by_call)).order_by("ended_at", "id")


def lines_of(rows: Sequence[Series], now: datetime) -> list[CallLine]:
    hear = ((row, person) for row in rows for person in to_tell(row, row.match, row.ended_by_id))
    return [_series_over(row, person, now) for row, person in hear if not only_by_letter(person)]


def _series_over(row: Series, person: User, now: datetime) -> CallLine:
    name = {"name": other(row.match, person).first_name, "when": in_words(row)}
    reason = (gettext("Der Grund: „%(text)s“") % {"text": row.end_reason},) if row.end_reason else ()
    return line(
        "reihe",
        row,
        person,
        row.match,
        why=gettext("die regelmäßigen Termine mit %(name)s sind zu Ende") % name,
        say=(
            gettext("Die regelmäßigen Termine mit %(name)s sind beendet: %(when)s.") % name,
            *reason,
            gettext("Die Vermittlung bleibt. Einen neuen Termin machen Sie miteinander aus, oder wir helfen dabei."),
        ),
        answers=heard(_("Weiß Bescheid")),
        until=(row.ended_at or now) + A_DAY,
        badge=gettext("fällt aus"),
        tone="stop",
    )


def _of(person: User) -> Q:
    return Q(match__resident=person) | Q(match__volunteer=person)


SOURCES = (Source("reihe", _("Regelmäßige Termine sind zu Ende"), series_over, _of, lines_of, told=True),)
