"""One person of the demo city: a name, a house, a way to be reached."""

import re
from datetime import date

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts import search
from accounts.models import User
from config.demo import names
from config.demo.city import STADTTEILE
from config.demo.shelf import Shelf
from places.cells import cell_of
from places.models import CellSize, ExactAddress, House, Place, Quarter

_SPELT_OUT = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss", ord(" "): "."}


class Persons:
    """Makes people onto the shelf, one after the other."""

    def __init__(self, shelf: Shelf, houses: dict[str, list[House]]) -> None:
        self.shelf, self.dice, self.houses = shelf, shelf.dice, houses
        self.surnames = names.surnames(self.dice) * 2
        self.numbers = iter(range(100, 1000))
        self.coarse = {(row.fine, row.quarter_id): row.coarse for row in CellSize.objects.all()}
        self.taken: set[str] = set()

    def somebody(self, quarter: Quarter, *, born: tuple[int, int], online: bool, wants_help: bool = True) -> User:
        """Somebody drawn; `born`: the first and the last year it may be."""
        woman = self.shelf.chance(0.64)
        first = self.dice.choice(names.WOMEN if woman else names.MEN)
        return self.called(
            quarter,
            first_name=first,
            last_name=self.surnames.pop(),
            gender="woman" if woman else "man",
            born_on=date(self.dice.randint(*born), self.dice.randint(1, 12), self.dice.randint(1, 28)),
            online=online,
            wants_help=wants_help,
        )

    def called(self, quarter: Quarter, *, online: bool, password: str | None = None, **fields: object) -> User:
        """Somebody with these fields, the rest drawn; with a password they live in the middle of the quarter."""
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
