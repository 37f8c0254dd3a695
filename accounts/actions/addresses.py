"""Where a person lives: set by themself or the office, read only here, and every reading leaves a row."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.actions.badges import end_badges
from accounts.models import AddressReading, User
from core.errors import Invalid, NotAllowed, NotVisible
from places.actions import addresses as places
from places.models import ExactAddress, House, Place, Quarter

READINGS_KEPT_DAYS = 3 * 365

log = logging.getLogger("gemeinsinn.accounts")


class SeveralHouses(Invalid):
    """More than one house fits; `houses` are shown and one is chosen, the first is never taken."""

    code = "several_houses"
    detail = _("Diese Adresse gibt es mehrmals. Bitte wählen Sie aus.")

    def __init__(self, houses: list[House]) -> None:
        super().__init__(fields={"house": [self.detail]})
        self.houses = houses

    @property
    def choices(self) -> list[dict]:  # type: ignore[override]  # told anew at each question
        """The houses as plain data for apps."""
        fields = ("id", "street", "number", "postcode", "city")
        return [{name: getattr(house, name) for name in fields} for house in self.houses]


class QuarterNeeded(Invalid):
    """The address lies in no known quarter, or was not found, and nobody has named the quarter yet."""

    code = "quarter_needed"
    detail = _("Wir konnten Ihr Quartier nicht erkennen. Bitte wählen Sie es aus.")

    def __init__(self) -> None:
        super().__init__(fields={"quarter": [self.detail]})


def set_place(
    *,
    person: User,
    by: User,
    now: datetime,
    street: str,
    number: str = "",
    postcode: str = "",
    city: str = "",
    hint: str = "",
    house_id: object = None,
    quarter: Quarter | None = None,
) -> Place:
    """
    The person's address becomes the given one; their quarter follows it.

    `house_id`: the choice after SeveralHouses. `quarter`: for an address that lies in none or is not found (default:
    the quarter they have). What cannot be found is kept and waits on the desk (`place.is_found` False).
    Asks an own geocoder where there is one, so call it outside a transaction.
    Raises NotAllowed, Invalid, SeveralHouses, QuarterNeeded, TooManyMoves, NotVisible (a house that was not offered).
    """
    if not may_set_place(by, person):
        raise NotAllowed
    address = places.read_address_fields(street=street, number=number, postcode=postcode, city=city, hint=hint)
    house = the_house(address, house_id)
    home = (house and house.quarter) or quarter or person.quarter
    if home is None:
        raise QuarterNeeded
    place = _save(person, address, house, home, now, by_themself=not _is_office(by, person))
    log.info("address set person=%s by=%s found=%s", person.pk, by.pk, place.is_found)
    return place


def may_set_place(by: User, person: User) -> bool:
    """The person, somebody they trust, a worker of their quarter; before they have a quarter, any worker."""
    return roles.acts_for(by, person) or _is_office(by, person)


def read_address(*, place: Place, by: User, reason: str, now: datetime, match_id: UUID | None = None) -> ExactAddress:
    """
    The exact address for this person's eyes; the reading is kept for three years, except one's own.

    With `match_id` the caller (matching.actions.reveal_address) has checked that the match opens it.
    Raises NotAllowed, NotVisible where no address is kept.
    """
    resident = User.objects.filter(place=place).first()
    if match_id is None and not _may_read(by, place, resident):
        raise NotAllowed
    exact = ExactAddress.objects.filter(place=place).first()
    if exact is None:
        raise NotVisible
    if by != resident:
        _note(place, by, reason, now, match_id)
    return exact


def _may_read(by: User, place: Place, resident: User | None) -> bool:
    return roles.works_in(by, place.quarter) or (resident is not None and roles.acts_for(by, resident))


def _note(place: Place, by: User, reason: str, now: datetime, match_id: UUID | None) -> None:
    last_day = timezone.localdate(now) + timedelta(days=READINGS_KEPT_DAYS)
    AddressReading.objects.create(
        place=place, reader=by, reason=reason[:40], match_id=match_id, at=now, delete_on=last_day
    )
    log.info("address read place=%s by=%s reason=%s match=%s", place.pk, by.pk, reason[:40], match_id)


def _is_office(by: User, person: User) -> bool:
    if by == person:
        return False
    return roles.works_in(by, person.quarter) if person.quarter else roles.is_worker(by)


def the_house(address: places.Address, house_id: object) -> House | None:
    """
    The one house this address means, None where none is found.

    `house_id`: the choice after SeveralHouses. Asks an own geocoder, so call it outside a transaction.
    """
    if house_id:
        return places.house_with(house_id, among=address)
    houses = places.find_houses(address)
    if len(houses) > 1:
        raise SeveralHouses(houses)
    return houses[0] if houses else None


@transaction.atomic
def _save(
    person: User, address: places.Address, house: House | None, home: Quarter, now: datetime, *, by_themself: bool
) -> Place:
    place = places.save_address(
        person.place,
        address=address,
        house=house,
        quarter=home,
        today=timezone.localdate(now),
        by_themself=by_themself,
    )
    moved_away = person.quarter is not None and person.quarter != place.quarter
    person.place, person.quarter = place, place.quarter
    person.save(update_fields=["place", "quarter"])
    if moved_away:  # who kept a picture of the badge would read the new office off its page
        end_badges(person, now=now)
    return place
