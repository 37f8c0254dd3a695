"""
Two rivals for "the best ten for one request": a geodesic loop over everybody, and Django's ORM with a Python score.

Gates, fit and times are the house's own functions on plain facts, so that only the way to them differs; each rival
leaves a volunteer as soon as one gate says no, cheap questions first.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from geopy.distance import geodesic

from bench._city import NOW
from bench._facts import ZONE
from matching import dayrules, gates, scoring
from matching.facts import RequestFacts, VolunteerFacts
from matching.reasons import Teller
from places import cells

LIMIT = 10


class Answer(NamedTuple):
    """One of the ten, with everything ours says of it."""

    score: float
    who: UUID
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot: datetime


Ranked = list[Answer]


def best(request: RequestFacts, people: Iterable[VolunteerFacts]) -> Ranked:
    """The ten with the highest fit among these people, best first; parts, slot and reasons as ours has them."""
    found = []
    for one in people:
        fitting = fit(request, one)
        if fitting is not None:
            asked = one.last_asked_at.timestamp() if one.last_asked_at else float("-inf")
            found.append((-fitting[0], asked, one.id.int, one, *fitting[1:]))
    teller = Teller(request, now=NOW, zone=ZONE)
    return [
        Answer(-score, one.id, parts, teller.reasons(one, slot), slot)
        for score, _asked, _number, one, parts, slot in sorted(found, key=lambda row: row[:3])[:LIMIT]
    ]


def fit(request: RequestFacts, one: VolunteerFacts) -> tuple[float, dict[str, float], datetime] | None:
    """Fit, its parts and the first slot of one pair; None where a gate stands between them."""
    today = NOW.date()
    if (
        not one.ready
        or one.paused
        or one.live_matches >= one.capacity
        or one.id in request.out
        or one.id == request.resident_id
        or not gates.skill(request, one)
        or not gates.quarter(request, one)
        or not gates.language(request, one)
        or not gates.gender(request, one)
        or not gates.age(request, one, dayrules.wished(request, today=today, zone=ZONE)[1])
        or not gates.vetting(request, one, *dayrules.wished(request, today=today, zone=ZONE))
        or not gates.radius(request, one)
        or (slot := gates.slot(request, one, ZONE)) is None
    ):
        return None
    parts = scoring.parts(request, one, now=NOW, zone=ZONE)
    return scoring.total(parts, request.weights), parts, slot


def geodesic_loop(request: RequestFacts, people: Iterable[VolunteerFacts]) -> Ranked:
    """What several peers do: the distance to everybody first, on the ellipsoid, then whoever is near enough."""
    here = cells.centre_of(request.cell)
    near = (one for one in people if geodesic(here, cells.centre_of(one.cell)).km <= one.radius_km)
    return best(request, near)


def orm(request: RequestFacts) -> Ranked:
    """Candidates by joins over indexed columns, all they offer by prefetch, then a score in Python."""
    from django.db.models import F

    from accounts.models import VolunteerProfile
    from matching import loading

    rows = VolunteerProfile.objects.filter(
        served_quarters=request.quarter_id,
        user__quarter__in=[request.quarter_id, *request.admitted],
        user__is_active=True,
        user__suspended_at__isnull=True,
        welcomed_at__isnull=False,
        live_matches__lt=F("capacity"),
    ).exclude(user__in=[*request.out, request.resident_id])
    for slug in request.skills:
        rows = rows.filter(offered_skills__skill=slug)
    if request.gender_wish:
        rows = rows.filter(user__gender=request.gender_wish)
    return best(request, loading.volunteer_facts(rows, now=NOW))


def same(one: Sequence[tuple], other: Sequence[tuple], *, slack: float = 0.0021) -> bool:
    """
    Did both find the same best, up to ties? Whom only one of them names must fit as well as the other's last.

    Of each answer the first two count: fit and person.

    `slack`: two great circles differ by up to half a percent from the geodesic, which is 0.002 of the fit.
    """
    ours, theirs = ([answer[:2] for answer in answers] for answers in (one, other))
    if len(ours) != len(theirs):
        return False
    close = all(abs(a - b) <= slack for (a, _), (b, _) in zip(ours, theirs, strict=True))
    common = {who for _, who in ours} & {who for _, who in theirs}
    last = min((score for score, _ in [*ours, *theirs]), default=0)
    return close and all(score <= last + slack for score, who in [*ours, *theirs] if who not in common)
