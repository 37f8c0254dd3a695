"""
The same people live in every test: Ada asks, Ben helps, Cleo works in their quarter, Dora is a stranger.

Small functions make the rest; nothing is random. All live in the invented quarter "Lindenhof".
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from accounts.models import (
    Availability,
    OfferedSkill,
    RoleAssignment,
    Skill,
    TrustedPerson,
    User,
    Vetting,
    VolunteerProfile,
)
from matching import states
from matching.models import HelpRequest, Match, RequestWindow
from places.models import ExactAddress, Place, Quarter

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday, 10 o'clock in Berlin
TODAY = date(2026, 3, 3)
CELL = "881fa191adfffff"  # H3, resolution 8, at 51.05 N 7.00 E
PASSWORD = "ein-langes-passwort-42"


def a_quarter(name: str = "Lindenhof", *, west: float = 6.98) -> Quarter:
    """A square quarter of about 2.8 x 2.2 km, 0.04 degrees wide from `west` on."""
    found = Quarter.objects.filter(name=name).first()
    if found:
        return found
    east, south, north = west + 0.04, 51.04, 51.06
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return Quarter.objects.create(
        name=name,
        slug=name.lower(),
        boundary={"type": "Polygon", "coordinates": [ring]},
        south=south,
        north=north,
        west=west,
        east=east,
        office_name=f"Quartiersbüro {name}",
        office_phone="0214 000000",
        office_hours="Mo-Fr 9-16 Uhr",
        carrier="Beispielträger e. V.",
        first_visits_single=0,  # the helpers of the tests have no visits behind them
    )


def a_place(quarter: Quarter, *, cell: str = CELL, lat: float = 51.05, lon: float = 7.0) -> Place:
    """A found place with its exact address "Lindenstraße 1"."""
    place = Place.objects.create(quarter=quarter, cell=cell)
    ExactAddress.objects.create(
        place=place,
        street="Lindenstraße",
        street_key="lindenstr",
        number="1",
        postcode="51300",
        city="Musterstadt",
        lat=lat,
        lon=lon,
    )
    return place


def a_person(first_name: str, quarter: Quarter | None = None, **fields: Any) -> User:
    """Somebody of the quarter with a place, a login and the test password."""
    quarter = quarter or a_quarter()
    email = fields.pop("email", f"{first_name.lower()}@example.org")
    fields.setdefault("place", a_place(quarter))
    fields.setdefault("languages", ["de"])
    return User.objects.create_user(
        email, PASSWORD, first_name=first_name, last_name=fields.pop("last_name", "Beispiel"), quarter=quarter, **fields
    )


def ada() -> User:
    return _once("Ada", last_name="Abend", born_on=date(1942, 5, 1))


def ben() -> User:
    """A welcomed volunteer, all day free on every weekday, who shops and walks dogs."""
    person = User.objects.filter(first_name="Ben").first()
    return person or a_volunteer("Ben", last_name="Bogen", born_on=date(1990, 6, 1))


def cleo() -> User:
    """Quarter worker of Lindenhof; verified second factor is up to the test's client."""
    person = _once("Cleo", last_name="Czerny", wants_help=False)
    RoleAssignment.objects.get_or_create(user=person, role="worker", quarter=person.quarter)
    return person


def dora() -> User:
    return _once("Dora", last_name="Dohle")


def trusts(resident: User, person: User, **fields: Any) -> TrustedPerson:
    """The resident named this person, who said yes at once."""
    since = fields.setdefault("since", NOW)
    return TrustedPerson.objects.create(resident=resident, person=person, **{"agreed_at": since} | fields)


def a_skill(slug: str = "einkaufen", **fields: Any) -> Skill:
    defaults = {"group": "alltag", "icon": "basket", "name_de": slug.title(), "name_en": slug.title(), "needs": "talk"}
    skill, made = Skill.objects.get_or_create(slug=slug, defaults=defaults | fields)
    if fields and not made:  # the real list of skills is loaded in every test database
        Skill.objects.filter(pk=slug).update(**fields)
        skill.refresh_from_db()
    return skill


