"""Finding a house and saving where somebody lives: the point goes into its own table, others get the cell."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.database import find
from core.errors import Invalid, TooMany
from places import boundaries, cells, geocoding
from places.models import ExactAddress, House, Place, Quarter
from places.normalise import number_key, split_number, street_key

CHANGES_ALLOWED = 2  # L3: who moves often could measure how far others live
CHANGES_WITHIN_DAYS = 30
LONGEST = {"street": 120, "number": 12, "postcode": 5, "city": 80, "hint": 200}


class TooManyMoves(TooMany):
    """The person changed their address twice in 30 days; the office still may."""

    code = "too_many_moves"
    detail = _("Sie haben Ihre Adresse schon zweimal in 30 Tagen geändert. Bitte rufen Sie das Quartiersbüro an.")


@dataclass(frozen=True)
class Address:
    """An address as typed; `hint` is the bell, the floor, the house at the back."""

    street: str
    number: str = ""
    postcode: str = ""
    city: str = ""
    hint: str = ""


def read_address_fields(
    *, street: str, number: str = "", postcode: str = "", city: str = "", hint: str = ""
) -> Address:
    """The typed fields, stripped, the number taken out of the street where it stands there. Raises Invalid."""
    if not number.strip():
        street, number = split_number(street)
    typed = {"street": street, "number": number, "postcode": postcode, "city": city, "hint": hint}
    typed = {name: " ".join(value.split()) for name, value in typed.items()}
    wrong: dict[str, list] = {name: [_("Das ist zu lang.")] for name in typed if len(typed[name]) > LONGEST[name]}
    wrong |= {name: [_("Das können wir nicht lesen.")] for name in typed if not _is_clean(typed[name])}
    if not street_key(typed["street"]):
        wrong["street"] = [_("Bitte geben Sie Ihre Straße an.")]
    if wrong:
        raise Invalid(fields=wrong)
    return Address(**typed)


def find_houses(address: Address) -> list[House]:
    """
    The houses this address may mean: none, one, or several to be asked about.

    The table comes first; where the operator runs an own geocoder, its answers are kept in the table as houses.
    Asks the network, so call it outside a transaction.
    """
    fields = {name: getattr(address, name) for name in ("street", "number", "postcode", "city")}
    return geocoding.houses_in_table(**fields) or _houses_from_service(address)


@transaction.atomic
def save_address(
    place: Place | None,
    *,
    address: Address,
    house: House | None,
    quarter: Quarter,
    today: date,
    by_themself: bool,
) -> Place:
    """
    The place with this address: the point mapped once to its cell, `quarter` that of the house or the given one.

    `place` None makes a new one. `house` None: not found, the cell stays empty and the place waits on the desk.
    Raises TooManyMoves.
    """
    place = Place.objects.select_for_update().get(pk=place.pk) if place else Place(quarter=quarter)
    exact = ExactAddress.objects.filter(place=place).first() if not place._state.adding else None
    if exact is None or _moves(exact, address, house):
        # correcting what was never found is free; once somebody moves, a detour by an unknown street counts like any
        if exact is not None and by_themself and (place.is_found or place.moved_on):
            place.moved_on = _counted(place.moved_on, today)
        place.quarter = (house and house.quarter) or quarter
        place.cell = cells.fixed_cell_of(house.lat, house.lon, quarter_id=house.quarter_id) if house else ""
        place.save()
    _keep(place, address, house)
    return place


def house_with(house_id: object, *, among: Address) -> House:
    """The house somebody chose out of several that fit their address. Raises NotVisible for any other."""
    allowed = [house.pk for house in find_houses(among)]
    return find(House.objects.filter(pk__in=allowed).select_related("quarter"), house_id)


def _moves(exact: ExactAddress, address: Address, house: House | None) -> bool:
    """Is this another spot than before? A new hint alone is none, and neither is another spelling."""
    before = (street_key(exact.street), number_key(exact.number), exact.postcode)
    after = (street_key(address.street), number_key(address.number), (house and house.postcode) or address.postcode)
    found_now = exact.lat is None and house is not None
    elsewhere = exact.lat is not None and house is not None and (exact.lat, exact.lon) != (house.lat, house.lon)
    return before != after or found_now or elsewhere


def _counted(moved_on: list[str], today: date) -> list[str]:
    recent = [day for day in moved_on if date.fromisoformat(day) > today - timedelta(days=CHANGES_WITHIN_DAYS)]
    if len(recent) >= CHANGES_ALLOWED:
        raise TooManyMoves
    return [*recent, today.isoformat()]


def _keep(place: Place, address: Address, house: House | None) -> None:
    typed = {"street": address.street, "number": address.number, "postcode": address.postcode, "city": address.city}
    known = {name: getattr(house, name) or typed[name] for name in typed} if house else typed
    point = {"lat": house.lat, "lon": house.lon} if house else {"lat": None, "lon": None}
    more = {"hint": address.hint, "street_key": street_key(known["street"])}
    ExactAddress.objects.update_or_create(place=place, defaults={**known, **point, **more})


def _houses_from_service(address: Address) -> list[House]:
    found = geocoding.locations_from_service(
        street=address.street,
        number=address.number,
        postcode=address.postcode,
        city=address.city or settings.CITY_NAME,
    )
    return [_house_at(address, location.latitude, location.longitude) for location in found[:5]]


def _house_at(address: Address, lat: float, lon: float) -> House:
    keys = {"street_key": street_key(address.street), "number_key": number_key(address.number)}
    fields: dict[str, Any] = {
        "street": address.street,
        "number": address.number,
        "postcode": address.postcode,
        "city": address.city,
    }
    fields["quarter"] = boundaries.quarter_at(lat, lon)
    return House.objects.get_or_create(**keys, lat=round(lat, 6), lon=round(lon, 6), defaults=fields)[0]


def _is_clean(text: str) -> bool:
    """Nothing a database could choke on: no control characters, no lone surrogates."""
    return all(letter.isprintable() for letter in text)
