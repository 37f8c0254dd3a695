"""
The queues of the desk as one table: `waiting.py` holds the querysets, `lines.py` turns their rows into words.

A count costs one query per queue, however long it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.calls.sources.visits import late, to_remind
from matching.desk import lines, waiting
from places.models import Quarter


@dataclass(frozen=True)
class Queue:
    """`rows` holds what waits, `lines` turns rows into words, `sort` orders what SQL cannot on both databases."""

    key: str
    title: Any
    hint: Any
    empty: Any
    rows: Callable[[Sequence[Quarter], datetime], QuerySet]
    lines: Callable[[Sequence[Any], datetime], list[lines.Line]]
    sort: Callable[[Sequence[Any], datetime], list] | None = None
    page: str = ""  # a page of its own that says more
    apart: Callable[[QuerySet, User], QuerySet] | None = None  # takes out what this worker stands too near to

    def waiting(self, quarters: Sequence[Quarter], worker: User, now: datetime) -> QuerySet:
        rows = self.rows(quarters, now)
        return self.apart(rows, worker) if self.apart else rows

    def in_order(self, quarters: Sequence[Quarter], worker: User, now: datetime) -> QuerySet | list:
        rows = self.waiting(quarters, worker, now)
        return self.sort(list(rows), now) if self.sort else rows


QUEUES: list[Queue] = [
    Queue(
        "freigaben",
        _("Freigaben"),
        _("Vorschläge und Angebote, über die ein Mensch entscheidet."),
        _("Zurzeit wartet kein Vorschlag auf Ihre Freigabe."),
        waiting.to_release,
        lines.of_matches,
    ),
    Queue(
        "zusagen",
        _("Antwort der Bewohner"),
        _("Jemand hat zugesagt. Wer nur ein Telefon hat, steht oben: bitte anrufen."),
        _("Zurzeit wartet keine Zusage auf die Antwort einer Bewohnerin oder eines Bewohners."),
        waiting.to_confirm,
        lines.of_promises,
    ),
    Queue(
        "ueberfaellig",
        _("Überfällig"),
        _("Wartet zu lange. Wartezeit und Dringlichkeit bestimmen die Reihenfolge."),
        _("Keine Bitte wartet zu lange."),
        waiting.overdue,
        lines.of_requests,
        waiting.by_need,
    ),
    Queue(
        "ohne-vorschlag",
        _("Ohne Vorschlag"),
        _("Offen, und niemand ist gefragt. Daneben der häufigste Grund."),
        _("Für jede offene Bitte ist jemand gefragt oder vorgeschlagen."),
        waiting.without_proposal,
        lines.of_unmatched,
    ),
    Queue(
        "fristen",
        _("Fristen heute"),
        _("Gefragt, noch keine Antwort, und die Frist endet heute."),
        _("Heute läuft keine Frist ab."),
        waiting.ending_today,
        lines.of_deadlines,
    ),
    Queue(
        "neue-leute",
        _("Neue Leute"),
        _("Möchten helfen und warten auf ein Gespräch mit Ihnen."),
        _("Alle, die helfen möchten, sind begrüßt."),
        waiting.new_people,
        lines.of_new_people,
    ),
    Queue(
        "faellig",
        _("Heute fällig"),
        _("Vorgemerkt bis heute oder früher."),
        _("Heute ist nichts fällig."),
        waiting.due,
        lines.of_follow_ups,
    ),
    Queue(
        "schritte",
        _("Läuft ab"),
        _("Etwas Geprüftes läuft bald ab oder ist abgelaufen. Bitte erneuern."),
        _("Zurzeit läuft nichts ab."),
        waiting.ending,
        lines.of_checks,
    ),
    Queue(
        "angehalten",
        _("Angehaltene Zugänge"),
        _("Eine zweite Person fehlt, ein Widerspruch wartet, oder jemand weiß es noch nicht."),
        _("Zurzeit ist über keinen Zugang zu entscheiden."),
        waiting.to_decide,
        lines.of_suspensions,
    ),
    Queue(
        "adressen",
        _("Adresse nicht gefunden"),
        _("Ohne Ort finden wir niemanden in der Nähe."),
        _("Alle Adressen sind gefunden."),
        waiting.places_not_found,
        lines.of_lost_places,
    ),
    Queue(
        "entwuerfe",
        _("Entwürfe"),
        _("Aufgenommen, aber noch nicht veröffentlicht."),
        _("Kein Entwurf liegt herum."),
        waiting.drafts,
        lines.of_drafts,
    ),
    Queue(
        "nicht-gefragt",
        _("Lange nicht gefragt"),
        _("Bereit zu helfen, und seit sechs Wochen hat niemand gefragt. Daneben, warum."),
        _("Alle, die helfen möchten, wurden in den letzten sechs Wochen gefragt."),
        waiting.long_unasked,
        lines.of_unasked,
        page="desk:unasked",
    ),
    Queue(
        "erinnern",
        _("Heute erinnern"),
        _("Haben nur ein Telefon und bald einen Termin. Bitte anrufen."),
        _("Zurzeit ist niemand an einen Termin zu erinnern."),
        to_remind,
        lines.of_reminders,
    ),
    Queue(
        "besuche",
        _("Besuche ohne Meldung"),
        _("Niemand hat gesagt, dass der Besuch begonnen hat oder zu Ende ist. Bitte nachfragen."),
        _("Von allen Besuchen haben wir gehört."),
        late,
        lines.of_visits,
    ),
    Queue(
        "nachfragen",
        _("Nach dem Besuch"),
        _("Ein Nein nach einem Besuch, und wen wir am Telefon fragen."),
        _("Nach keinem Besuch ist etwas offen."),
        waiting.to_check,
        lines.of_check_ins,
    ),
    Queue(
        "lange-kein-besuch",
        _("Lange kein Besuch"),
        _("Bestätigt, und seit 30 Tagen war niemand dort. Adresse und Nummer bleiben offen: bitte nachfragen."),
        _("Alle bestätigten Paare treffen sich."),
        waiting.quiet_pairs,
        lines.of_quiet_pairs,
    ),
]


def add(queue: Queue) -> None:
    """A floor above brings a queue of its own, high up; safe to say twice."""
    if all(known.key != queue.key for known in QUEUES):
        QUEUES.insert(1, queue)


def named(key: str) -> Queue:
    """The queue with this key; the first one for an unknown key."""
    return next((queue for queue in QUEUES if queue.key == key), QUEUES[0])
