"""
What waits on the desk: queues, each a queryset over the worker's quarters, in the order to take things up.

A count costs one query per queue, however long it is. `lines.py` turns the rows into words.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import FollowUp, Suspension, User, Vetting, VolunteerProfile
from accounts.states import APPEALED, PAUSED
from matching import states
from matching.calls.sources.visits import late, to_remind
from matching.desk import lines, scope, steps
from matching.desk.unasked import UNASKED
from matching.models import CheckIn, HelpRequest, Match
from places.models import Place, Quarter


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


def new_people(quarters: Sequence[Quarter], now: datetime) -> QuerySet[VolunteerProfile]:
    """Volunteers nobody has met yet."""
    waiting = VolunteerProfile.objects.filter(welcomed_at__isnull=True, user__quarter__in=quarters)
    here = waiting.filter(user__is_active=True, user__suspended_at__isnull=True)
    return here.select_related("user__quarter").order_by("user__joined_at", "id")


def to_release(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """
    Proposals to release, and self-offers and first pairs to let through to the resident.

    A proposal for a place that somebody said yes to waits unseen until the place is free again.
    """
    free = Q(request__accepted_helpers__lt=F("request__helpers_needed"))
    undecided = Q(state=states.PROPOSED) & free | Q(state=states.ACCEPTED, needs_review=True)
    return _matches(quarters).filter(undecided).order_by("-request__urgency", "proposed_at", "id")


def to_confirm(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Somebody said yes; residents whom only the office can ask stand first."""
    online = User.objects.filter(pk=OuterRef("resident"), channel=User.Channel.ONLINE, email__isnull=False)
    said_yes = _matches(quarters).filter(state=states.ACCEPTED, needs_review=False)
    return said_yes.annotate(is_online=Exists(online)).order_by("is_online", "accepted_at", "id")


