"""
Why nobody asked these people for six weeks, and the smallest thing that would help.

Computed for real: every request that was open near them in these weeks, stage after stage, until none is left. The
number of queries grows neither with the people nor with the requests. `unasked_words.py` says it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from accounts import trust, youth
from accounts.models import Block, VolunteerProfile
from matching import dayrules, gates, loading, states
from matching.facts import RequestFacts, VolunteerFacts
from matching.models import HelpRequest, Match, RequestEvent, RoundResult
from matching.timing import PARTS
from places.distance import cells_km
from places.models import Border, Quarter

UNASKED = timedelta(weeks=6)
WISHED_SHOWN = 3
AN_HOUR = 60  # minutes of a part of the day which a window must touch to count


@dataclass(frozen=True)
class Look:
    """
    `cause`: quiet, no_times, no_skills, skill, place, vetting, age, wishes, time, others; `count` requests speak of it.

    `helps`: {code, ...}, empty where nothing small would. `now`: an open request they fit and that lacks somebody.
    """

    cause: str
    count: int = 0
    helps: dict[str, Any] = field(default_factory=dict)
    now: HelpRequest | None = None


class Wish:
    """One request of these weeks, as it stood when it was opened and as it stands today."""

    def __init__(self, row: HelpRequest, facts: RequestFacts, *, now: datetime) -> None:
        self.row, self.facts, self._now = row, facts, now
        self.out: set[UUID] = set()  # whoever cannot be asked (again)
        self.live = 0

    @cached_property
    def then(self) -> RequestFacts:
        return replace(self.facts, windows=tuple(loading.windows_of(self.row, now=self.row.open_since or self._now)))

    @cached_property
    def today(self) -> RequestFacts:
        return replace(self.facts, windows=tuple(loading.windows_of(self.row, now=self._now)))

    @property
    def lacks_somebody(self) -> bool:
        return self.row.state == states.OPEN and self.live < self.row.helpers_needed


def look(profiles: Sequence[VolunteerProfile], *, within: Sequence[Quarter], now: datetime) -> dict[UUID, Look]:
    """Per person (key of the user) why nobody asked; `within`: the worker's quarters, whose requests they may offer."""
    keys = [profile.pk for profile in profiles]
    people = loading.volunteer_facts(VolunteerProfile.objects.filter(pk__in=keys), now=now)
    around = _around(people)
    wishes = _wishes({quarter for near in around.values() for quarter in near}, now=now)
    _note_who_is_out(wishes, people)
    chances = _chances(wishes, now=now)
    looker = _Looker(now, timezone.get_default_timezone(), chances, {quarter.pk for quarter in within})
    return {
        one.id: looker.at(one, [wish for wish in wishes if wish.row.quarter_id in around[one.id]]) for one in people
    }


class _Looker:
    def __init__(self, now: datetime, zone: tzinfo, chances: Counter[UUID], within: set[UUID]) -> None:
        self.zone, self.chances, self.within = zone, chances, within
        self.day = now.astimezone(zone).date()
        self.stages: tuple[tuple[str, Callable[[Wish, VolunteerFacts], bool]], ...] = (
            ("skill", lambda wish, one: gates.skill(wish.facts, one)),
            ("place", lambda wish, one: gates.quarter(wish.facts, one) and gates.radius(wish.facts, one)),
            ("age", lambda wish, one: gates.age(wish.facts, one, self.day)),
            ("vetting", lambda wish, one: gates.vetting(wish.facts, one, self.day, self.day)),
            ("wishes", lambda wish, one: gates.language(wish.facts, one) and gates.gender(wish.facts, one)),
        )

    def at(self, one: VolunteerFacts, near: Iterable[Wish]) -> Look:
        """The first stage at which no request is left."""
        rest = [wish for wish in near if wish.row.resident_id != one.id]
        if cause := self._before(one, rest):
            return Look(cause, len(rest), _wished(rest) if cause == "no_skills" else {})
        for cause, passes in self.stages:
            kept = [wish for wish in rest if passes(wish, one)]
            if not kept:
                return Look(cause, len(rest), self._helps(cause, one, rest))
            rest = kept
        fits_now = self._now(one, rest)
        kept = [wish for wish in rest if gates.slot(wish.then, one, self.zone)]
        if not kept and not fits_now:
            return Look("time", len(rest), _hours(rest, self.zone))
        mine = fits_now if fits_now and fits_now.quarter_id in self.within else None
        return Look("others", self.chances[one.id] or len(kept) or 1, _of_turn(one), mine)

    def _before(self, one: VolunteerFacts, near: list[Wish]) -> str:
        """What can be said without looking at any request; "" where one has to look."""
        if not (one.weekly or one.extra or one.series):
            return "no_times"
        return "no_skills" if not one.levels else "" if near else "quiet"

    def _helps(self, cause: str, one: VolunteerFacts, rest: list[Wish]) -> dict[str, Any]:
        if cause == "skill":
            return _wished(rest)
        if cause == "place":
            return _nearer(one, rest)
        return _checks(one, rest, self.day) if cause == "vetting" else {}

    def _now(self, one: VolunteerFacts, fitting: Iterable[Wish]) -> HelpRequest | None:
        open_ones = (wish for wish in fitting if wish.lacks_somebody and one.id not in wish.out)
        return next((wish.row for wish in open_ones if gates.slot(wish.today, one, self.zone)), None)


