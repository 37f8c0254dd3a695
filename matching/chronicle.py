"""What happened, line by line, as somebody may read it: from the append-only events, newest last."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from core.words import moment_in_words
from matching import stories
from matching.models import HelpRequest, Match, MatchEvent, RequestEvent


@dataclass(frozen=True)
class Line:
    at: datetime
    when: str
    said: str


def of_request(request: HelpRequest, *, now: datetime) -> list[Line]:
    """The resident's story of a request and its pairs; nobody is named before they said yes and were let through."""
    own = [(event.at, stories.of_request_event(event)) for event in RequestEvent.objects.filter(request=request)]
    pairs = MatchEvent.objects.filter(match__request=request).select_related("match__volunteer")
    met = [(event.at, stories.of_match_event(event, volunteer_known=_is_known(event.match))) for event in pairs]
    return _lines([*own, *met], now)


def of_match(match: Match, *, side: str, now: datetime) -> list[Line]:
    """The story of one pair for "resident" or "volunteer"."""
    events = MatchEvent.objects.filter(match=match).select_related("match__volunteer")
    if side == "volunteer":
        return _lines([(event.at, stories.of_own_event(event)) for event in events], now)
    return _lines([(event.at, stories.of_match_event(event, volunteer_known=True)) for event in events], now)


def _is_known(match: Match) -> bool:
    return match.accepted_at is not None and not match.needs_review


def _lines(events: list[tuple[datetime, str]], now: datetime) -> list[Line]:
    today = timezone.localdate(now)
    said = sorted((at, sentence) for at, sentence in events if sentence)
    return [Line(at, moment_in_words(at, today=today), sentence) for at, sentence in said]
