"""
The best volunteers for one request, and why nobody: candidates by indexed columns, then gates and fit on plain facts.

Read-only; nothing here changes a row. The number of queries does not grow with the number of volunteers.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts.models import Skill, User, VolunteerProfile
from matching import gates, loading, reasons, scoring, times
from matching.facts import RequestFacts, VolunteerFacts
from matching.models import HelpRequest
from places.distance import band
from places.models import Quarter

PEOPLES = ("language", "gender", "vetting", "ready", "radius", "serving", "capacity", "paused", "hours")
STRETCHES = (30, 60, 120)  # minutes by which windows are stretched, looking for the smallest that helps


@dataclass(frozen=True)
class Suggestion:
    """One volunteer who passes every gate, with the fit (0..1), its parts, reasons as codes, and the first slot."""

    volunteer: User
    score: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot_start: datetime
    distance_band: str


@dataclass(frozen=True)
class WhyNot:
    """How many of `candidates` fell at which gate (each counted once), and the changes that would help, best first."""

    candidates: int
    gates: dict[str, int] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def main_gate(self) -> str:
        """The gate at which most fell; "" where there was nobody at all."""
        return max(self.gates, key=lambda gate: self.gates[gate], default="")

    def as_json(self) -> dict[str, Any]:
        return {"candidates": self.candidates, "gates": self.gates, "changes": self.changes}


def suggestions(request: HelpRequest, *, now: datetime, limit: int = 10) -> list[Suggestion]:
    """The best `limit` volunteers, best first; equal fits in the order of who waited longest, then by key."""
    facts = loading.request_facts(request, now=now)
    found = ranked(
        facts, loading.volunteer_facts(loading.able(request, facts.skills), now=now), request.quarter, now=now
    )
    people = User.objects.select_related("volunteer_profile", "quarter").in_bulk([one.id for one, *_ in found[:limit]])
    return [
        Suggestion(
            volunteer=people[one.id],
            score=score,
            parts=parts,
            reasons=reasons.reasons_for(facts, one, slot=slot, now=now, zone=loading.zone_of(request.quarter)),
            slot_start=slot,
            distance_band=band(facts.cell, one.cell) if facts.cell and one.cell else "",
        )
        for one, score, parts, slot in found[:limit]
    ]


Ranked = tuple[VolunteerFacts, float, dict[str, float], datetime]


def ranked(
    request: RequestFacts, volunteers: Iterable[VolunteerFacts], quarter: Quarter, *, now: datetime
) -> list[Ranked]:
    """All pairs that pass the gates, best first: (volunteer, fit, parts, slot)."""
    zone = loading.zone_of(quarter)
    found: list[Ranked] = []
    for one in volunteers:
        weighed = weigh(request, one, quarter, now=now)
        if weighed:
            found.append((one, *weighed))
    return sorted(
        found, key=lambda row: (-row[1], row[0].last_asked_at or datetime.min.replace(tzinfo=zone), str(row[0].id))
    )


def weigh(
    request: RequestFacts, volunteer: VolunteerFacts, quarter: Quarter, *, now: datetime
) -> tuple[float, dict[str, float], datetime] | None:
    """Fit, parts and first slot of one pair; None where a gate stands between them."""
    zone = loading.zone_of(quarter)
    if gates.failed(request, volunteer, today=now.astimezone(zone).date(), zone=zone):
        return None
    slot = gates.slot(request, volunteer, zone)
    assert slot is not None
    parts = scoring.parts(request, volunteer, now=now, zone=zone)
    return scoring.total(parts, request.weights), parts, slot


def suggestion_for(request: HelpRequest, volunteer: VolunteerProfile, *, now: datetime) -> Suggestion | None:
    """This one volunteer weighed for this request; None where a gate stands between them."""
    facts = loading.request_facts(request, now=now)
    [one] = loading.volunteer_facts(VolunteerProfile.objects.filter(pk=volunteer.pk), now=now)
    weighed = weigh(facts, one, request.quarter, now=now)
    if weighed is None:
        return None
    score, parts, slot = weighed
    why = reasons.reasons_for(facts, one, slot=slot, now=now, zone=loading.zone_of(request.quarter))
    near = band(facts.cell, one.cell) if facts.cell and one.cell else ""
    return Suggestion(volunteer.user, score, parts, why, slot, near)


def failed_gates(request: HelpRequest, volunteer: VolunteerProfile, *, now: datetime) -> list[str]:
    """The gates between this request and this volunteer; empty: a pair."""
    zone = loading.zone_of(request.quarter)
    [one] = loading.volunteer_facts(VolunteerProfile.objects.filter(pk=volunteer.pk), now=now)
    facts = loading.request_facts(request, now=now)
    return gates.failed(facts, one, today=now.astimezone(zone).date(), zone=zone)


def who_would(request: HelpRequest, code: str, *, now: datetime) -> list[User]:
    """A stand-in: the people whom a change that is theirs to make would turn into a pair."""
    zone, facts = loading.zone_of(request.quarter), loading.request_facts(request, now=now)
    today = now.astimezone(zone).date()
    people = loading.volunteer_facts(loading.pool(request), now=now) if code in PEOPLES else []
    alone = [one.id for one in people if gates.failed(facts, one, today=today, zone=zone) == [code]]
    return list(User.objects.filter(pk__in=alone).select_related("volunteer_profile", "quarter"))


def why_not(request: HelpRequest, *, now: datetime) -> WhyNot:
    """Everybody of the quarter and its neighbours, counted at the first gate they fall at, and what would help."""
    facts = loading.request_facts(request, now=now)
    people = [one for one in loading.volunteer_facts(loading.pool(request), now=now) if one.id != facts.resident_id]
    return explain(facts, people, request.quarter, now=now)


def explain(facts: RequestFacts, people: list[VolunteerFacts], quarter: Quarter, *, now: datetime) -> WhyNot:
    """The why-not on facts alone."""
    zone = loading.zone_of(quarter)
    today = now.astimezone(zone).date()
    fallen: dict[UUID, list[str]] = {one.id: gates.failed(facts, one, today=today, zone=zone) for one in people}
    counted = Counter(failed[0] for failed in fallen.values() if failed)
    alone = {one: failed[0] for one in people if len(failed := fallen[one.id]) == 1}
    changes = [
        *_one_gate_changes(facts, alone),
        *_time_changes(facts, alone, now),
        *_skill_changes(facts, people, now, quarter),
    ]
    order = {gate: counted[gate] for gate in gates.GATES if counted[gate]}
    return WhyNot(len(people), order, sorted(changes, key=lambda change: (-int(change["count"]), change["code"])))


def _one_gate_changes(facts: RequestFacts, alone: dict[VolunteerFacts, str]) -> list[dict[str, Any]]:
    """What the volunteers who fail exactly one gate would need."""
    counted = Counter(alone.values())
    plain = ["language", "gender", "vetting", "ready", "radius", "capacity", "paused", "hours"]
    found: list[dict[str, Any]] = [{"code": gate, "count": counted[gate]} for gate in plain if counted[gate]]
    homes = Counter(one.home_quarter_id for one, gate in alone.items() if gate == "quarter" and one.home_quarter_id)
    names = dict(Quarter.objects.filter(pk__in=homes).values_list("pk", "name")) if homes else {}
    found += [
        {"code": "quarter", "quarter": names[pk], "id": str(pk), "count": n} for pk, n in homes.items() if pk in names
    ]
    return found


def _time_changes(facts: RequestFacts, alone: dict[VolunteerFacts, str], now: datetime) -> list[dict[str, Any]]:
    """The smallest stretch of the windows, the shortest cut of the duration, that gives somebody time."""
    busy = [one for one, gate in alone.items() if gate == "time"]
    if not busy:
        return []
    found: list[dict[str, Any]] = []
    for minutes in STRETCHES:
        count = _with_time(loading.wider(facts, minutes=minutes), busy, now)
        if count:
            found.append({"code": "stretch", "minutes": minutes, "count": count})
            break
    for minutes in (30, 60):
        if facts.duration - timedelta(minutes=minutes) >= timedelta(minutes=30):
            count = _with_time(replace(facts, duration=facts.duration - timedelta(minutes=minutes)), busy, now)
            if count:
                found.append({"code": "shorter", "minutes": minutes, "count": count})
                break
    count = _with_time(_whole_days(facts), busy, now)
    if count > max((int(change["count"]) for change in found), default=0):
        found.append({"code": "any_time", "count": count})
    return found


def _with_time(facts: RequestFacts, people: list[VolunteerFacts], now: datetime) -> int:
    zone = loading.zone_of(Quarter())
    windows = tuple((max(start, now), end) for start, end in facts.windows if end > now)
    asked = replace(facts, windows=windows)
    return sum(gates.slot(asked, one, zone) is not None for one in people)


def _whole_days(facts: RequestFacts) -> RequestFacts:
    zone = loading.zone_of(Quarter())
    days = sorted({start.astimezone(zone).date() for start, _end in facts.windows})
    return replace(facts, windows=tuple(times.local_interval(day, *times.DAY_MINUTES, zone) for day in days))


def _skill_changes(
    facts: RequestFacts, people: list[VolunteerFacts], now: datetime, quarter: Quarter
) -> list[dict[str, Any]]:
    """Leaving out one of several needed skills, computed for real with what the others require."""
    if len(facts.skills) < 2:
        return []
    known = Skill.objects.in_bulk(list(facts.skills))
    found: list[dict[str, Any]] = []
    for slug in sorted(facts.skills):
        rest = [known[other] for other in facts.skills - {slug}]
        fewer = replace(
            facts,
            skills=facts.skills - {slug},
            needs=frozenset(skill.needs for skill in rest) - {"none"},
            minors_may=all(skill.minors_may for skill in rest),
            remote=all(skill.remote for skill in rest),
        )
        count = sum(weigh(fewer, one, quarter, now=now) is not None for one in people)
        if count:
            found.append({"code": "without_skill", "skill": known[slug].name_de, "slug": slug, "count": count})
    return found
