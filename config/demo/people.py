"""The people of the demo city: residents, volunteers, workers, and the four one can log in as."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import search, trust
from accounts.models import (
    Availability,
    AvailabilityException,
    OfferedSkill,
    ParentConsent,
    RoleAssignment,
    Skill,
    TrustedPerson,
    User,
    Vetting,
    VolunteerProfile,
)
from config.demo import logins, names
from config.demo.city import STADTTEILE
from config.demo.logins import Login
from config.demo.offers import COMMON, DAYS, HOURS, NEEDS
from config.demo.shelf import Shelf
from places.cells import cell_of
from places.models import Border, CellSize, ExactAddress, House, Place, Quarter
from places.normalise import street_key

RESIDENTS_EACH, VOLUNTEERS_EACH = 17, 22
YEARS = {"pledge": 1, "certificate": 5}


_SPELT_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss", ord(" "): "."}


@dataclass
class Volunteer:
    """A volunteer with what belongs to them, kept together while the city is built."""

    user: User
    profile: VolunteerProfile
    skills: list[Skill]
    windows: list[tuple[int, int, int]]

    def can(self, skill: Skill) -> bool:
        return self.profile.welcomed_at is not None and skill in self.skills


@dataclass
class People:
    """Everybody, by quarter name."""

    workers: dict[str, list[User]] = field(default_factory=dict)
    residents: dict[str, list[User]] = field(default_factory=dict)
    volunteers: dict[str, list[Volunteer]] = field(default_factory=dict)
    erna: User = field(default_factory=User)
    jonas: Volunteer | None = None


class Builder:
    """Makes people onto the shelf, one after the other."""

    def __init__(self, shelf: Shelf, houses: dict[str, list[House]]) -> None:
        self.shelf, self.dice, self.houses = shelf, shelf.dice, houses
        self.steps = random.Random(11)  # likewise
        self.habits = random.Random(7)  # dice of its own: who came later moves nobody who was there
        self.today = timezone.localdate(shelf.now)
        self.surnames = names.surnames(self.dice) * 2
        self.numbers = iter(range(100, 1000))
        self.skills = {skill.slug: skill for skill in Skill.objects.filter(never_brokered=False)}
        self.neighbours: dict[object, list[Quarter]] = {}
        for border in Border.objects.select_related("neighbour").order_by("neighbour__name"):
            self.neighbours.setdefault(border.quarter_id, []).append(border.neighbour)
        self.coarse = {(row.fine, row.quarter_id): row.coarse for row in CellSize.objects.all()}
        self.people = People()
        self.taken: set[str] = set()

    def everybody(self, quarters: dict[str, Quarter]) -> People:
        for place, quarter in enumerate(quarters.values()):
            self.people.workers[quarter.name] = list(self._workers(quarter, place))
            self.people.residents[quarter.name] = [self._resident(quarter) for _ in range(RESIDENTS_EACH)]
            own = [self._volunteer(quarter, number, place) for number in range(VOLUNTEERS_EACH)]
            self.people.volunteers[quarter.name] = own
        self._logins(quarters[logins.HOME])
        self._lost(quarters[logins.HOME])
        self._trusted()
        return self.people

    # --- one of each kind ----------
    def _workers(self, quarter: Quarter, place: int) -> Iterator[User]:
        for _ in range(1 + place % 2):
            person = self._person(quarter, born=(1965, 1995), online=True, wants_help=False)
            yield self._worker(person, quarter)

    def _worker(self, person: User, quarter: Quarter) -> User:
        self.shelf.add(RoleAssignment(user=person, role="worker", quarter=quarter, since=self.shelf.at(-400, 9)))
        return person

    def _resident(self, quarter: Quarter) -> User:
        old = self.shelf.chance(0.78)
        born = (1931, 1958) if old else (1965, 2002)
        return self._person(quarter, born=born, online=self.shelf.chance(0.28 if old else 0.95))

    def _volunteer(self, quarter: Quarter, number: int, place: int) -> Volunteer:
        minor = number == 20 and place % 3 == 0
        years = (self.today.year - 17, self.today.year - 16) if minor else (1946, self.today.year - 19)
        person = self._person(quarter, born=years, online=True, wants_help=self.shelf.chance(0.1))
        new = number == 21 or (number == 20 and place % 3 == 1)
        windows = self._windows(minor=minor)
        return self._profile(person, self._skills(minor=minor), windows, new=new, paused=number == 19)

    def _profile(
        self, person: User, skills: list[Skill], windows: list[tuple[int, int, int]], *, new: bool, paused: bool = False
    ) -> Volunteer:
        dice = self.dice
        person.joined_at = self.shelf.at(-dice.randint(1, 9) if new else -dice.randint(100, 900), dice.randint(8, 19))
        profile = self.shelf.add(
            VolunteerProfile(
                user=person,
                about=dice.choice(names.ABOUT),
                radius_m=dice.choice([1000, 1500, 2000, 2000, 3000, 4000]),
                hours_per_week=dice.choices([h for h, _ in HOURS], [share for _, share in HOURS])[0],
                capacity=dice.choice([2, 3, 3, 4]),
                wishes_other_generation=self.shelf.chance(0.3),
                helps_on_holidays=self.habits.random() < 0.15,
                paused=paused,
                paused_until=self.today + timedelta(days=dice.randint(10, 40))
                if paused and self.shelf.chance(0.6)
                else None,
                welcomed_at=None if new else person.joined_at + timedelta(days=dice.randint(3, 20)),
            )
        )
        self._serve(profile, person.quarter)
        for skill in skills:
            self.shelf.add(OfferedSkill(profile=profile, skill=skill, level=dice.choice([1, 2, 2, 3])))
        for weekday, start, end in windows:
            self.shelf.add(Availability(profile=profile, weekday=weekday, start_minute=start, end_minute=end))
        if self.habits.random() < 0.1:
            self._series(profile)
        if profile.welcomed_at:
            self._vetted(person, skills)
        if self.shelf.chance(0.08):
            first = self.today + timedelta(days=dice.randint(2, 30))
            self.shelf.add(
                AvailabilityException(
                    profile=profile, first_day=first, last_day=first + timedelta(days=dice.randint(2, 14))
                )
            )
        return Volunteer(person, profile, skills, windows)

    def _series(self, profile: VolunteerProfile) -> None:
        """A Saturday now and then, besides the week."""
        rule = self.habits.choice(["FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=1SA", "FREQ=MONTHLY;BYDAY=-1SA"])
        saturday = self.today + timedelta(days=(5 - self.today.weekday()) % 7)
        hours = {"start_minute": 10 * 60, "end_minute": 13 * 60}
        self.shelf.add(Availability(profile=profile, weekday=5, **hours, rule=rule, since=saturday))

    def _serve(self, profile: VolunteerProfile, home: Quarter | None) -> None:
        around = self.neighbours.get(home.pk, []) if home else []
        more = self.dice.sample(around, min(len(around), self.dice.choice([0, 0, 1, 1, 2])))
        serves = VolunteerProfile.served_quarters.through
        for quarter in [home, *more]:
            self.shelf.add(serves(volunteerprofile=profile, quarter=quarter))

    def _vetted(self, person: User, skills: list[Skill]) -> None:
        highest = max(NEEDS.index(skill.needs) for skill in skills)
        by = self.people.workers[person.quarter.name][0]  # type: ignore[union-attr]
        for kind in NEEDS[1 : max(highest, 2) + 1]:
            day = self.today - timedelta(days=self.dice.randint(30, 400))
            if kind == "pledge":  # signed anew each year
                day += timedelta(days=330) if (self.today - day).days > 345 else timedelta()
            until = day + timedelta(days=YEARS[kind] * 365) if kind in YEARS else None
            self._step(person, kind, day, until, by)
        if person.born_on.year > self.today.year - 18:
            self._parents(person, by)
        elif self.steps.random() < 0.4:
            self._step(person, "treff", person.joined_at.date(), None, by)

    def _step(self, person: User, kind: str, day: date, until: date | None, by: User) -> None:
        ends = trust.keep_until(until) if until else None
        version = 1 if kind == "pledge" else None
        self.shelf.add(
            Vetting(user=person, kind=kind, on=day, valid_until=until, by=by, version=version, delete_on=ends)
        )

    def _parents(self, person: User, by: User) -> None:
        """A parent's yes on paper, and whom to call about each visit."""
        given = self.shelf.at(-self.steps.randint(20, 80), 17)
        grown = person.born_on.replace(year=person.born_on.year + 18)
        name, phone = f"Familie {person.last_name}", f"02214710{self.steps.randint(100, 999)}"
        self.shelf.add(
            ParentConsent(
                user=person, name=name, phone=phone, way="paper", asked_at=given, given_at=given, by=by,
                delete_on=trust.keep_until(grown),
            )
        )  # fmt: skip
        self._step(person, "parents", given.date(), grown - timedelta(days=1), by)

    def _skills(self, *, minor: bool) -> list[Skill]:
        slugs = [slug for slug in COMMON if slug in self.skills and (not minor or self.skills[slug].minors_may)]
        weights = [1 / (rank + 3) for rank in range(len(slugs))]
        drawn = dict.fromkeys(self.dice.choices(slugs, weights, k=self.dice.randint(2, 6)))
        return [self.skills[slug] for slug in drawn]

    def _windows(self, *, minor: bool) -> list[tuple[int, int, int]]:
        kinds = ["afternoons"] if minor else self.dice.sample(list(DAYS), self.dice.choice([1, 1, 2]))
        if "all week" in kinds:
            kinds = ["all week"]
        by_day: dict[int, tuple[int, int, int]] = {}
        for window in (window for kind in kinds for window in DAYS[kind]):
            by_day.setdefault(window[0], window)
        return sorted(by_day.values())

    # --- a person ----------
    def _person(self, quarter: Quarter, *, born: tuple[int, int], online: bool, wants_help: bool = True) -> User:
        woman = self.shelf.chance(0.64)
        first = self.dice.choice(names.WOMEN if woman else names.MEN)
        return self._user(
            quarter,
            first_name=first,
            last_name=self.surnames.pop(),
            gender="woman" if woman else "man",
            born_on=date(self.dice.randint(*born), self.dice.randint(1, 12), self.dice.randint(1, 28)),
            online=online,
            wants_help=wants_help,
        )

    def _user(self, quarter: Quarter, *, online: bool, password: str | None = None, **fields: object) -> User:
        person = User(quarter=quarter, languages=self._languages(), password=make_password(password), **fields)
        channel = (
            User.Channel.ONLINE if online else User.Channel.PHONE if self.shelf.chance(0.88) else User.Channel.LETTER
        )
        person.channel = channel
        person.email = self._email(person) if online else None
        person.phone = f"+492214710{next(self.numbers)}" if not online or self.shelf.chance(0.6) else ""
        person.share_phone = bool(person.phone) and self.shelf.chance(0.5)
        person.joined_at = self.shelf.at(-self.dice.randint(95, 700), self.dice.randint(8, 18))
        person.place = self._place(quarter, central=password is not None)
        person.search_key = search.key(person)
        self.shelf.add(person)
        if person.email:
            self.shelf.add(EmailAddress(user=person, email=person.email, verified=True, primary=True))
        return person

    def _email(self, person: User) -> str:
        spelt = person.full_name.lower().translate(_SPELT_OUT)
        name = re.sub(r"[^a-z.]", "", spelt)
        tries = (f"{name}{number or ''}@example.org" for number in range(1000))
        found = next(email for email in tries if email not in self.taken)
        self.taken.add(found)
        return found

    def _languages(self) -> list[str]:
        if self.shelf.chance(0.62):
            return ["de"]
        codes, shares = zip(*names.LANGUAGES, strict=True)
        return ["de", *dict.fromkeys(self.dice.choices(codes, shares, k=self.dice.choice([1, 1, 2])))]

    def _place(self, quarter: Quarter, *, central: bool = False) -> Place:
        """A house of the quarter; `central`: one of the forty nearest to its middle."""
        house = self.dice.choice(self._central(quarter) if central else self.houses[quarter.name])
        place = self.shelf.add(Place(quarter=quarter, cell=self._cell(house)))
        hint = self.dice.choice(
            ["", "", "2. Stock links", "Hinterhaus", "Bitte zweimal klingeln", "Aufzug bis zum 4. Stock"]
        )
        self.shelf.add(
            ExactAddress(
                place=place,
                street=house.street,
                street_key=house.street_key,
                number=house.number,
                postcode=house.postcode,
                city=house.city,
                hint=hint,
                lat=house.lat,
                lon=house.lon,
            )
        )
        return place

    def _central(self, quarter: Quarter) -> list[House]:
        lat, lon = next(part.points[0] for part in STADTTEILE if part.name == quarter.name)
        return sorted(self.houses[quarter.name], key=lambda house: abs(house.lat - lat) + abs(house.lon - lon))[:40]

    def _cell(self, house: House) -> str:
        """As `places.cells.fixed_cell_of`, without asking the database five hundred times."""
        fine = cell_of(house.lat, house.lon)
        return self.coarse.get((fine, house.quarter_id), fine)

    # --- the four one can be, and relatives ----------
    def _logins(self, home: Quarter) -> None:
        people = self.people
        people.erna = self._login(logins.RESIDENT, home, born=date(self.today.year - 82, 1, 17))
        people.residents[home.name].insert(0, people.erna)
        jonas = self._login(logins.VOLUNTEER, home, born=date(1991, 6, 3))
        jonas.wants_help = False
        slugs = ("einkaufen", "spazieren", "handy", "tragen", "arzt", "anruf", "botengang")
        people.jonas = self._profile(jonas, [self.skills[slug] for slug in slugs], DAYS["all week"], new=False)
        people.jonas.profile.radius_m, people.jonas.profile.capacity, people.jonas.profile.hours_per_week = 4000, 6, 8
        people.jonas.profile.about = "Ich wohne um die Ecke, kaufe gern mit ein und trage auch die schweren Sachen."
        people.volunteers[home.name].insert(0, people.jonas)
        katrin = self._worker(self._login(logins.WORKER, home, born=date(1979, 9, 9)), home)
        katrin.wants_help = False
        people.workers[home.name].insert(0, katrin)
        meral = self._login(logins.COORDINATOR, home, born=date(1972, 2, 2))
        meral.wants_help = False
        self.shelf.add(RoleAssignment(user=meral, role="coordinator", since=self.shelf.at(-400, 9)))

    def _login(self, login: Login, home: Quarter, *, born: date) -> User:
        return self._user(
            home,
            first_name=login.first_name,
            last_name=login.last_name,
            gender=login.gender,
            born_on=born,
            online=True,
            password=login.password,
        )

    def _lost(self, home: Quarter) -> None:
        """A caller whose street the table does not know: the place waits on the desk."""
        person = self._person(home, born=(1938, 1938), online=False)
        place, exact = self.shelf.of(Place)[-1], self.shelf.of(ExactAddress)[-1]
        place.cell = ""
        exact.street, exact.number, exact.lat, exact.lon, exact.hint = "Am alten Schuppen", "2", None, None, ""
        exact.street_key = street_key(exact.street)
        person.created_by = self.people.workers[home.name][0]

    def _trusted(self) -> None:
        """Some old people named a neighbour who is online."""
        for residents in self.people.residents.values():
            old = [person for person in residents if not person.email]
            online = [person for person in residents if person.email and person != self.people.erna]
            if old and online:
                named = self.shelf.at(-60, 10)
                self.shelf.add(TrustedPerson(resident=old[0], person=online[0], since=named, agreed_at=named))