def without_proposal(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Open requests for which nobody is proposed, asked, or found."""
    live = Match.objects.live().filter(request=OuterRef("pk"))
    return _requests(quarters).exclude(Exists(live)).order_by("-urgency", "open_since", "id")


def overdue(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Open longer than their quarter's policy allows."""
    late = Q(pk__in=[])
    for quarter in quarters:
        late |= Q(quarter=quarter, open_since__lte=now - timedelta(days=quarter.overdue_days))
    return _requests(quarters).filter(late)


def by_need(rows: Sequence[HelpRequest], now: datetime) -> list[HelpRequest]:
    """Waiting time x urgency, the largest first."""

    def need(row: HelpRequest) -> float:
        waited = (now - row.open_since).total_seconds() if row.open_since else 0.0
        return waited * (1 + row.urgency)

    return sorted(rows, key=lambda row: (-need(row), str(row.pk)))


def drafts(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Taken down on the phone, not yet published: the consent is missing, or the call broke off."""
    begun = HelpRequest.objects.filter(scope.of_the_office(), state=states.DRAFT, quarter__in=quarters)
    return begun.for_cards().order_by("created_at", "id")


def places_not_found(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Place]:
    """Addresses the table does not know, of people and of running requests: nobody can be found near them."""
    person = User.objects.filter(place=OuterRef("pk"), is_active=True)
    request = HelpRequest.objects.open().filter(place=OuterRef("pk"))
    lost = Place.objects.filter(Exists(person) | Exists(request), cell="", quarter__in=quarters)
    return lost.select_related("person__quarter").order_by("person__joined_at", "id")


def ending_today(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Asked, no answer yet, and the time to answer ends before tomorrow."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return _matches(quarters).filter(state=states.ASKED, deadline__lt=midnight).order_by("deadline", "id")


def long_unasked(quarters: Sequence[Quarter], now: datetime) -> QuerySet[VolunteerProfile]:
    """Welcomed, ready, with room for one more, and nobody asked them for six weeks."""
    rows = able(now).filter(_unasked(now), user__quarter__in=quarters, live_matches__lt=F("capacity"))
    return rows.select_related("user__quarter").order_by(F("last_asked_at").asc(nulls_first=True), "welcomed_at", "id")


def unasked_on_pause(quarters: Sequence[Quarter], now: datetime) -> QuerySet[VolunteerProfile]:
    """Nobody asked them for as long, and that is what they want."""
    return _ready().filter(_unasked(now), _on_pause(now), user__quarter__in=quarters)


def able(now: datetime) -> QuerySet[VolunteerProfile]:
    """Whoever could be asked today: met by a worker, active, not suspended, not on a pause."""
    return _ready().exclude(_on_pause(now))


def _ready() -> QuerySet[VolunteerProfile]:
    return VolunteerProfile.objects.filter(
        welcomed_at__isnull=False, user__is_active=True, user__suspended_at__isnull=True
    )


def _on_pause(now: datetime) -> Q:
    return Q(paused=True) & (Q(paused_until__isnull=True) | Q(paused_until__gte=timezone.localdate(now)))


def _unasked(now: datetime) -> Q:
    before = now - UNASKED
    return Q(last_asked_at__lte=before) | Q(last_asked_at__isnull=True, welcomed_at__lte=before)


def to_check(quarters: Sequence[Quarter], now: datetime) -> QuerySet[CheckIn]:
    """A no after a visit, and the questions to those whom only the office can ask."""
    unanswered = Q(was_fine__isnull=True) | Q(again__isnull=True)
    by_phone = ~Q(person__channel=User.Channel.ONLINE) | Q(person__email__isnull=True)
    waiting = Q(was_fine=False) | Q(again=False) | unanswered & by_phone
    rows = CheckIn.objects.filter(waiting, settled_at__isnull=True, match__request__quarter__in=quarters)
    together = rows.select_related("person", "match__request__quarter", "match__resident", "match__volunteer")
    return together.order_by(F("was_fine").asc(nulls_last=True), "asked_at", "id")


def ending(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Vetting]:
    """What was checked and may be renewed now, or ran out."""
    return steps.ending_checks(quarters, now)


def to_decide(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Suspension]:
    """Pauses without a second worker, appeals, and decisions the person has not heard of."""
    open_ones = Q(state__in=[PAUSED, APPEALED]) | Q(told_at__isnull=True)
    rows = Suspension.objects.filter(open_ones, user__quarter__in=quarters)
    return rows.select_related("user__quarter").order_by("deadline", "id")


def due(quarters: Sequence[Quarter], now: datetime) -> QuerySet[FollowUp]:
    """What somebody wanted to see to by today."""
    rows = FollowUp.objects.filter(done_at__isnull=True, due_on__lte=timezone.localdate(now))
    return rows.filter(person__quarter__in=quarters).select_related("person__quarter").order_by("due_on", "made_at")


def _matches(quarters: Sequence[Quarter]) -> QuerySet[Match]:
    return Match.objects.filter(request__quarter__in=quarters).for_cards()


def _requests(quarters: Sequence[Quarter]) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.open().filter(quarter__in=quarters).for_cards()


QUEUES: list[Queue] = [
    Queue(
        "freigaben",
        _("Freigaben"),
        _("Vorschläge und Angebote, über die ein Mensch entscheidet."),
        _("Zurzeit wartet kein Vorschlag auf Ihre Freigabe."),
        to_release,
        lines.of_matches,
    ),
    Queue(
        "zusagen",
        _("Antwort der Bewohner"),
        _("Jemand hat zugesagt. Wer nur ein Telefon hat, steht oben: bitte anrufen."),
        _("Zurzeit wartet keine Zusage auf die Antwort einer Bewohnerin oder eines Bewohners."),
        to_confirm,
        lines.of_promises,
    ),
    Queue(
        "ueberfaellig",
        _("Überfällig"),
        _("Wartet zu lange. Wartezeit und Dringlichkeit bestimmen die Reihenfolge."),
        _("Keine Bitte wartet zu lange."),
        overdue,
        lines.of_requests,
        by_need,
    ),
    Queue(
        "ohne-vorschlag",
        _("Ohne Vorschlag"),
        _("Offen, und niemand ist gefragt. Daneben der häufigste Grund."),
        _("Für jede offene Bitte ist jemand gefragt oder vorgeschlagen."),
        without_proposal,
        lines.of_unmatched,
    ),
    Queue(
        "fristen",
        _("Fristen heute"),
        _("Gefragt, noch keine Antwort, und die Frist endet heute."),
        _("Heute läuft keine Frist ab."),
        ending_today,
        lines.of_deadlines,
    ),
    Queue(
        "neue-leute",
        _("Neue Leute"),
        _("Möchten helfen und warten auf ein Gespräch mit Ihnen."),
        _("Alle, die helfen möchten, sind begrüßt."),
        new_people,
        lines.of_new_people,
    ),
    Queue(
        "faellig",
        _("Heute fällig"),
        _("Vorgemerkt bis heute oder früher."),
        _("Heute ist nichts fällig."),
        due,
        lines.of_follow_ups,
    ),
    Queue(
        "schritte",
        _("Läuft ab"),
        _("Etwas Geprüftes läuft bald ab oder ist abgelaufen. Bitte erneuern."),
        _("Zurzeit läuft nichts ab."),
        ending,
        lines.of_checks,
    ),
    Queue(
        "angehalten",
        _("Angehaltene Zugänge"),
        _("Eine zweite Person fehlt, ein Widerspruch wartet, oder jemand weiß es noch nicht."),
        _("Zurzeit ist über keinen Zugang zu entscheiden."),
        to_decide,
        lines.of_suspensions,
    ),
    Queue(
        "adressen",
        _("Adresse nicht gefunden"),
        _("Ohne Ort finden wir niemanden in der Nähe."),
        _("Alle Adressen sind gefunden."),
        places_not_found,
        lines.of_lost_places,
    ),
    Queue(
        "entwuerfe",
        _("Entwürfe"),
        _("Aufgenommen, aber noch nicht veröffentlicht."),
        _("Kein Entwurf liegt herum."),
        drafts,
        lines.of_drafts,
    ),
    Queue(
        "nicht-gefragt",
        _("Lange nicht gefragt"),
        _("Bereit zu helfen, und seit sechs Wochen hat niemand gefragt. Daneben, warum."),
        _("Alle, die helfen möchten, wurden in den letzten sechs Wochen gefragt."),
        long_unasked,
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
        to_check,
        lines.of_check_ins,
    ),
]


def add(queue: Queue) -> None:
    """A floor above brings a queue of its own, high up; safe to say twice."""
    if all(known.key != queue.key for known in QUEUES):
        QUEUES.insert(1, queue)


def named(key: str) -> Queue:
    """The queue with this key; the first one for an unknown key."""
    return next((queue for queue in QUEUES if queue.key == key), QUEUES[0])
