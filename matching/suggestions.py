"""
The best volunteers for one request, and why nobody: asked of the roster in memory, said with people and words.

Read-only; nothing here changes a row. The number of queries does not grow with the number of volunteers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User, VolunteerProfile
from matching import gates, loading, roster
from matching.facts import RequestFacts
from matching.models import HelpRequest
from matching.roster.why import PEOPLES, Why, WhyNot
from places.distance import band
from places.models import Quarter

__all__ = [
    "PEOPLES",
    "Suggestion",
    "WhyNot",
    "explain",
    "failed_gates",
    "suggestion_for",
    "suggestions",
    "top_requests",
    "who_would",
    "why_not",
]


@dataclass(frozen=True)
class Suggestion:
    """One volunteer who passes every gate, with the fit (0..1), its parts, reasons as codes, and the first slot."""

    volunteer: User
    score: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot_start: datetime
    distance_band: str


def suggestions(request: HelpRequest, *, now: datetime, limit: int = 10) -> list[Suggestion]:
    """The best `limit` volunteers, best first; equal fits in the order of who waited longest, then by key."""
    facts = loading.request_facts(request, now=now)
    found = roster.current(now=now).top(facts, now=now, limit=limit)
    people = _people(one.volunteer.id for one in found)
    return [_said(one, people[one.volunteer.id]) for one in found if one.volunteer.id in people]


def suggestion_for(request: HelpRequest, volunteer: VolunteerProfile, *, now: datetime) -> Suggestion | None:
    """This one volunteer weighed for this request; None where a gate stands between them."""
    facts = loading.request_facts(request, now=now)
    found = roster.current(now=now).top_requests(volunteer.user_id, [facts], now=now)
    return _said(found[0], volunteer.user) if found else None


def top_requests(
    volunteer: User, requests: Iterable[HelpRequest], *, now: datetime, limit: int = 10
) -> list[tuple[HelpRequest, Suggestion]]:
    """Which of these requests fit one volunteer best, best first. `requests` as from `for_cards()`."""
    rows = list(requests)
    facts = loading.facts_of_requests(rows, now=now)
    row_of = {id(one): row for one, row in zip(facts, rows, strict=True)}
    found = roster.current(now=now).top_requests(volunteer.pk, facts, now=now, limit=limit)
    return [(row_of[id(one.request)], _said(one, volunteer)) for one in found]


def failed_gates(request: HelpRequest, volunteer: VolunteerProfile, *, now: datetime) -> list[str]:
    """Names of the gates this pair fails; empty: a pair."""
    zone = loading.zone_of(request.quarter)
    [one] = loading.volunteer_facts(VolunteerProfile.objects.filter(pk=volunteer.pk), now=now)
    facts = loading.request_facts(request, now=now)
    return gates.failed(facts, one, today=now.astimezone(zone).date(), zone=zone)


def why_not(request: HelpRequest, *, now: datetime) -> WhyNot:
    """Everybody of the quarter and its neighbours, counted at the first gate they fall at, and what would help."""
    return explain(loading.request_facts(request, now=now), now=now)


def explain(facts: RequestFacts, *, now: datetime) -> WhyNot:
    """The why-not of a request whose facts are at hand."""
    return Why(roster.current(now=now), facts, now=now).why_not(names=_names)


def who_would(request: HelpRequest, code: str, *, now: datetime) -> list[User]:
    """The people whom a change that is theirs to make (a code of PEOPLES) would turn into a pair, by name."""
    why = Why(roster.current(now=now), loading.request_facts(request, now=now), now=now)
    return list(User.objects.filter(pk__in=why.people(code)).select_related("volunteer_profile", "quarter"))


def _said(found: roster.Found, volunteer: User) -> Suggestion:
    here, there = found.request.cell, found.volunteer.cell
    return Suggestion(
        volunteer=volunteer,
        score=found.score,
        parts=found.parts,
        reasons=found.reasons,
        slot_start=found.slot_start,
        distance_band=band(here, there) if here and there else "",
    )


def _people(keys: Iterable[UUID]) -> dict[UUID, User]:
    return User.objects.select_related("volunteer_profile", "quarter").in_bulk(list(keys))


def _names(quarters: Iterable[UUID]) -> dict[UUID, str]:
    return dict(Quarter.objects.filter(pk__in=list(quarters)).values_list("pk", "name"))