# --- what would help ----------
def _wished(wishes: Iterable[Wish]) -> dict[str, Any]:
    """The kinds of help that were asked for most."""
    counted = Counter(kind for wish in wishes for kind in wish.row.skills.all())
    ranked = sorted(counted, key=lambda kind: (-counted[kind], kind.pk))[:WISHED_SHOWN]
    return {"code": "wished", "kinds": [(kind, counted[kind]) for kind in ranked]} if ranked else {}


def _nearer(one: VolunteerFacts, wishes: list[Wish]) -> dict[str, Any]:
    """One more quarter, a longer way, or an open border: whichever brings most."""
    lets_in = [wish for wish in wishes if one.home_quarter_id in (wish.facts.quarter_id, *wish.facts.admitted)]
    unserved = [wish for wish in lets_in if wish.facts.quarter_id not in one.served and gates.radius(wish.facts, one)]
    far = [wish for wish in lets_in if wish.facts.quarter_id in one.served]
    closed = [wish for wish in wishes if wish not in lets_in and gates.radius(wish.facts, one)]
    found = [_most("serve", unserved), _longer_way(one, far), _most("border", closed)]
    return max(found, key=lambda change: change.get("count", 0))


def _most(code: str, wishes: list[Wish]) -> dict[str, Any]:
    """The quarter with most of these requests."""
    counted = Counter(wish.row.quarter.name for wish in wishes)
    name = max(sorted(counted), key=lambda name: counted[name], default="")
    return {"code": code, "quarter": name, "count": counted[name]} if name else {}


def _longer_way(one: VolunteerFacts, wishes: list[Wish]) -> dict[str, Any]:
    """The smallest full number of kilometres that reaches somebody."""
    ways = [ceil(cells_km(wish.facts.cell, one.cell)) for wish in wishes]
    km = min(ways, default=0)
    return {"code": "radius", "km": km, "count": sum(way <= km for way in ways)} if ways else {}


def _checks(one: VolunteerFacts, wishes: list[Wish], day: date) -> dict[str, Any]:
    """The fewest checks that would open requests, and whether they were there before."""
    lacks = Counter(dayrules.lacking(wish.facts, one, day) for wish in wishes)
    kinds = min(lacks, key=lambda missing: (len(missing), -lacks[missing], sorted(missing)))
    expired = all(kind in one.vetted for kind in kinds)
    return {"code": "expired" if expired else "check", "kinds": sorted(kinds), "count": lacks[kinds]}


def _hours(wishes: list[Wish], zone: tzinfo) -> dict[str, Any]:
    """The weekday and part of the day at which most of these requests lay."""
    counted = Counter(part for wish in wishes for part in _parts(wish.then, zone))
    most = max(sorted(counted), key=lambda part: counted[part], default=None)
    return {"code": "hours", "weekday": most[0], "part": most[1], "count": counted[most]} if most else {}


def _parts(request: RequestFacts, zone: tzinfo) -> set[tuple[int, str]]:
    found = set()
    for start, end in request.windows:
        local = start.astimezone(zone)
        first = local.hour * 60 + local.minute
        last = first + (end - start) // timedelta(minutes=1)
        found |= {(local.weekday(), name) for name, (a, b) in PARTS.items() if min(last, b) - max(first, a) >= AN_HOUR}
    return found


def _of_turn(one: VolunteerFacts) -> dict[str, Any]:
    return {"code": "less" if one.ask_wish < 0 else "turn"}


