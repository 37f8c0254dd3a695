"""What happened to a request and its matches, in words, oldest first. Read from the append-only events."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching import trust
from matching.arranging import in_words
from matching.calls import registry
from matching.desk import words
from matching.desk.calls import outcome
from matching.models import Appointment, Call, HelpRequest, MatchEvent, RequestEvent, Series

OF_MATCH = {
    "propose": _("%(volunteer)s ist vorgeschlagen."),
    "offer": _("%(volunteer)s bietet sich an."),
    "release": _("%(volunteer)s ist gefragt."),
    "reject": _("Der Vorschlag %(volunteer)s ist verworfen."),
    "accept": _("%(volunteer)s hat zugesagt."),
    "decline": _("%(volunteer)s kann diesmal nicht."),
    "expire": _("%(volunteer)s hat nicht rechtzeitig geantwortet."),
    "clear": _("%(volunteer)s ist vom Büro bestätigt."),
    "confirm": _("%(volunteer)s ist bestätigt."),
    "refuse": _("%(volunteer)s ist freundlich abgelehnt."),
    "close": _("Für %(volunteer)s hat es sich erledigt."),
    "end": _("Die Vermittlung mit %(volunteer)s ist beendet."),
    "complete": _("Die Hilfe von %(volunteer)s ist erledigt."),
    "replace": _("Für %(volunteer)s ist Ersatz gesucht."),
}
OF_REQUEST = {
    "start": _("Die Bitte ist begonnen."),
    "publish": _("Die Bitte ist veröffentlicht."),
    "change": _("Die Bitte ist geändert."),
    "withdraw": _("Die Bitte ist zurückgezogen."),
    "expire": _("Die Bitte ist abgelaufen."),
    "fill": _("Jemand ist gefunden."),
    "reopen": _("Die Bitte ist wieder offen."),
    "finish": _("Die Bitte ist erledigt."),
}

OF_THE_HOUSE = {  # reasons which verbs give by themselves
    "filled": _("Jemand anderes ist bestätigt."),
    "withdrawn": _("Die Bitte ist zurückgezogen."),
    "expired": _("Die Bitte ist abgelaufen."),
    "suspended": _("Eine der beiden Personen kann zurzeit nicht kommen."),
    "left": _("Die helfende Person hört auf."),
    "apart": _("Eine der beiden Personen möchte keinen Kontakt."),
    "held": _("Jemand anderes hatte schon zugesagt."),
    "room": _("Die helfende Person möchte weniger Menschen zur gleichen Zeit helfen."),
    "swapped": _("Von Hand gegen jemand anderes getauscht."),
}


@dataclass(frozen=True)
class Entry:
    """One line of the story. `by` empty: the house itself."""

    at: datetime
    when: str
    text: str
    by: str
    reason: str


def of(request: HelpRequest, now: datetime) -> list[Entry]:
    """The whole story in six queries: moves, what was arranged, calls; who acted as a trusted person is marked."""
    acting = trust.Acting(request.resident)
    own = RequestEvent.objects.filter(request=request).select_related("by")
    of_matches = MatchEvent.objects.filter(match__request=request).select_related("by", "match__volunteer")
    entries = [_of_request(event, acting, now) for event in own]
    entries += [_of_match(event, acting, now) for event in of_matches]
    entries += [entry for visit in _visits(request) for entry in _of_visit(visit, acting, now)]
    entries += [entry for series in _series(request) for entry in _of_series(series, acting, now)]
    entries += [_of_call(call, now) for call in request.calls.select_related("by", "person")]
    return sorted(entries, key=lambda entry: entry.at)


def _of_request(event: RequestEvent, acting: trust.Acting, now: datetime) -> Entry:
    return _entry(event, str(OF_REQUEST.get(event.move, event.move)), acting, now)


def _of_match(event: MatchEvent, acting: trust.Acting, now: datetime) -> Entry:
    text = str(OF_MATCH.get(event.move, event.move)) % {"volunteer": event.match.volunteer.full_name}
    if event.spoken:
        text = gettext("%(what)s Auf das Wort am Telefon.") % {"what": text}
    return _entry(event, text, acting, now)


def _visits(request: HelpRequest) -> QuerySet[Appointment]:
    rows = Appointment.objects.filter(match__request=request)
    return rows.select_related("proposed_by", "agreed_by", "cancelled_by", "finished_by").order_by("start", "id")


def _of_visit(visit: Appointment, acting: trust.Acting, now: datetime) -> list[Entry]:
    """Proposed, agreed, called off: each by a person; what the house did by itself is left out."""
    when = {"time": words.moment(visit.start, now)}
    moves = (
        (visit.created_at, visit.proposed_by, gettext("Termin vorgeschlagen: %(time)s.") % when, ""),
        (visit.agreed_at, visit.agreed_by, gettext("Termin abgemacht: %(time)s.") % when, ""),
        (visit.cancelled_at, visit.cancelled_by, gettext("Termin abgesagt: %(time)s.") % when, visit.cancel_reason),
        (visit.corrected_at, visit.finished_by, gettext("Dauer des Besuchs geändert: %(time)s.") % when, ""),
    )
    return [
        Entry(at, words.moment(at, now), text, acting.named(by, at), reason)
        for at, by, text, reason in moves
        if at and by
    ]


def _series(request: HelpRequest) -> QuerySet[Series]:
    over = Series.objects.filter(match__request=request, agreed_at__isnull=False, ended_by__isnull=False)
    return over.select_related("ended_by").order_by("ended_at", "id")


def _of_series(series: Series, acting: trust.Acting, now: datetime) -> list[Entry]:
    """Who ended regular times, and why; those that end with their match are in its line."""
    at, by = series.ended_at, series.ended_by
    text = gettext("Regelmäßige Termine beendet: %(when)s.") % {"when": in_words(series)}
    return [Entry(at, words.moment(at, now), text, acting.named(by, at), series.end_reason)] if at and by else []


def _of_call(call: Call, now: datetime) -> Entry:
    source = registry.source(call.kind)
    said = f"{source.title}: {outcome(call)}" if source else outcome(call)
    text = gettext("Anruf mit %(name)s. %(outcome)s.") % {"name": call.person.full_name, "outcome": said}
    return Entry(call.at, words.moment(call.at, now), text, _name(call.by), call.note)


def _entry(event: RequestEvent | MatchEvent, text: str, acting: trust.Acting, now: datetime) -> Entry:
    reason = str(OF_THE_HOUSE.get(event.reason, event.reason))
    return Entry(event.at, words.moment(event.at, now), text, acting.named(event.by, event.at), reason)


def _name(person: User | None) -> str:
    return person.full_name if person else ""
