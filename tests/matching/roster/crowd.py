"""A small, mixed crowd with a fixed seed: everything that a gate or a part of the fit looks at occurs."""

import random
from datetime import UTC, date, datetime, timedelta

from accounts.models import Availability, AvailabilityException, Block, OfferedSkill, User, Vetting, VolunteerProfile
from matching.models import Appointment, HelpRequest
from places.models import Border, Quarter
from tests.people import NOW, TODAY, a_match, a_person, a_place, a_quarter, a_request, a_skill

SKILLS = ("einkaufen", "hund", "anrufen", "begleiten")
FOR_THE_YOUNG = ("einkaufen", "hund")
CELLS = ("881fa191adfffff", "881fa191a9fffff", "881fa19183fffff", "881fa19011fffff", "")
LANGUAGES = ("de", "tr", "ru", "ar")


def quarters() -> list[Quarter]:
    """Three in a row: the first two open to each other, a motorway before the third, and one closed border."""
    found = [a_quarter(f"Hof {n}", west=6.90 + 0.04 * n) for n in range(3)]
    for one, other, barrier, admitted in ((0, 1, "", None), (1, 0, "", None), (0, 2, "A 59", True), (2, 0, "", False)):
        Border.objects.create(quarter=found[one], neighbour=found[other], barrier=barrier, admitted=admitted)
    return found


def helpers(homes: list[Quarter], dice: random.Random, count: int = 60) -> list[User]:
    """Volunteers of every kind, some of whom fail one gate or several."""
    loosened()
    return [_helper(f"H{number}", homes, dice) for number in range(count)]


def loosened() -> None:
    """Some kinds are for the young too."""
    for slug in FOR_THE_YOUNG:
        a_skill(slug, minors_may=True)


def _helper(name: str, homes: list[Quarter], dice: random.Random) -> User:
    home = dice.choice(homes)
    person = a_person(
        name,
        home,
        place=a_place(home, cell=dice.choice(CELLS)),
        languages=dice.sample(LANGUAGES, dice.randint(1, 3)),
        gender=dice.choice(User.Gender.values),
        born_on=dice.choice(
            [
                None,
                date(1950, 2, 28),
                date(1996, 2, 29),
                date(2008, 3, 4),
                date(2008, 3, 20),
                date(2010, 3, 3),
                date(2011, 3, 9),
                date(2013, 3, 6),
            ]
        ),
        suspended_at=NOW if dice.random() < 0.05 else None,
        joined_at=NOW - timedelta(weeks=dice.randint(0, 30)),
    )
    profile = VolunteerProfile.objects.create(
        user=person,
        radius_m=dice.choice([300, 5000, 5000, 9000]),
        hours_per_week=dice.choice([1, 2, 6]),
        capacity=dice.randint(1, 3),
        live_matches=dice.choice([0, 0, 1]),
        welcomed_at=NOW if dice.random() < 0.9 else None,
        paused=dice.random() < 0.15,
        paused_until=dice.choice([None, TODAY, TODAY - timedelta(days=1)]),
        wishes_other_generation=dice.random() < 0.3,
        helps_on_holidays=dice.random() < 0.5,
        ask_wish=dice.choice([-1, 0, 1]),
        last_asked_at=dice.choice([None, NOW - timedelta(days=3), NOW - timedelta(weeks=9)]),
        confirmed_pairs=5,
    )
    profile.served_quarters.set(dice.sample(homes, dice.randint(1, 3)))
    for slug in dice.sample(SKILLS, dice.randint(2, 4)):
        OfferedSkill.objects.create(profile=profile, skill=a_skill(slug), level=dice.randint(1, 3))
    for weekday in dice.sample(range(7), dice.randint(4, 7)):
        start = dice.randrange(0, 16 * 60, 15)
        Availability.objects.create(
            profile=profile,
            weekday=weekday,
            start_minute=start,
            end_minute=min(start + dice.randrange(120, 780, 15), 1440),
        )
    _days(profile, dice)
    kinds = ["talk", "pledge", "identity", *(["parents"] if person.born_on and person.born_on.year > 2007 else [])]
    for kind in dice.sample(kinds, dice.randint(len(kinds) - 1, len(kinds))):
        until = dice.choice([None, None, TODAY + timedelta(days=9), TODAY - timedelta(days=1)])
        Vetting.objects.create(user=person, kind=kind, on=TODAY, valid_until=until, suitable=dice.random() < 0.95)
    return person


