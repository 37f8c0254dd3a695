"""A volunteer who is asked, and a resident for whom somebody said yes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.reach import by_phone
from matching import actions, states
from matching.calls.registry import Answer, CallLine, Source
from matching.calls.sources.common import help_in_words, line, moment
from matching.models import Match
from places.models import Quarter

A_DAY = timedelta(days=1)


def asked(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Asked, with only a telephone, the deadline ahead and a place still free."""
    free = Q(request__accepted_helpers__lt=F("request__helpers_needed"), deadline__gte=now)
    rows = Match.objects.filter(by_phone("volunteer"), free, state=states.ASKED, request__quarter__in=quarters)
    return rows.for_cards().order_by("deadline", "id")


def found(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Somebody said yes to a resident who has only a telephone."""
    waiting = {"state": states.ACCEPTED, "needs_review": False}
    rows = Match.objects.filter(by_phone("resident"), request__quarter__in=quarters, **waiting)
    return rows.for_cards().order_by("accepted_at", "id")


def _asked(row: Match, now: datetime) -> CallLine:
    name = {"name": row.resident.first_name}
    assert row.deadline is not None  # the database says so of everybody asked
    return line(
        "gefragt",
        row,
        row.volunteer,
        row,
        why=gettext("ist gefragt, ob sie oder er %(name)s hilft") % name,
        say=(
            gettext("%(name)s wohnt in Ihrer Nähe und bittet um Hilfe.") % name,
            *help_in_words(row.request, now),
            gettext("Möchten Sie das übernehmen?"),
            gettext("Eine Antwort brauchen wir bis %(moment)s.") % {"moment": moment(row.deadline, now)},
        ),
        answers=(
            Answer("yes", _("Sagt ja"), partial(_move, row, "accept"), kind="primary"),
            Answer("no", _("Diesmal nicht"), partial(_move, row, "decline")),
        ),
        until=row.deadline,
    )


def _found(row: Match, now: datetime) -> CallLine:
    name = {"name": row.volunteer.first_name}
    about = row.volunteer.volunteer_profile.about if hasattr(row.volunteer, "volunteer_profile") else ""
    said = (gettext("Über sich sagt %(name)s: „%(text)s“") % {**name, "text": about},) if about else ()
    return line(
        "gefunden",
        row,
        row.resident,
        row,
        why=gettext("%(name)s möchte helfen") % name,
        say=(
            gettext("Wir haben jemanden für Sie gefunden: %(name)s möchte Ihnen helfen.") % name,
            *help_in_words(row.request, now)[:2],
            *said,
            gettext(
                "Wenn Sie ja sagen, bekommt %(name)s Ihren Namen und Ihre Adresse. "
                "Andere, die helfen, sehen beides nicht."
            )
            % name,
            gettext("Ist Ihnen das recht?"),
        ),
        answers=(
            Answer("yes", _("Ja, gerne"), partial(_move, row, "confirm"), kind="primary"),
            Answer("no", _("Lieber jemand anderes"), partial(_move, row, "refuse")),
        ),
        until=(row.accepted_at or now) + A_DAY,
    )


def _move(row: Match, move: str, *, by: User, now: datetime, said: dict[str, Any]) -> None:
    """The verb of the page, on the spoken word; the version guards against a line that is older than the match."""
    reason = said.get("reason", "")
    actions.move_match(match_id=row.pk, move=move, by=by, now=now, spoken=True, version=row.version, reason=reason)


SOURCES = (
    Source(
        "gefragt",
        _("Ob sie helfen"),
        asked,
        lambda person: Q(volunteer=person),
        lambda rows, now: [_asked(row, now) for row in rows],
    ),
    Source(
        "gefunden",
        _("Jemand ist gefunden"),
        found,
        lambda person: Q(resident=person),
        lambda rows, now: [_found(row, now) for row in rows],
    ),
)
