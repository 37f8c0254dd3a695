"""From rows to facts, in a number of queries that does not grow with the number of people."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import Block, VolunteerProfile
from accounts.rules import holding
from matching import states, times, weighing
from matching.facts import Interval, RequestFacts, VolunteerFacts
from matching.holidays import holidays_between
from matching.models import Appointment, HelpRequest, Match
from places.models import Border, Quarter

LEAD = timedelta(hours=2)  # to be asked, to say yes on both sides, and to walk over
LEAD_URGENT = timedelta(minutes=30)
CERTAINLY_NOT_AGAIN = (states.REJECTED, states.REFUSED, states.DECLINED, states.EXPIRED, states.ENDED)


def zone_of(quarter: Quarter) -> tzinfo:
    """The local time of a quarter: the installation's."""
    return timezone.get_default_timezone()


def is_holiday(day: date) -> bool:
    return bool(holidays_between(day, day))


def series_days(rule: str, since: date, first: date, last: date) -> list[date]:
    return []


def visits(people, *, now: datetime):
    agreed = Appointment.objects.filter(state=Appointment.State.AGREED, end__gt=now)
    if people is not None:
        agreed = agreed.filter(Q(match__volunteer__in=people) | Q(match__resident__in=people))
    for start, end, volunteer, resident, cell in agreed.values_list(
        "start", "end", "match__volunteer", "match__resident", "match__request__place__cell"
    ):
        yield volunteer, start, end, cell or ""
        yield resident, start, end, cell or ""


def promised(people, *, now: datetime):
    everybody = people if people is not None else list(VolunteerProfile.objects.values_list("user_id", flat=True))
    for person, weeks in _hours(everybody, now).items():
        for monday, hours in weeks.items():
            yield person, monday, hours


def facts_of(people, *, now: datetime):
    return {one.id: one for one in volunteer_facts(VolunteerProfile.objects.filter(user__in=people), now=now)}


def facts_of_requests(rows, *, now: datetime, free=()):
    return [request_facts(row, now=now) for row in rows]


def request_facts(request: HelpRequest, *, now: datetime) -> RequestFacts:
    """Everything the matcher may know of one request; `request` as from `for_cards()`."""
    skills = list(request.skills.all())
    return RequestFacts(
        resident_id=request.resident_id,
        quarter_id=request.quarter_id,
        cell=request.place.cell if request.place else "",
        skills=frozenset(skill.slug for skill in skills),
        needs=frozenset(skill.needs for skill in skills) - {"none"},
        minors_may=bool(skills) and all(skill.minors_may for skill in skills),
        remote=bool(skills) and all(skill.remote for skill in skills),
        windows=tuple(windows_of(request, now=now)),
        duration=timedelta(minutes=request.duration_minutes),
        languages=frozenset(request.languages),
        gender_wish=request.gender_wish,
        wishes_other_generation=request.wishes_other_generation,
        resident_languages=frozenset(request.resident.languages),
        resident_born_on=request.resident.born_on,
        admitted=_admitted(request.quarter),
        around=dict(Border.objects.filter(quarter=request.quarter_id).values_list("neighbour", "barrier")),
        without_skill=_without_skill(skills),
        weights=weighing.weights_of(request.quarter),
        out=_out(request),
        together=_together(request.resident_id),
    )


def windows_of(request: HelpRequest, *, now: datetime) -> list[Interval]:
    """The request's windows as moments, from the soonest on at which somebody could really come."""
    zone = zone_of(request.quarter)
    today = now.astimezone(zone).date()
    rows = list(request.windows.all())
    if request.timing == HelpRequest.Timing.WEEKLY:
        weekly = [(row.weekday or 0, row.start_minute or 0, row.end_minute or 0) for row in rows]
        found = times.weekly_intervals(weekly, today, today + timedelta(days=times.WEEKLY_AHEAD_DAYS), zone)
    elif request.timing == HelpRequest.Timing.FLEXIBLE and request.flexible_until:
        last = min(request.flexible_until, today + timedelta(days=60))
        found = [times.local_interval(day, *times.DAY_MINUTES, zone) for day in times.days(today, last)]
    else:
        found = [(row.start, row.end) for row in rows if row.start and row.end]
    soonest = now + (LEAD_URGENT if request.urgency == HelpRequest.Urgency.URGENT else LEAD)
    return [(max(start, soonest), end) for start, end in times.joined(found) if end > soonest]


def volunteer_facts(profiles: "QuerySet[VolunteerProfile]", *, now: datetime) -> list[VolunteerFacts]:
    """Facts of all these volunteers, ordered by id."""
    rows = list(
        profiles.select_related("user__place", "user__quarter")
        .prefetch_related("served_quarters", "offered_skills", "availabilities", "exceptions", "user__vettings")
        .order_by("user_id")
    )
    people = [row.user_id for row in rows]
    busy, hours = _busy(people, now), _hours(people, now)
    return [_facts(row, busy=busy[row.user_id], hours=hours[row.user_id], now=now) for row in rows]


