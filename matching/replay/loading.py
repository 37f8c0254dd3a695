"""From rows to a history, in a number of queries that does not grow with the number of rounds, requests or people."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from accounts.models import VolunteerProfile
from matching import states
from matching.models import HelpRequest, Match, MatchEvent, Round, RoundResult
from matching.replay.history import Course, Decision, History, Moves, Person, Record, Wish
from places.models import Quarter

CLOSING = {states.WITHDRAWN: "withdraw", states.LAPSED: "expire"}


def history_of(quarter: Quarter, *, since: datetime, until: datetime) -> History:
    """What happened in the quarter between these moments, with what its volunteers did elsewhere meanwhile."""
    records = _records(quarter, since, until)
    wishes = _wishes(quarter, since, until)
    own = set(_able(quarter).values_list("user_id", flat=True))
    named = {one for record in records for decision in record.decisions for one in decision.candidates}
    helped = set(Match.objects.filter(request__in=wishes).values_list("volunteer", flat=True))
    people = own | named | helped
    courses = _courses(wishes, people, records, since=since, until=until)
    return History(since, until, wishes, _people(people, courses, since=since), courses, records)


def _records(quarter: Quarter, since: datetime, until: datetime) -> tuple[Record, ...]:
    rounds = Round.objects.filter(
        quarter=quarter, dry_run=False, state=Round.State.DONE, started_at__gte=since, started_at__lt=until
    )
    decisions = _decisions(rounds)
    return tuple(
        Record(one.pk, one.started_at, one.weights, decisions[one.pk], small=one.kind == Round.Kind.CHANGE)
        for one in rounds.order_by("started_at", "pk")
    )


def _decisions(rounds: QuerySet[Round]) -> Mapping[UUID, tuple[Decision, ...]]:
    """By round, one for each request. Several helpers of one request stand in several results."""
    rows = RoundResult.objects.filter(round__in=rounds).order_by("pk")
    found: dict[UUID, dict[UUID, tuple[dict[UUID, dict[str, float]], list[UUID]]]] = defaultdict(dict)
    for round_id, request, chosen, parts, candidates in rows.values_list(
        "round", "request", "volunteer", "parts", "candidates"
    ):
        known, taken = found[round_id].setdefault(request, ({}, []))
        known.update({UUID(one["v"]): one["parts"] for one in candidates})
        if chosen:
            known.setdefault(chosen, parts)
            taken.append(chosen)
    made = {
        key: tuple(Decision(request, known, tuple(taken)) for request, (known, taken) in by_request.items())
        for key, by_request in found.items()
    }
    return defaultdict(tuple, made)


def _wishes(quarter: Quarter, since: datetime, until: datetime) -> dict[UUID, Wish]:
    """Requests of the quarter that were open or being met in the period."""
    rows = HelpRequest.objects.filter(quarter=quarter, open_since__lt=until).exclude(state=states.DRAFT)
    rows = rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gte=since)).select_related("place")
    return {row.pk: _wish(row) for row in rows.order_by("open_since", "pk")}


def _wish(row: HelpRequest) -> Wish:
    how = CLOSING.get(row.state)
    return Wish(
        id=row.pk,
        resident=row.resident_id,
        opened_at=row.open_since or row.created_at,
        needed=row.helpers_needed,
        urgency=row.urgency,
        cell=row.place.cell if row.place else "",
        closed=(row.ended_at, how) if how and row.ended_at else None,
    )


def _able(quarter: Quarter) -> QuerySet[VolunteerProfile]:
    ready = VolunteerProfile.objects.filter(welcomed_at__isnull=False, paused=False, user__is_active=True)
    return ready.filter(user__suspended_at__isnull=True, served_quarters=quarter, user__quarter=quarter)


def _courses(
    wishes: Collection[UUID], people: Collection[UUID], records: Iterable[Record], *, since: datetime, until: datetime
) -> tuple[Course, ...]:
    rows = Match.objects.filter(Q(request__in=wishes) | Q(volunteer__in=people), proposed_at__lt=until)
    rows = rows.filter(Q(request__in=wishes) | Q(ended_at__isnull=True) | Q(ended_at__gte=since))
    moves = _moves(rows)
    decided = {(r.id, d.request, one) for r in records for d in r.decisions for one in d.chosen}
    begun = {r.id: r.at for r in records}
    found = []
    for pk, request, volunteer, at, round_id, parts in rows.order_by("proposed_at", "pk").values_list(
        "pk", "request", "volunteer", "proposed_at", "round", "parts"
    ):
        by_round = (round_id, request, volunteer) in decided and begun[round_id] == at
        known = float(parts.get("continuity") or 0) > 0
        here = request in wishes
        found.append(
            Course(request, volunteer, at, moves[pk], round_id if by_round and here else None, not here, known)
        )
    return tuple(found)


def _moves(rows: QuerySet[Match]) -> Mapping[UUID, Moves]:
    found: dict[UUID, list[tuple[datetime, str]]] = defaultdict(list)
    events = MatchEvent.objects.filter(match__in=rows).order_by("at", "pk")
    for match, move, before, at in events.values_list("match", "move", "before", "at"):
        if (before or move == "offer") and move not in ("replace", "clear"):
            found[match].append((at, move))
    return defaultdict(tuple, {match: tuple(steps) for match, steps in found.items()})


def _people(people: Collection[UUID], courses: Iterable[Course], *, since: datetime) -> dict[UUID, Person]:
    asked: dict[UUID, Any] = dict(
        Match.objects.filter(volunteer__in=people, asked_at__lt=since)
        .order_by()
        .values("volunteer")
        .annotate(last=Max("asked_at"))
        .values_list("volunteer", "last")
    )
    most = _most_at_once(courses)
    rows = VolunteerProfile.objects.filter(user__in=people).select_related("user__place")
    return {
        row.user_id: Person(
            id=row.user_id,
            capacity=max(row.capacity, most[row.user_id]),  # it may have been larger then
            ask_wish=row.ask_wish,
            joined_at=row.user.joined_at,
            asked_at=asked.get(row.user_id),
            cell=row.user.place.cell if row.user.place else "",
        )
        for row in rows.order_by("user_id")
    }


def _most_at_once(courses: Iterable[Course]) -> Counter[UUID]:
    """How many live matches each volunteer really held at the fullest moment."""
    by_person: dict[UUID, list[Course]] = defaultdict(list)
    for course in courses:
        by_person[course.volunteer].append(course)
    most: Counter[UUID] = Counter()
    for one, mine in by_person.items():
        most[one] = max(
            sum(c.at <= begun.at and (c.over_at is None or c.over_at > begun.at) for c in mine) for begun in mine
        )
    return most
