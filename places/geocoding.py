"""
From a typed address to houses: the imported table as a geopy geocoder, or an own Nominatim or Photon by setting.

Always on the server, always the address without a name (Location rule L8).
"""

from urllib.parse import urlsplit

from django.conf import settings
from geopy.distance import great_circle
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon
from geopy.geocoders.base import Geocoder
from geopy.location import Location

from places.models import House
from places.normalise import number_key, split_number, street_key

SAME_HOUSE_M = 150  # two rows of one address nearer than this are one house with two doors
TIMEOUT_SECONDS = 5


class TableGeocoder(Geocoder):
    """A geopy geocoder over our own table of houses; asks nobody, needs no network."""

    def __init__(self) -> None:
        super().__init__(user_agent="gemeinsinn", timeout=TIMEOUT_SECONDS)

    def geocode(
        self, query: str | dict, *, exactly_one: bool = True, timeout: object = None
    ) -> Location | list[Location] | None:
        """
        Locations of the houses that fit; `query` as one line ("Hauptstr 12, 51373 Ort") or a dict with street, number,
        postcode, city. With `exactly_one`, None also where several fit: the first is never taken for the right one.
        """
        houses = houses_in_table(**(query if isinstance(query, dict) else read_line(query)))
        found = [Location(in_words(house), (house.lat, house.lon), {"house_id": house.pk}) for house in houses]
        if exactly_one:
            return found[0] if len(found) == 1 else None
        return found or None


def houses_in_table(*, street: str, number: str = "", postcode: str = "", city: str = "") -> list[House]:
    """Houses of the table with this street and number, narrowed by postcode and, where it tells them apart, city."""
    if not number.strip():
        street, number = split_number(street)
    key, wanted = street_key(street), number_key(number)
    if not key or not wanted:
        return []
    rows = House.objects.filter(street_key=key, number_key=wanted).select_related("quarter")
    hits = _one_per_house(list(rows.order_by("postcode", "quarter__name", "id")[:200]))
    hits = [house for house in hits if not postcode.strip() or house.postcode in ("", postcode.strip())]
    in_city = [house for house in hits if street_key(house.city) == street_key(city)]
    return in_city or hits


def read_line(line: str) -> dict[str, str]:
    """Street, number, postcode and city out of "Hauptstr 12, 51373 Musterstadt"."""
    first, _comma, rest = line.partition(",")
    street, number = split_number(first)
    head, _space, tail = rest.strip().partition(" ")
    is_postcode = head.isdigit() and len(head) == 5
    return {
        "street": street,
        "number": number,
        "postcode": head if is_postcode else "",
        "city": tail.strip() if is_postcode else rest.strip(),
    }


def in_words(house: House) -> str:
    """ "Hauptstraße 12, 51373 Musterstadt", with what the table knows."""
    place = f"{house.postcode} {house.city}".strip()
    return ", ".join(part for part in (f"{house.street} {house.number}".strip(), place) if part)


def own_service() -> Geocoder | None:
    """The operator's own Nominatim or Photon, or None (the default: the table alone)."""
    kinds = {"nominatim": Nominatim, "photon": Photon}
    if settings.GEOCODER not in kinds or not settings.GEOCODER_URL:
        return None
    url = urlsplit(settings.GEOCODER_URL)
    agent = f"Gemeinsinn ({settings.GEOCODER_CONTACT or settings.SITE_URL})"
    return kinds[settings.GEOCODER](
        scheme=url.scheme or "https",
        domain=url.netloc + url.path.rstrip("/"),
        user_agent=agent,
        timeout=TIMEOUT_SECONDS,
    )


def locations_from_service(*, street: str, number: str, postcode: str = "", city: str = "") -> list[Location]:
    """What the own service finds for the address; nothing where there is none or it does not answer."""
    service = own_service()
    line = ", ".join(part for part in (f"{street} {number}".strip(), f"{postcode} {city}".strip()) if part)
    if service is None or not line:
        return []
    try:
        return service.geocode(line, exactly_one=False) or []
    except GeopyError:
        return []  # the address is then accepted as "not found yet" and waits on the desk


def _one_per_house(houses: list[House]) -> list[House]:
    kept: list[House] = []
    for house in houses:
        if not any(_same_house(house, other) for other in kept):
            kept.append(house)
    return kept


def _same_house(a: House, b: House) -> bool:
    if a.postcode and b.postcode and a.postcode != b.postcode:
        return False
    return great_circle((a.lat, a.lon), (b.lat, b.lon)).m < SAME_HOUSE_M