def a_volunteer(
    first_name: str, quarter: Quarter | None = None, *, skills: tuple[str, ...] = ("einkaufen",), **fields: Any
) -> User:
    """A welcomed volunteer, Monday to Sunday 8 to 20 h, capacity 3, radius 5 km, serving their own quarter."""
    profile_fields = fields.pop("profile", {})
    person = a_person(first_name, quarter, **fields)
    profile = VolunteerProfile.objects.create(
        user=person,
        **{"radius_m": 5000, "hours_per_week": 6, "capacity": 3, "welcomed_at": NOW, "confirmed_pairs": 5}
        | profile_fields,
    )
    profile.served_quarters.add(person.quarter)
    for slug in skills:
        OfferedSkill.objects.create(profile=profile, skill=a_skill(slug))
    for weekday in range(7):
        Availability.objects.create(profile=profile, weekday=weekday, start_minute=8 * 60, end_minute=20 * 60)
    for kind in ("talk", "pledge", "identity"):
        Vetting.objects.create(user=person, kind=kind, on=TODAY - timedelta(days=30), by=None)
    return person


def a_request(by: User | None = None, *, skills: tuple[str, ...] = ("einkaufen",), **fields: Any) -> HelpRequest:
    """An open request of Ada's for shopping, tomorrow 10 to 14 h, one hour."""
    resident = by or ada()
    windows = fields.pop("windows", None)
    now = fields.pop("now", NOW)
    defaults: dict[str, Any] = {
        "quarter": resident.quarter,
        "place": resident.place,
        "entered_by": resident,
        "state": states.OPEN,
        "open_since": now,
        "timing": HelpRequest.Timing.DATED,
        "duration_minutes": 60,
        "consent": "self",
    }
    request = HelpRequest.objects.create(resident=resident, **defaults | fields)
    request.skills.set([a_skill(slug) for slug in skills])
    if request.timing == HelpRequest.Timing.DATED:
        start = datetime(now.year, now.month, now.day, 9, 0, tzinfo=UTC) + timedelta(days=1)
        for window in windows or [(start, start + timedelta(hours=4))]:
            RequestWindow.objects.create(request=request, start=window[0], end=window[1])
    elif request.timing == HelpRequest.Timing.WEEKLY:
        for weekday, start_minute, end_minute in windows or [(1, 600, 840)]:
            RequestWindow.objects.create(
                request=request, weekday=weekday, start_minute=start_minute, end_minute=end_minute
            )
    return request


def a_match(request: HelpRequest | None = None, volunteer: User | None = None, *, state: str = "proposed") -> Match:
    """A match brought into `state` by writing the row, with the moments its constraints ask for."""
    request = request or a_request()
    volunteer = volunteer or ben()
    moments: dict[str, Any] = {"proposed_at": NOW}
    if state != states.PROPOSED:
        moments |= {"asked_at": NOW, "deadline": NOW + timedelta(hours=48)}
    if state in (states.ACCEPTED, states.CONFIRMED, states.ENDED, states.COMPLETED, states.REFUSED):
        moments["accepted_at"] = NOW
    if state in (states.CONFIRMED, states.ENDED, states.COMPLETED):
        moments["confirmed_at"] = NOW
    match = Match.objects.create(
        request=request,
        resident=request.resident,
        volunteer=volunteer,
        state=state,
        origin=Match.Origin.HAND,
        **moments,
    )
    if state in states.LIVE:
        VolunteerProfile.objects.filter(user=volunteer).update(live_matches=1)
    if state == states.ACCEPTED:
        HelpRequest.objects.filter(pk=request.pk).update(accepted_helpers=1)
        request.refresh_from_db()
    if state == states.CONFIRMED:
        HelpRequest.objects.filter(pk=request.pk).update(
            accepted_helpers=1, confirmed_helpers=1, state=states.FILLED if request.helpers_needed == 1 else states.OPEN
        )
        request.refresh_from_db()
    return match


def _once(first_name: str, **fields: Any) -> User:
    return User.objects.filter(first_name=first_name).first() or a_person(first_name, **fields)
