"""Everything a worker needs to decide on one request, read in one go and put into words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import languages, skills
from accounts.models import Skill, User
from accounts.reach import only_by_phone
from matching import reasons, rules, states
from matching.arranging import in_words
from matching.desk import changes, story, talks, words
from matching.models import HelpRequest, Match, Series
from matching.suggestions import Suggestion, suggestions, why_not

_TURN = (states.ACCEPTED, states.PROPOSED, states.ASKED, states.CONFIRMED)
FEW = 3  # with fewer suggestions than this the page says why there are not more

PART_NAMES = {
    "nearness": _("nah im eigenen Umkreis"),
    "time_slack": _("Zeit"),
    "skill_depth": _("Können"),
    "language": _("Sprache"),
    "continuity": _("kennen sich"),
    "fair_turn": _("an der Reihe"),
    "generations": _("Generationen"),
}


@dataclass(frozen=True)
class Part:
    """One part of the fit: `value` 0..1 for the bar, `percent` for people."""

    name: Any
    value: float
    percent: int


@dataclass(frozen=True)
class Offer:
    """A volunteer the matcher suggests, with everything that speaks for them."""

    volunteer: User
    percent: int
    parts: list[Part]
    reasons: list[str]
    slot: str
    distance: str


@dataclass(frozen=True)
class Pair:
    """One match of the request, as the worker sees it. `moves`: what the worker may do now; `series`: to end."""

    match: Match
    moves: list[str]
    parts: list[Part]
    reasons: list[str]
    percent: int | None
    slot: str
    deadline: str
    by_phone: bool
    talk: talks.Talk | None
    series: list[tuple[Series, str]]


@dataclass(frozen=True)
class Obstacle:
    """How many volunteers fell at one gate."""

    words: str
    count: int


def read(request: HelpRequest, worker: User, now: datetime) -> dict:
    """The whole case for `desk/case.html`."""
    live, past = _matches(request, worker, now)
    offers = _offers(request, now)
    return {
        "case": request,
        "resident": request.resident,
        "by_phone": only_by_phone(request.resident),
        "kinds": [skills.name(skill) for skill in request.skills.all()],
        "times": words.times(request, now),
        "waiting": words.waiting(request.open_since, now),
        "languages": languages.in_words(request.languages),
        "pairs": live,
        "past": past,
        "offers": offers,
        "is_open": request.state == states.OPEN,
        "looks_for_more": _looks_for_more(request),
        "story": story.of(request, now),
        "may_withdraw": request.state in (states.DRAFT, states.OPEN, states.FILLED),
    } | _why_so_few(request, offers, now)


def parts_in_words(parts: dict) -> list[Part]:
    """The parts of a fit in their usual order; parts the desk has no word for are left out."""
    return [_part(name, parts[name]) for name in PART_NAMES if name in parts]


def percent(score: float | None) -> int | None:
    return None if score is None else round(score * 100)


def _part(name: str, value: float) -> Part:
    return Part(PART_NAMES[name], max(0.0, min(1.0, float(value))), round(float(value) * 100))


def _matches(request: HelpRequest, worker: User, now: datetime) -> tuple[list[Pair], list[Match]]:
    rows = list(Match.objects.filter(request=request).for_cards())
    # What waits for the worker stands first, what is settled last.
    waiting = sorted((row for row in rows if row.is_live), key=lambda row: _TURN.index(row.state))
    known = talks.of(waiting, worker)
    running = list(Series.objects.running().filter(match__in=waiting))
    live = [_pair(row, worker, now, known.get(row.pk), running) for row in waiting]
    return live, [row for row in rows if not row.is_live]


def _pair(match: Match, worker: User, now: datetime, talk: talks.Talk | None, running: list[Series]) -> Pair:
    return Pair(
        match=match,
        moves=rules.moves_of(worker, match),
        parts=parts_in_words(match.parts),
        reasons=reasons.say(match.reasons, to="worker", known=match.request.skills.all()),
        percent=percent(match.score),
        slot=words.moment(match.slot_start, now),
        deadline=words.moment(match.deadline, now) if match.state == states.ASKED else "",
        by_phone=only_by_phone(match.resident),
        talk=talk,
        series=_to_end(match, worker, running),
    )


def _to_end(match: Match, worker: User, running: list[Series]) -> list[tuple[Series, str]]:
    """Regular times of this pair in words, where the worker may end them: nobody is the worker of their own pair."""
    mine = [row for row in running if row.match_id == match.pk]
    return [(row, in_words(row)) for row in mine] if rules.works_for_pair(worker, match) else []


def _offers(request: HelpRequest, now: datetime) -> list[Offer]:
    if not _looks_for_more(request):
        return []
    known = request.skills.all()
    return [_offer(found, known, now) for found in suggestions(request, now=now, limit=10)]


def _offer(found: Suggestion, known: Iterable[Skill], now: datetime) -> Offer:
    return Offer(
        volunteer=found.volunteer,
        percent=percent(found.score) or 0,
        parts=parts_in_words(found.parts),
        reasons=reasons.say(found.reasons, to="worker", known=known),
        slot=words.moment(found.slot_start, now),
        distance=reasons.band_in_words(found.distance_band),
    )


def _why_so_few(request: HelpRequest, offers: list[Offer], now: datetime) -> dict:
    if not _looks_for_more(request) or len(offers) >= FEW:
        return {"obstacles": [], "helpful": [], "candidates": None}
    found = why_not(request, now=now)
    return {
        "obstacles": obstacles(found.gates),
        "helpful": changes.in_words(found.as_json(), request),
        "candidates": found.candidates,
    }


def obstacles(gates: dict[str, int]) -> list[Obstacle]:
    """How many fell at which gate, most first."""
    ranked = sorted(gates.items(), key=lambda gate: (-gate[1], gate[0]))
    return [Obstacle(reasons.say_gate(gate, count), count) for gate, count in ranked if count]


def _looks_for_more(request: HelpRequest) -> bool:
    """Open, and not yet as many yeses as helpers needed."""
    return request.state == states.OPEN and request.accepted_helpers < request.helpers_needed