def _facts(row: VolunteerProfile, *, busy: list[Interval], hours: dict[date, float], now: datetime) -> VolunteerFacts:
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
        weekly=tuple((a.weekday, a.start_minute, a.end_minute) for a in row.availabilities.all()),
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
        last_asked_at=row.last_asked_at,
        joined_at=user.joined_at,
        ask_wish=row.ask_wish,
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


def _busy(people: list[UUID], now: datetime) -> dict[UUID, list[Interval]]:
    """Agreed appointments still to come, of these people in either role."""
    found: dict[UUID, list[Interval]] = defaultdict(list)
    agreed = Appointment.objects.filter(state=Appointment.State.AGREED, end__gt=now).filter(
        Q(match__volunteer__in=people) | Q(match__resident__in=people)
    )
    for start, end, volunteer, resident in agreed.values_list("start", "end", "match__volunteer", "match__resident"):
        found[volunteer].append((start, end))
        found[resident].append((start, end))
    return found


def _hours(people: list[UUID], now: datetime) -> dict[UUID, dict[date, float]]:
    """Monday of a week -> hours these volunteers promised in it: agreed appointments, else the slot of a live match."""
    zone = timezone.get_default_timezone()
    found: dict[UUID, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    week = times.week_of(now, zone)
    since = times.local_interval(week, 0, 1440, zone)[0]
    agreed = Appointment.objects.filter(
        match__volunteer__in=people, state__in=[Appointment.State.AGREED, Appointment.State.DONE], start__gte=since
    )
    dated = set()
    for match, volunteer, start, end in agreed.values_list("match_id", "match__volunteer", "start", "end"):
        found[volunteer][times.week_of(start, zone)] += (end - start) / timedelta(hours=1)
        dated.add(match)
    live = Match.objects.filter(volunteer__in=people, state__in=states.LIVE, slot_start__gte=since)
    for match, volunteer, slot, minutes in live.values_list(
        "id", "volunteer", "slot_start", "request__duration_minutes"
    ):
        if match not in dated:
            found[volunteer][times.week_of(slot or now, zone)] += minutes / 60
    return found


def _without_skill(skills):
    if len(skills) < 2:
        return {}
    found = {}
    for skill in skills:
        rest = [one for one in skills if one != skill]
        found[skill.slug] = {
            "skills": frozenset(one.slug for one in rest),
            "needs": frozenset(one.needs for one in rest) - {"none"},
            "minors_may": all(one.minors_may for one in rest),
            "remote": all(one.remote for one in rest),
        }
    return found


def _admitted(quarter: Quarter) -> dict[UUID, str]:
    """Neighbours the policy lets in, with the barrier to each: all or none of them, unless a border says otherwise."""
    rows = Border.objects.filter(quarter=quarter)
    let_in = Q(admitted=True) | Q(admitted__isnull=True) if quarter.admits_neighbours else Q(admitted=True)
    return dict(rows.filter(let_in).values_list("neighbour", "barrier"))


def _out(request: HelpRequest) -> dict[UUID, str]:
    """Volunteers who can never be this pair, with the gate that says so."""
    out: dict[UUID, str] = {}
    resident = request.resident_id
    for blocker, blocked in Block.objects.filter(Q(blocker=resident) | Q(blocked=resident)).values_list(
        "blocker", "blocked"
    ):
        out[blocked if blocker == resident else blocker] = "blocked"
    for volunteer, state in request.matches.values_list("volunteer", "state"):
        if state in states.LIVE or state == states.COMPLETED:
            out[volunteer] = "live"
        elif state in CERTAINLY_NOT_AGAIN:
            out.setdefault(volunteer, "rejected")
    return out


def _together(resident: UUID) -> dict[UUID, int]:
    done = Match.objects.filter(resident=resident, state=states.COMPLETED).order_by()
    return dict(done.values("volunteer").annotate(times=Count("pk")).values_list("volunteer", "times"))


def wider(facts: RequestFacts, *, minutes: int) -> RequestFacts:
    """The same request with every window stretched by so many minutes at both ends."""
    stretch = timedelta(minutes=minutes)
    return replace(facts, windows=tuple(times.joined((start - stretch, end + stretch) for start, end in facts.windows)))


def pool(request: HelpRequest) -> "QuerySet[VolunteerProfile]":
    """Everybody who could come into question if things were different: the quarter's people and its neighbours'."""
    around = Border.objects.filter(quarter=request.quarter_id).values("neighbour")
    return VolunteerProfile.objects.filter(
        Q(user__quarter=request.quarter_id) | Q(user__quarter__in=around),
        user__is_active=True,
        user__suspended_at__isnull=True,
    )


def able(request: HelpRequest, skills: Iterable[str]) -> "QuerySet[VolunteerProfile]":
    """The narrow search: welcomed, serving the quarter, with every needed skill; by indexed columns."""
    rows = pool(request).filter(welcomed_at__isnull=False, served_quarters=request.quarter_id)
    for slug in skills:
        rows = rows.filter(offered_skills__skill=slug)
    return rows
