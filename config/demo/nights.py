"""
The rounds of three months, decided as the house decides: by its gates, its fit and jointly for a whole quarter.

On values instead of rows, because nothing of the city is saved yet; every round keeps what it could have chosen.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import OfferedSkill, Skill, User, Vetting, VolunteerProfile
from accounts.trust import holding
from config.demo.people import People
from config.demo.shelf import Shelf
from config.demo.volunteers import Volunteer
from matching import gates, reasons, scoring, states
from matching.actions.steps import keep_until
from matching.facts import RequestFacts, VolunteerFacts
from matching.models import HelpRequest, Match, Round, RoundResult
from matching.priority import priority
from matching.replay.choosing import choose
from places.models import Border, Quarter

LEAD = timedelta(hours=2)
KEPT = 20  # candidates kept of each request, the best first


@dataclass
class Wanted:
    """A request that waits for a night. `ready_at`: from when nobody is on it any more."""

    request: HelpRequest
    skill: Skill
    windows: list[tuple[datetime, datetime]]
    ready_at: datetime


@dataclass(frozen=True)
class Candidate:
    """A pair that passes every gate that night."""

    volunteer: Volunteer
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot: datetime

    @property
    def score(self) -> float:
        return scoring.total(self.parts, scoring.WEIGHTS)


class Nights:
    """Knows everybody's facts; `decide` is one round of one quarter."""

    def __init__(self, shelf: Shelf, people: People, matches: dict[UUID, list[Match]]) -> None:
        self.shelf, self.matches, self.zone = shelf, matches, timezone.get_default_timezone()
        self.volunteers = {one.user.pk: one for some in people.volunteers.values() for one in some}
        self.serving: dict[UUID, list[VolunteerFacts]] = defaultdict(list)
        for facts in self._everybody():
            for quarter in facts.served:
                self.serving[quarter].append(facts)
        self.admitted: dict[UUID, dict[UUID, str]] = defaultdict(dict)
        for border in Border.objects.all():
            self.admitted[border.quarter_id][border.neighbour_id] = border.barrier

    def decide(
        self,
        quarter: Quarter,
        waiting: list[Wanted],
        at: datetime,
        *,
        met: Callable[[Wanted, Volunteer, Round, Candidate], None],
    ) -> None:
        """Find the pairs of one night, write the round down and tell each pair on."""
        found = {one.request.pk: self._candidates(one, at) for one in waiting}
        fits = {(pk, c.volunteer.user.pk): c.score for pk, some in found.items() for c in some}
        pairs = choose(
            fits,
            places=dict.fromkeys(found, 1),
            priority={
                one.request.pk: priority(urgency=one.request.urgency, open_since=one.request.open_since, now=at)
                for one in waiting
            },
            room={pk: self._room(pk, at) for _request, pk in fits},
            load={pk: self._live(pk, at) for _request, pk in fits},
        )
        chosen = dict(pairs)
        made = self._round(quarter, waiting, at, fit=sum(fits[pair] for pair in pairs), filled=len(pairs))
        for one in waiting:
            taken = next((c for c in found[one.request.pk] if c.volunteer.user.pk == chosen.get(one.request.pk)), None)
            self._result(made, one, found[one.request.pk], taken, at)
            if taken:
                met(one, taken.volunteer, made, taken)

    # --- what is written down ----------
    def _round(self, quarter: Quarter, waiting: list[Wanted], at: datetime, *, fit: float, filled: int) -> Round:
        return self.shelf.add(
            Round(
                quarter=quarter,
                kind=Round.Kind.NIGHT,
                started_at=at,
                finished_at=at + timedelta(seconds=1),
                weights=dict(scoring.WEIGHTS),
                places=len(waiting),
                filled=filled,
                fit=round(fit, 4),
                requests=len(waiting),
                volunteers=len(self.serving[quarter.pk]),
                proposed=filled,
                delete_on=keep_until(at),
            )
        )

    def _result(self, made: Round, one: Wanted, found: list[Candidate], taken: Candidate | None, at: datetime) -> None:
        kept = found[:KEPT] if taken is None or taken in found[:KEPT] else [*found[:KEPT], taken]
        said = [{"v": str(c.volunteer.user.pk), "parts": c.parts, "slot": c.slot.isoformat()} for c in kept]
        row = RoundResult(round=made, request=one.request, candidates=said)
        if taken:
            row.volunteer, row.score, row.parts = taken.volunteer.user, taken.score, taken.parts
            row.reasons, row.slot_start = taken.reasons, taken.slot
        else:
            row.why_not = self._why_not(one, at)
        self.shelf.add(row)

    def _why_not(self, one: Wanted, at: datetime) -> dict[str, Any]:
        facts, day = self._request(one, at), timezone.localdate(at)
        people = [self._then(person, at) for person in self.serving[one.request.quarter_id]]
        fallen = [gates.failed(facts, person, today=day, zone=self.zone) for person in people]
        counted = Counter(failed[0] for failed in fallen if failed)
        order = {gate: counted[gate] for gate in gates.GATES if counted[gate]}
        return {"candidates": len(people), "gates": order, "changes": []}

    # --- who could ----------
    def _candidates(self, one: Wanted, at: datetime) -> list[Candidate]:
        facts, day = self._request(one, at), timezone.localdate(at)
        found = []
        for base in self.serving[one.request.quarter_id]:
            if one.skill.slug not in base.levels:
                continue
            person = self._then(base, at)
            if gates.failed(facts, person, today=day, zone=self.zone):
                continue
            slot = gates.slot(facts, person, self.zone)
            assert slot is not None
            parts = scoring.parts(facts, person, now=at, zone=self.zone)
            why = reasons.reasons_for(facts, person, slot=slot, now=at, zone=self.zone)
            found.append(Candidate(self.volunteers[person.id], parts, why, slot))
        return sorted(found, key=lambda c: (-c.score, str(c.volunteer.user.pk)))

    def _room(self, volunteer: UUID, at: datetime) -> int:
        return max(0, self.volunteers[volunteer].profile.capacity - self._live(volunteer, at))

    def _live(self, volunteer: UUID, at: datetime) -> int:
        return sum(row.proposed_at <= at and (row.ended_at or at) >= at for row in self.matches[volunteer])

    def _then(self, person: VolunteerFacts, at: datetime) -> VolunteerFacts:
        """The facts that change from night to night."""
        asked = (row.asked_at for row in self.matches[person.id] if row.asked_at and row.asked_at < at)
        return replace(person, live_matches=self._live(person.id, at), last_asked_at=max(asked, default=None))

    def _request(self, one: Wanted, at: datetime) -> RequestFacts:
        request, resident, skill = one.request, one.request.resident, one.skill
        rows = [(key, row) for key, some in self.matches.items() for row in some if row.resident_id == resident.pk]
        before = [(key, row) for key, row in rows if row.proposed_at < at]
        return RequestFacts(
            resident_id=resident.pk,
            quarter_id=request.quarter_id,
            cell=request.place.cell if request.place else "",
            skills=frozenset({skill.slug}),
            needs=frozenset({skill.needs}) - {"none"},
            minors_may=skill.minors_may,
            remote=skill.remote,
            windows=tuple((max(start, at + LEAD), end) for start, end in one.windows if end > at + LEAD),
            duration=timedelta(minutes=request.duration_minutes),
            languages=frozenset(request.languages),
            gender_wish="",
            wishes_other_generation=request.wishes_other_generation,
            resident_languages=frozenset(resident.languages),
            resident_born_on=resident.born_on,
            admitted=self.admitted[request.quarter_id],
            weights=scoring.WEIGHTS,
            out={key: "rejected" for key, row in before if row.request_id == request.pk},
            together=Counter(
                key for key, row in before if row.state == states.COMPLETED and row.ended_at and row.ended_at < at
            ),
        )

    def _everybody(self) -> Iterable[VolunteerFacts]:
        levels: dict[UUID, dict[str, int]] = defaultdict(dict)
        for offered in self.shelf.of(OfferedSkill):
            levels[offered.profile.user_id][offered.skill_id] = offered.level
        served: dict[UUID, set[UUID]] = defaultdict(set)
        for row in self.shelf.of(VolunteerProfile.served_quarters.through):
            served[row.volunteerprofile.user_id].add(row.quarter_id)
        checked: dict[UUID, list[Vetting]] = defaultdict(list)
        for vetting in self.shelf.of(Vetting):
            checked[vetting.user_id].append(vetting)
        for key, one in self.volunteers.items():
            yield _facts(one, levels=levels[key], served=frozenset(served[key]), vetted=holding(checked[key]))


def _facts(
    one: Volunteer, *, levels: dict[str, int], served: frozenset[UUID], vetted: dict[str, Any]
) -> VolunteerFacts:
    user: User = one.user
    return VolunteerFacts(
        id=user.pk,
        home_quarter_id=user.quarter_id,
        served=served,
        cell=user.place.cell if user.place else "",
        radius_km=one.profile.radius_m / 1000,
        levels=levels,
        vetted=vetted,
        weekly=tuple(one.windows),
        extra=(),
        away=(),
        busy=(),
        hours_per_week=float(one.profile.hours_per_week),
        hours_taken={},
        capacity=one.profile.capacity,
        live_matches=0,
        paused=one.profile.paused,
        ready=one.profile.welcomed_at is not None,
        languages=frozenset(user.languages),
        gender=user.gender,
        born_on=user.born_on,
        wishes_other_generation=one.profile.wishes_other_generation,
        last_asked_at=None,
        joined_at=user.joined_at,
    )
