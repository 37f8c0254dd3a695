"""The people of the demo city: residents, volunteers, workers, and the four one can log in as."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from accounts.models import RoleAssignment, TrustedPerson, User
from config.demo import logins
from config.demo.logins import Login
from config.demo.offers import DAYS
from config.demo.persons import Persons
from config.demo.shelf import Shelf
from config.demo.volunteers import Volunteer, Volunteers
from places.models import ExactAddress, House, Place, Quarter
from places.normalise import street_key

RESIDENTS_EACH, VOLUNTEERS_EACH = 17, 22


@dataclass
class People:
    """Everybody, by quarter name."""

    workers: dict[str, list[User]] = field(default_factory=dict)
    residents: dict[str, list[User]] = field(default_factory=dict)
    volunteers: dict[str, list[Volunteer]] = field(default_factory=dict)
    erna: User = field(default_factory=User)
    jonas: Volunteer | None = None


class Builder:
    """Fills the quarters, one after the other."""

    def __init__(self, shelf: Shelf, houses: dict[str, list[House]]) -> None:
        self.shelf, self.people = shelf, People()
        self.persons = Persons(shelf, houses)
        self.volunteers = Volunteers(shelf, self.people.workers)
        self.today = timezone.localdate(shelf.now)

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
            person = self.persons.somebody(quarter, born=(1965, 1995), online=True, wants_help=False)
            yield self._worker(person, quarter)

    def _worker(self, person: User, quarter: Quarter) -> User:
        self.shelf.add(RoleAssignment(user=person, role="worker", quarter=quarter, since=self.shelf.at(-400, 9)))
        return person

    def _resident(self, quarter: Quarter) -> User:
        old = self.shelf.chance(0.78)
        born = (1931, 1958) if old else (1965, 2002)
        return self.persons.somebody(quarter, born=born, online=self.shelf.chance(0.28 if old else 0.95))

    def _volunteer(self, quarter: Quarter, number: int, place: int) -> Volunteer:
        minor = number == 20 and place % 3 == 0
        years = (self.today.year - 17, self.today.year - 16) if minor else (1946, self.today.year - 19)
        person = self.persons.somebody(quarter, born=years, online=True, wants_help=self.shelf.chance(0.1))
        new = number == 21 or (number == 20 and place % 3 == 1)
        windows = self.volunteers.some_windows(minor=minor)
        skills = self.volunteers.some_skills(minor=minor)
        return self.volunteers.profile(person, skills, windows, new=new, paused=number == 19)

    # --- the four one can be, and relatives ----------
    def _logins(self, home: Quarter) -> None:
        people = self.people
        people.erna = self._login(logins.RESIDENT, home, born=date(self.today.year - 82, 1, 17))
        people.residents[home.name].insert(0, people.erna)
        jonas = self._login(logins.VOLUNTEER, home, born=date(1991, 6, 3))
        jonas.wants_help = False
        slugs = ("einkaufen", "spazieren", "handy", "tragen", "arzt", "anruf", "botengang")
        skills = [self.volunteers.skills[slug] for slug in slugs]
        people.jonas = self.volunteers.profile(jonas, skills, DAYS["all week"], new=False)
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
        return self.persons.called(
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
        person = self.persons.somebody(home, born=(1938, 1938), online=False)
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
