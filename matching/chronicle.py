"""What happened, line by line, as somebody may read it: from the append-only events, newest last."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core.words import moment_in_words
from matching import stories
from matching.models import HelpRequest, Match, MatchEvent, RequestEvent
from matching.trust import Acting

FOLLOWS = ("fill", "reopen", "finish")  # what the house does after somebody's move


@dataclass(frozen=True)
class Line:
    at: datetime
    when: str
    said: str


def of_request(request: HelpRequest, *, now: datetime) -> list[Line]:
    """The resident's story of a request and its pairs; nobody is named before they said yes and were let through."""
    acting = Acting(request.resident)
    moves = RequestEvent.objects.filter(request=request).select_related("by")
    own = [_marked(event, stories.of_request_event(event), acting) for event in moves]
    pairs = MatchEvent.objects.filter(match__request=request).select_related("match__volunteer", "by")
    met = [
        _marked(event, stories.of_match_event(event, volunteer_known=_is_known(event.match)), acting) for event in pairs
    ]
    return _lines([*own, *met], now)


def of_match(match: Match, *, side: str, now: datetime) -> list[Line]:
    """The story of one pair for "resident" or "volunteer"."""
    events = MatchEvent.objects.filter(match=match).select_related("match__volunteer", "by")
    acting = Acting(match.resident)
    if side == "volunteer":
        return _lines([(event.at, stories.of_own_event(event)) for event in events], now)
    return _lines(
        [_marked(event, stories.of_match_event(event, volunteer_known=True), acting) for event in events], now
    )


def _is_known(match: Match) -> bool:
    return match.accepted_at is not None and not match.needs_review


def _marked(event: RequestEvent | MatchEvent, sentence: str, acting: Acting) -> tuple[datetime, str]:
    """What a trusted person did, or the office heard on the telephone, says so."""
    if sentence and event.by and event.move not in FOLLOWS and acting.was_trusted(event.by, event.at):
        sentence = _("%(what)s Das war %(name)s als Vertrauensperson.") % {
            "what": sentence,
            "name": event.by.first_name,
        }
    if sentence and getattr(event, "spoken", False):
        sentence = _("%(what)s So am Telefon gesagt.") % {"what": sentence}
    return event.at, sentence


def _lines(events: list[tuple[datetime, str]], now: datetime) -> list[Line]:
    today = timezone.localdate(now)
    said = sorted((at, sentence) for at, sentence in events if sentence)
    return [Line(at, moment_in_words(at, today=today), sentence) for at, sentence in said]
