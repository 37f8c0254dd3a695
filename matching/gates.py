"""
The gates: a pair that fails one is not a pair. Pure questions about facts.

Source: product.md, "What the matcher weighs".

Every gate is a small function with one answer, so that the why-not can count who fell where.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from matching import times
from matching.facts import RequestFacts, VolunteerFacts, age_on
from places.distance import cells_km

ADULT_YEARS = 18
YOUNGEST_YEARS = 13
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


def vetting(request: RequestFacts, volunteer: VolunteerFacts, on: date) -> bool:
    """Everything the skills require was checked and is valid on the day."""
    return all(_valid(volunteer.vetted, need, on) for need in request.needs)


def language(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return not request.languages or bool(request.languages & volunteer.languages)


def gender(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return not request.gender_wish or request.gender_wish == volunteer.gender


def age(request: RequestFacts, volunteer: VolunteerFacts, on: date) -> bool:
    """Minors only for kinds of help that admit them. Somebody without a birthday on record counts as adult."""
    if volunteer.born_on is None:
        return True
    years = age_on(volunteer.born_on, on)
    return years >= ADULT_YEARS or (years >= YOUNGEST_YEARS and request.minors_may)


def places_left(request: RequestFacts, volunteer: VolunteerFacts) -> bool:
    return volunteer.live_matches < volunteer.capacity


def slot(request: RequestFacts, volunteer: VolunteerFacts, zone: tzinfo) -> datetime | None:
    """The first start at which both can and the week still has room for the hours; None where there is none."""
    hours = request.duration / timedelta(hours=1)
    for start in times.slots(times.free_of(volunteer, request, zone), request.duration):
        if volunteer.hours_taken.get(times.week_of(start, zone), 0) + hours <= volunteer.hours_per_week + HARDLY_ANY:
            return start
    return None


def failed(request: RequestFacts, volunteer: VolunteerFacts, *, today: date, zone: tzinfo) -> list[str]:
    """
    Names of all gates this pair fails, in the order in which the why-not counts them; empty: a pair.

    Time is looked at last and only for pairs that pass everything cheaper or fail one other gate at most.
    """
    out = [request.out[volunteer.id]] if volunteer.id in request.out else []
    out += [name for name, passes in _plain(request, volunteer, today) if not passes()]
    if len(out) > 1:
        return out
    if not any(True for _ in times.slots(times.free_of(volunteer, request, zone), request.duration)):
        out.append("time")
    elif slot(request, volunteer, zone) is None:
        out.append("hours")
    return out


def _plain(request: RequestFacts, volunteer: VolunteerFacts, today: date) -> list[tuple[str, Callable[[], bool]]]:
    return [
        ("self", lambda: volunteer.id != request.resident_id),
        ("ready", lambda: volunteer.ready),
        ("skill", lambda: skill(request, volunteer)),
        ("quarter", lambda: quarter(request, volunteer)),
        ("radius", lambda: radius(request, volunteer)),
        ("vetting", lambda: vetting(request, volunteer, today)),
        ("age", lambda: age(request, volunteer, today)),
        ("language", lambda: language(request, volunteer)),
        ("gender", lambda: gender(request, volunteer)),
        ("paused", lambda: not volunteer.paused),
        ("capacity", lambda: places_left(request, volunteer)),
    ]


def _valid(vetted: dict[str, date | None], need: str, on: date) -> bool:
    if need not in vetted:
        return False
    until = vetted[need]
    return until is None or until >= on


GATES = (
    "self", "blocked", "rejected", "live", "ready", "skill", "quarter", "radius", "vetting", "age", "language",
    "gender", "paused", "capacity", "time", "hours",
)  # fmt: skip
