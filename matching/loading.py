"""From rows to facts, in a number of queries that does not grow with the number of people."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts import trust, youth
from accounts.models import Block, Skill, VolunteerProfile
from accounts.trust import holding
from core.holidays import holidays_between, is_holiday
from core.series import series_days
from matching import states, taken, times, weighing
from matching.facts import Interval, RequestFacts, Visit, VolunteerFacts
from matching.models import HelpRequest, Match, RequestWindow
from places.models import Border, Quarter

LEAD = timedelta(hours=2)  # to be asked, to say yes on both sides, and to walk over
LEAD_URGENT = timedelta(minutes=30)


def zone_of(quarter: Quarter) -> tzinfo:
    """The local time of a quarter: the installation's."""
    return timezone.get_default_timezone()


def request_facts(request: HelpRequest, *, now: datetime) -> RequestFacts:
    """Everything the matcher may know of one request; `request` as from `for_cards()`."""
    return facts_of_requests([request], now=now)[0]


def facts_of_requests(
    rows: Sequence[HelpRequest], *, now: datetime, free: Collection[Match] = ()
) -> list[RequestFacts]:
    """Facts of all these requests, in their order; matches in `free` are looked at as if they were not there."""
    quarters = {row.quarter_id: row.quarter for row in rows}
    around, weights = _around(quarters), weighing.weights_by_quarter(quarters)
    matrix, young = trust.current(), youth.current()
    out, together = _out(rows, {match.pk for match in free}), _together({row.resident_id for row in rows})
    return [
        RequestFacts(
            **_own(row, matrix),
            youth=young,
            windows=tuple(windows_of(row, now=now)),
            admitted={
                neighbour: barrier
                for neighbour, barrier, admitted in around[row.quarter_id]
                if (row.quarter.admits_neighbours if admitted is None else admitted)
            },
            around={neighbour: barrier for neighbour, barrier, _admitted in around[row.quarter_id]},
            weights=weights[row.quarter_id],
            out=out[row.pk],
            together=together[row.resident_id],
        )
        for row in rows
    ]


def _own(request: HelpRequest, matrix: trust.Matrix) -> dict[str, Any]:
    """What stands in the request itself and with its resident."""
    skills = list(request.skills.all())
    return _asked_for(skills, matrix) | {
        "resident_id": request.resident_id,
        "quarter_id": request.quarter_id,
        "cell": request.place.cell if request.place else "",
        "without_skill": {
            skill.slug: _asked_for([other for other in skills if other != skill], matrix)
            for skill in skills
            if len(skills) > 1
        },
        "duration": timedelta(minutes=request.duration_minutes),
        "languages": frozenset(request.languages),
        "gender_wish": request.gender_wish,
        "wishes_other_generation": request.wishes_other_generation,
        "resident_languages": frozenset(request.resident.languages),
        "resident_born_on": request.resident.born_on,
    }


def _asked_for(skills: Sequence[Skill], matrix: trust.Matrix) -> dict[str, Any]:
    """What these kinds of help ask of a volunteer together."""
    return {
        "skills": frozenset(skill.slug for skill in skills),
        "needs": matrix.needs_of(skills),
        "minors_may": bool(skills) and all(skill.minors_may for skill in skills),
        "remote": bool(skills) and all(skill.remote for skill in skills),
    }


def windows_of(request: HelpRequest, *, now: datetime) -> list[Interval]:
    """The request's windows as moments, from the soonest on at which somebody could really come."""
    zone = zone_of(request.quarter)
    today = now.astimezone(zone).date()
    rows = list(request.windows.all())
    if request.timing == HelpRequest.Timing.WEEKLY:
        found = _weekly(rows, today, zone, skips_holidays=request.skips_holidays)
    elif request.timing == HelpRequest.Timing.FLEXIBLE and request.flexible_until:
        last = min(request.flexible_until, today + timedelta(days=times.HORIZON_DAYS))
        found = [times.local_interval(day, *times.DAY_MINUTES, zone) for day in times.days(today, last)]
    else:
        found = [(row.start, row.end) for row in rows if row.start and row.end]
    soonest = now + (LEAD_URGENT if request.urgency == HelpRequest.Urgency.URGENT else LEAD)
    return [(max(start, soonest), end) for start, end in times.joined(found) if end > soonest]


def _weekly(rows: list[RequestWindow], today: date, zone: tzinfo, *, skips_holidays: bool) -> list[Interval]:
    """Plain weekly windows for the next weeks, those with a rule as far as series are looked ahead."""
    near, far = (today + timedelta(days=ahead) for ahead in (times.WEEKLY_AHEAD_DAYS, times.HORIZON_DAYS))
    closed = holidays_between(today, far) if skips_holidays else frozenset()
    weekly = [(row.weekday or 0, row.start_minute or 0, row.end_minute or 0) for row in rows if not row.rule]
    series = [
        times.local_interval(day, row.start_minute or 0, row.end_minute or 0, zone)
        for row in rows
        if row.rule and row.since
        for day in series_days(row.rule, row.since, today, far)
        if day not in closed
    ]
    return times.weekly_intervals(weekly, today, near, zone, but=closed) + series


