"""What happened to a request and its matches, in words, oldest first. Read from the append-only events."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.desk import words
from matching.models import HelpRequest, MatchEvent, RequestEvent

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
    """The whole story in two queries."""
    own = RequestEvent.objects.filter(request=request).select_related("by")
    of_matches = MatchEvent.objects.filter(match__request=request).select_related("by", "match__volunteer")
    entries = [_of_request(event, now) for event in own] + [_of_match(event, now) for event in of_matches]
    return sorted(entries, key=lambda entry: entry.at)


def _of_request(event: RequestEvent, now: datetime) -> Entry:
    return _entry(event, str(OF_REQUEST.get(event.move, event.move)), now)


def _of_match(event: MatchEvent, now: datetime) -> Entry:
    text = str(OF_MATCH.get(event.move, event.move)) % {"volunteer": event.match.volunteer.full_name}
    if event.spoken:
        text = gettext("%(what)s Auf das Wort am Telefon.") % {"what": text}
    return _entry(event, text, now)


def _entry(event: RequestEvent | MatchEvent, text: str, now: datetime) -> Entry:
    reason = str(OF_THE_HOUSE.get(event.reason, event.reason))
    return Entry(event.at, words.moment(event.at, now), text, _name(event.by), reason)


def _name(person: User | None) -> str:
    return person.full_name if person else ""
