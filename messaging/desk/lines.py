"""Reports and talks in the words of the desk."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import User
from matching.desk.lines import Line
from matching.desk.queues import Queue
from matching.desk.talks import Talk
from matching.desk.words import waiting
from matching.models import Match
from messaging import rules, states
from messaging.models import Conversation, Message, Report
from places.models import Quarter

DANGERS = {
    "bank": _("Kontodaten"),
    "pin": _("Geheimzahl"),
    "gift": _("Gutscheinkarte"),
    "loan": _("Geld leihen"),
    "messenger": _("anderer Messenger"),
    "secret": _("Heimlichkeit"),
}
TONES = {states.OPEN: "stop", states.IN_WORK: "careful"}


def waiting_reports(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Report]:
    """Standing ones, new first, and those whose reporter has to be called."""
    rows = Report.objects.filter(quarter__in=quarters).waiting()
    return rows.select_related("about", "reporter", "quarter").order_by("-state", "made_at", "id")


def _not_too_near(rows: Any, worker: User) -> QuerySet:
    """Nobody is told on their own desk that they were reported."""
    return rows.away_from(worker)


def of_reports(rows: Sequence[Report], now: datetime) -> list[Line]:
    return [_report(row, now) for row in rows]


def _report(row: Report, now: datetime) -> Line:
    badge = row.get_state_display() if row.stands else gettext("bitte Bescheid geben")
    title = row.about.full_name if row.about else gettext("Meldung von außen")
    return Line(
        key=str(row.pk),
        href=reverse("office:report", args=[row.pk]),
        title=title,
        text=row.get_reason_display() if row.reason else row.get_kind_display(),
        waiting=waiting(row.made_at, now),
        quarter=row.quarter.name,
        badge=str(badge),
        tone=TONES.get(row.state, "careful"),
    )


REPORTS = Queue(
    "meldungen",
    _("Meldungen"),
    _("Jemandem war etwas unangenehm. Bitte zuerst ansehen."),
    _("Zurzeit liegt keine Meldung vor."),
    waiting_reports,
    of_reports,
    apart=_not_too_near,
)


def describe_talks(matches: Sequence[Match], worker: User) -> dict[UUID, Talk]:
    """How the talks of these matches stand, for a worker: states and counts, no text."""
    keys = [match.pk for match in matches]
    talks = list(Conversation.objects.filter(match__in=keys).select_related("match__request__quarter"))
    apart = rules.pairs_apart({member for talk in talks for member in talk.member_ids})
    said, counts, reports = _said(talks), _cautions(talks), _reports(talks, worker)
    with roles.asked_once():
        return {
            talk.match_id: Talk(
                *_stand(talk, frozenset(talk.member_ids) in apart, said[talk.pk]),
                [(DANGERS[kind], number) for kind, number in counts[talk.pk].most_common() if kind in DANGERS],
                reports.get(talk.pk, []),
                talk.paused_at is not None,
                _pause(talk, worker),
            )
            for talk in talks
        }


def _pause(talk: Conversation, worker: User) -> str:
    return reverse("office:pause", args=[talk.match_id]) if rules.may_pause(worker, talk.match) else ""


def _said(talks: Sequence[Conversation]) -> Counter[UUID]:
    """How many messages people wrote in each talk."""
    rows = Message.objects.spoken().filter(conversation__in=talks).order_by()
    return Counter(dict(rows.values_list("conversation").annotate(number=Count("pk"))))


def _stand(talk: Conversation, is_apart: bool, said: int) -> tuple[str, str]:
    if talk.paused_at:
        return gettext("ruht, vom Büro angehalten"), "careful"
    if is_apart:
        return gettext("zu, eine Seite möchte keinen Kontakt"), "careful"
    if not rules.is_open(talk, timezone.now()):
        return gettext("geschlossen"), "calm"
    words = ngettext("offen, %(number)s Nachricht", "offen, %(number)s Nachrichten", said) % {"number": said}
    return words, "good"


def _cautions(talks: Sequence[Conversation]) -> dict[UUID, Counter[str]]:
    """How many messages looked like which danger; also those taken back since."""
    found: dict[UUID, Counter[str]] = {talk.pk: Counter() for talk in talks}
    rows = Message.objects.filter(conversation__in=list(found)).exclude(cautions="")
    for talk, kinds in rows.values_list("conversation", "cautions"):
        found[talk].update(kinds.split())
    return found


def _reports(talks: Sequence[Conversation], worker: User) -> dict[UUID, list[tuple[str, str]]]:
    found: dict[UUID, list[tuple[str, str]]] = {}
    rows = Report.objects.on_desk_of(worker).filter(conversation__in=talks).order_by("made_at", "id")
    for row in rows:
        words = gettext("Meldung, %(state)s") % {"state": row.get_state_display()}
        found.setdefault(row.conversation_id, []).append((words, reverse("office:report", args=[row.pk])))  # type: ignore[arg-type]
    return found