def volunteer_facts(profiles: "QuerySet[VolunteerProfile]", *, now: datetime) -> list[VolunteerFacts]:
    """Facts of all these volunteers, ordered by id."""
    rows = list(
        profiles.select_related("user__place", "user__quarter")
        .prefetch_related("served_quarters", "offered_skills", "availabilities", "exceptions", "user__vettings")
        .order_by("user_id")
    )
    people = [row.user_id for row in rows]
    busy, hours = defaultdict(list), taken.hours(people, now)
    for person, start, end, cell in taken.visits(people, now=now):
        busy[person].append((start, end, cell))
    return [_facts(row, busy=busy[row.user_id], hours=hours[row.user_id], now=now) for row in rows]


def _facts(row: VolunteerProfile, *, busy: list[Visit], hours: dict[date, float], now: datetime) -> VolunteerFacts:
    user = row.user
    zone = timezone.get_default_timezone()
    extra, away = _exceptions(row, zone)
    return VolunteerFacts(
        id=user.pk,
        home_quarter_id=user.quarter_id,
        served=frozenset(quarter.pk for quarter in row.served_quarters.all()),
        cell=user.place.cell if user.place else "",
        radius_km=row.radius_m / 1000,
        levels={offered.skill_id: offered.level for offered in row.offered_skills.all()},
        vetted=holding(user.vettings.all()),
        weekly=tuple((a.weekday, a.start_minute, a.end_minute) for a in row.availabilities.all() if not a.rule),
        series=tuple(_series(row, now.astimezone(zone).date(), zone)),
        helps_on_holidays=row.helps_on_holidays,
        extra=extra,
        away=away,
        busy=tuple(busy),
        hours_per_week=float(row.hours_per_week),
        hours_taken=hours,
        capacity=row.capacity,
        live_matches=row.live_matches,
        paused=row.is_paused_on(now.astimezone(zone).date()),
        ready=bool(row.welcomed_at and user.is_active and not user.suspended_at),
        languages=frozenset(user.languages),
        gender=user.gender,
        born_on=user.born_on,
        wishes_other_generation=row.wishes_other_generation,
        ask_wish=row.ask_wish,
        last_asked_at=row.last_asked_at,
        joined_at=user.joined_at,
    )


def _exceptions(row: VolunteerProfile, zone: tzinfo) -> tuple[tuple[Interval, ...], tuple[Interval, ...]]:
    extra: list[Interval] = []
    away: list[Interval] = []
    for gap in row.exceptions.all():
        target = extra if gap.available else away
        target += [
            times.local_interval(day, gap.start_minute, gap.end_minute, zone)
            for day in times.days(gap.first_day, gap.last_day)
        ]
    return tuple(extra), tuple(away)


def _series(row: VolunteerProfile, today: date, zone: tzinfo) -> Iterator[Interval]:
    """The days of every availability with a rule, as far as series are looked ahead."""
    last = today + timedelta(days=times.HORIZON_DAYS)
    for window in row.availabilities.all():
        if window.rule and window.since:
            for day in series_days(window.rule, window.since, today, last):
                if row.helps_on_holidays or not is_holiday(day):
                    yield times.local_interval(day, window.start_minute, window.end_minute, zone)


def facts_of(people: Sequence[UUID], *, now: datetime) -> dict[UUID, VolunteerFacts]:
    """Facts of these volunteers by their key."""
    rows = VolunteerProfile.objects.filter(user__in=people)
    return {one.id: one for one in volunteer_facts(rows, now=now)}


def _around(quarters: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str, bool | None]]]:
    """Quarter -> (neighbour, what lies between, whether it is let in; None: as the quarter's policy says)."""
    found: dict[UUID, list[tuple[UUID, str, bool | None]]] = {quarter: [] for quarter in quarters}
    rows = Border.objects.filter(quarter__in=quarters).order_by("pk")
    for quarter, neighbour, barrier, admitted in rows.values_list("quarter", "neighbour", "barrier", "admitted"):
        found[quarter].append((neighbour, barrier, admitted))
    return found


def _out(rows: Sequence[HelpRequest], free: Collection[UUID]) -> dict[UUID, dict[UUID, str]]:
    """Request -> volunteers who can never be this pair, with the gate that says so."""
    blocked: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    residents = {row.resident_id for row in rows}
    pairs = Block.objects.filter(Q(blocker__in=residents) | Q(blocked__in=residents)).values_list("blocker", "blocked")
    for one, other in pairs:
        blocked[one][other] = blocked[other][one] = "blocked"
    out = {row.pk: dict(blocked[row.resident_id]) for row in rows}
    matches = Match.objects.filter(request__in=out).exclude(pk__in=free).order_by()
    for request, volunteer, state in matches.values_list("request", "volunteer", "state"):
        if state in states.LIVE or state == states.COMPLETED:
            out[request][volunteer] = "live"
        elif state in states.CERTAINLY_NOT_AGAIN:
            out[request].setdefault(volunteer, "rejected")
    return out


def _together(residents: Collection[UUID]) -> dict[UUID, dict[UUID, int]]:
    """Resident -> volunteer -> how often these two completed a match."""
    found: dict[UUID, dict[UUID, int]] = {resident: {} for resident in residents}
    done = Match.objects.filter(resident__in=residents, state=states.COMPLETED).order_by()
    for resident, volunteer, times_ in done.values_list("resident", "volunteer").annotate(times=Count("pk")):
        found[resident][volunteer] = times_
    return found
