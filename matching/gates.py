"""
The gates: a pair that fails one is not a pair. Pure questions about facts.

Source: product.md, "What the matcher weighs".

Every gate is a small function with one answer, so that the why-not can count who fell where.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from matching import dayrules, times
from matching.facts import RequestFacts, VolunteerFacts
from places.distance import cells_km

HARDLY_ANY = 1e-6  # hours: three times twenty minutes are an hour


def quarter(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    """Same quarter, or a neighbouring one that both the volunteer and the quarter's policy admit."""
    if request.quarter_id not in volunteer.served or volunteer.home_quarter_id is None:
        return False
    return volunteer.home_quarter_id == request.quarter_id or volunteer.home_quarter_id in request.admitted


def radius(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    """Within the volunteer's radius, cell to cell; by telephone distance does not count, unknown places pass."""
    if request.remote or not request.cell or not volunteer.cell:
        return True
    return cells_km(request.cell, volunteer.cell) <= volunteer.radius_km


def skill(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return request.skills <= volunteer.levels.keys()


def vetting(request: RequestFacts, volunteer: VolunteerFacts, first: date, last: date) -> bool:
    """Every step the help needs was taken and holds on one of these days at least."""
    return dayrules.checked_between(request, volunteer, first, last)


def language(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return not request.languages or bool(request.languages & volunteer.languages)


def gender(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return not request.gender_wish or request.gender_wish == volunteer.gender


def age(request: RequestFacts, volunteer: VolunteerFacts, last: date) -> bool:
    """Minors only for kinds of help that admit their age, latest on the last wished day."""
    return dayrules.old_enough(request, volunteer, last)


def places_left(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return volunteer.live_matches < volunteer.capacity


def slot(request: RequestFacts, volunteer: VolunteerFacts, zone: tzinfo) -> datetime | None:
    """The first start at which both can and the week still has room for the hours; None where there is none."""
    hours = request.duration / timedelta(hours=1)
    for start in times.slots(times.free_of(volunteer, request, zone), request.duration):
        most = dayrules.hours_a_week(request, volunteer, start.astimezone(zone).date())
        if volunteer.hours_taken.get(times.week_of(start, zone), 0) + hours <= most + HARDLY_ANY:
            return start
    return None


def failed(request: RequestFacts, volunteer: VolunteerFacts, *, today: date, zone: tzinfo) -> list[str]:
    """
    Names of all gates this pair fails, in the order in which the why-not counts them; empty: a pair.

    Time is looked at last and only for pairs that pass everything cheaper or fail one other gate at most.
    """
    out = [request.out[volunteer.id]] if volunteer.id in request.out else []
    out += [
        name
        for name, passes in _plain(request, volunteer, *dayrules.wished(request, today=today, zone=zone))
        if not passes()
    ]
    if len(out) > 1:
        return out
    if not any(True for _ in times.slots(times.free_of(volunteer, request, zone), request.duration)):
        out.append("time")
    elif slot(request, volunteer, zone) is None:
        out.append("hours")
    return out


def _plain(
    request: RequestFacts, volunteer: VolunteerFacts, first: date, last: date
) -> list[tuple[str, Callable[[], bool]]]:
    return [
        ("self", lambda: volunteer.id != request.resident_id),
        ("ready", lambda: volunteer.ready),
        ("skill", lambda: skill(request, volunteer)),
        ("quarter", lambda: quarter(request, volunteer)),
        ("radius", lambda: radius(request, volunteer)),
        ("age", lambda: age(request, volunteer, last)),
        ("vetting", lambda: vetting(request, volunteer, first, last)),
        ("language", lambda: language(request, volunteer)),
        ("gender", lambda: gender(request, volunteer)),
        ("paused", lambda: not volunteer.paused),
        ("capacity", lambda: places_left(request, volunteer)),
    ]


GATES = (
    "self", "blocked", "rejected", "live", "ready", "skill", "quarter", "radius", "age", "vetting", "language",
    "gender", "paused", "capacity", "time", "hours",
)  # fmt: skip