def _days(profile: VolunteerProfile, dice: random.Random) -> None:
    for _ in range(dice.choice([0, 0, 1, 3])):
        first = TODAY + timedelta(days=dice.randint(0, 30))
        start = dice.randrange(0, 18 * 60, 15)
        AvailabilityException.objects.create(
            profile=profile,
            first_day=first,
            last_day=first + timedelta(days=dice.randint(0, 6)),
            start_minute=start,
            end_minute=min(start + dice.randrange(60, 900, 15), 1440),
            available=dice.random() < 0.5,
        )


def requests(homes: list[Quarter], people: list[User], dice: random.Random, count: int = 20) -> list[HelpRequest]:
    """Open requests of every timing, some of people who also help, some with wishes."""
    found = [_request(f"R{number}", homes, dice) for number in range(count)]
    for request in found[::3]:
        Block.objects.create(blocker=request.resident, blocked=dice.choice(people))
    for request in found[::4]:
        other = dice.choice(people)
        if other.volunteer_profile.live_matches == 0:
            match = a_match(request, other, state=dice.choice(["rejected", "completed", "asked"]))
            if match.state == "completed" and dice.random() < 0.5:
                request.resident.languages = ["tr", "de"]
                request.resident.save(update_fields=["languages"])
    for helper in people[::3]:
        _visit(helper, homes, dice)
    return list(HelpRequest.objects.open().for_cards().order_by("pk"))


def _visit(helper: User, homes: list[Quarter], dice: random.Random) -> None:
    """An agreed appointment of this helper, somewhere in town."""
    resident = a_person(f"V{helper.first_name}", dice.choice(homes))
    request = a_request(resident, place=a_place(resident.quarter, cell=dice.choice(CELLS)), state="filled")
    match = a_match(request, helper, state="confirmed")
    day = dice.randint(1, 8)
    start = datetime(2026, 3, 3, dice.randint(7, 17), dice.choice([0, 15, 40]), tzinfo=UTC) + timedelta(days=day)
    Appointment.objects.create(match=match, start=start, end=start + timedelta(minutes=50), state="agreed")


def _request(name: str, homes: list[Quarter], dice: random.Random) -> HelpRequest:
    home = dice.choice(homes)
    resident = a_person(
        name, home, languages=dice.sample(LANGUAGES, 2), born_on=dice.choice([None, date(1942, 5, 1), date(1990, 1, 1)])
    )
    timing = dice.choice(["dated", "dated", "weekly", "flexible"])
    return a_request(
        resident,
        skills=tuple(dice.sample(SKILLS, dice.choice([1, 1, 1, 2]))),
        place=a_place(home, cell=dice.choice(CELLS)),
        timing=timing,
        windows=_windows(timing, dice),
        flexible_until=TODAY + timedelta(days=dice.randint(1, 70)) if timing == "flexible" else None,
        duration_minutes=dice.choice([30, 50, 60, 120]),
        languages=dice.choice([[], [], [], ["tr"], ["ru", "ar"]]),
        gender_wish=dice.choice(["", "", "", "", "woman", "man"]),
        wishes_other_generation=dice.random() < 0.3,
        urgency=dice.choice([0, 1, 2]),
        skips_holidays=dice.random() < 0.5,
    )


def _windows(timing: str, dice: random.Random) -> list[tuple] | None:
    if timing == "dated":
        starts = [NOW + timedelta(days=dice.randint(0, 40), minutes=dice.randrange(-180, 600, 15)) for _ in range(2)]
        return [(start, start + timedelta(minutes=dice.randrange(60, 480, 15))) for start in starts]
    if timing == "weekly":
        return [(weekday, 600, dice.choice([720, 840])) for weekday in dice.sample(range(7), 2)]
    return None