# --- what is looked at ----------
def _around(people: Iterable[VolunteerFacts]) -> dict[UUID, set[UUID]]:
    """Per person the quarters in which they might help: their own, the next ones, and those they chose."""
    people = list(people)
    homes = {one.home_quarter_id for one in people if one.home_quarter_id}
    next_door: dict[UUID, set[UUID]] = defaultdict(set)
    for quarter, neighbour in Border.objects.filter(neighbour__in=homes).values_list("quarter", "neighbour"):
        next_door[neighbour].add(quarter)
    return {
        one.id: ({one.home_quarter_id, *next_door[one.home_quarter_id]} if one.home_quarter_id else set()) | one.served
        for one in people
    }


def _wishes(quarters: set[UUID], *, now: datetime) -> list[Wish]:
    """Requests of these quarters that were open for a while in the last six weeks, the most urgent first."""
    before = now - UNASKED
    ended = RequestEvent.objects.filter(request=OuterRef("pk"), move__in=["fill", "withdraw", "expire"], at__gte=before)
    recent = Q(state=states.OPEN) | Q(open_since__gte=before) | Exists(ended)
    rows = HelpRequest.objects.filter(recent, quarter__in=quarters, open_since__isnull=False).for_cards()
    rows = rows.order_by("-urgency", "open_since", "pk")
    admitted, matrix, young = _admitted(quarters), trust.current(), youth.current()
    return [Wish(row, _facts(row, admitted[row.quarter_id], matrix, young), now=now) for row in rows]


def _facts(row: HelpRequest, admitted: dict[UUID, str], matrix: trust.Matrix, young: youth.Youth) -> RequestFacts:
    """As `loading.request_facts`, with what the gates look at and no query of its own; windows come when asked for."""
    kinds = list(row.skills.all())
    return RequestFacts(
        resident_id=row.resident_id,
        quarter_id=row.quarter_id,
        cell=row.place.cell if row.place else "",
        skills=frozenset(kind.slug for kind in kinds),
        needs=matrix.needs_of(kinds),
        youth=young,
        minors_may=bool(kinds) and all(kind.minors_may for kind in kinds),
        remote=bool(kinds) and all(kind.remote for kind in kinds),
        windows=(),
        duration=timedelta(minutes=row.duration_minutes),
        languages=frozenset(row.languages),
        gender_wish=row.gender_wish,
        wishes_other_generation=row.wishes_other_generation,
        resident_languages=frozenset(),
        resident_born_on=None,
        admitted=admitted,
        weights={},
    )


def _admitted(quarters: set[UUID]) -> dict[UUID, dict[UUID, str]]:
    """As `loading._admitted`, for many quarters at once."""
    let_in = Q(admitted=True) | Q(admitted__isnull=True, quarter__admits_neighbours=True)
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    rows = Border.objects.filter(let_in, quarter__in=quarters)
    for quarter, neighbour, barrier in rows.values_list("quarter", "neighbour", "barrier"):
        found[quarter][neighbour] = barrier
    return found


def _note_who_is_out(wishes: Sequence[Wish], people: Iterable[VolunteerFacts]) -> None:
    """Whoever met an open request before, or is blocked either way; and how many it has alive."""
    by_key = {wish.row.pk: wish for wish in wishes if wish.row.state == states.OPEN}
    met = Match.objects.filter(request__in=by_key).exclude(state=states.CLOSED).order_by()
    for request, volunteer, state in met.values_list("request", "volunteer", "state"):
        by_key[request].out.add(volunteer)
        by_key[request].live += state in states.LIVE
    keys = [one.id for one in people]
    apart: dict[UUID, set[UUID]] = defaultdict(set)
    for one, other in Block.objects.filter(Q(blocker__in=keys) | Q(blocked__in=keys)).values_list("blocker", "blocked"):
        apart[one].add(other)
        apart[other].add(one)
    for wish in by_key.values():
        wish.out |= apart[wish.row.resident_id]


def _chances(wishes: Iterable[Wish], *, now: datetime) -> Counter[UUID]:
    """Per person in how many of these requests a round held them for possible; the last round of each counts."""
    of = RoundResult.objects.filter(request__in=[wish.row.pk for wish in wishes], round__started_at__gte=now - UNASKED)
    last = of.filter(round__dry_run=False).order_by().values("request").annotate(last=Max("pk")).values("last")
    found: Counter[UUID] = Counter()
    for candidates in RoundResult.objects.filter(pk__in=last).values_list("candidates", flat=True):
        found.update({UUID(one["v"]) for one in candidates})
    return found
