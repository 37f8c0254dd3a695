"""
Quarters, offices, streets and houses of the demo city.

Names and neighbours of the Stadtteile are Leverkusen's. Their outlines are OUR OWN ROUGH APPROXIMATION: what lies
nearest to some points, inside a coarse outline drawn by hand. They are no official boundary. Streets, houses and
offices are invented; telephone numbers are from (0221) 4710 000-999, which the Bundesnetzagentur keeps free for
fiction.
"""

import math
import random
from dataclasses import dataclass

import shapely
from shapely.geometry import MultiPoint, Polygon, mapping

from places.cells import measure_cells
from places.models import Border, House, Quarter
from places.normalise import number_key, street_key

CITY = "Leverkusen"


@dataclass(frozen=True)
class Stadtteil:
    """`points`: (lat, lon) in it, the first its middle; what lies nearest to one of them belongs to it."""

    name: str
    slug: str
    postcode: str
    meeting: str
    points: tuple[tuple[float, float], ...]


STADTTEILE = (
    Stadtteil("Wiesdorf", "wiesdorf", "51373", "Treff am Marktbrunnen", ((51.033, 6.985), (51.022, 6.978))),
    Stadtteil("Hitdorf", "hitdorf", "51371", "Treff an der alten Fähre", ((51.060, 6.920), (51.070, 6.915))),
    Stadtteil("Manfort", "manfort", "51373", "Treff im Ziegelhaus", ((51.029, 7.012), (51.021, 7.008))),
    Stadtteil("Rheindorf", "rheindorf", "51371", "Treff am Deich", ((51.058, 6.957), (51.071, 6.960))),
    Stadtteil("Opladen", "opladen", "51379", "Treff am Bahnbogen", ((51.068, 7.004), (51.080, 7.000))),
    Stadtteil("Quettingen", "quettingen", "51381", "Treff in der Obstwiese", ((51.060, 7.030), (51.054, 7.026))),
    Stadtteil("Küppersteg", "kueppersteg", "51373", "Treff am Mühlrad", ((51.047, 7.000), (51.040, 7.003))),
    Stadtteil("Bürrig", "buerrig", "51373", "Treff am Reiherbusch", ((51.045, 6.972), (51.043, 6.960))),
    Stadtteil(
        "Bergisch Neukirchen",
        "bergisch-neukirchen",
        "51381",
        "Treff in der Dorfschule",
        ((51.080, 7.040), (51.086, 7.055)),
    ),
    Stadtteil("Schlebusch", "schlebusch", "51375", "Treff am Lindenplatz", ((51.032, 7.048), (51.024, 7.062))),
    Stadtteil("Steinbüchel", "steinbuechel", "51377", "Treff am Hang", ((51.045, 7.070), (51.050, 7.088))),
    Stadtteil("Lützenkirchen", "luetzenkirchen", "51381", "Treff im Pfarrgarten", ((51.061, 7.060), (51.068, 7.074))),
    Stadtteil("Alkenrath", "alkenrath", "51377", "Treff am Waldrand", ((51.042, 7.030), (51.048, 7.042))),
)

# field-germany.md C2: every pair of neighbours once, with what lies between them
BORDERS = (
    ("Wiesdorf", "Manfort", ""),
    ("Wiesdorf", "Bürrig", "Dhünn"),
    ("Wiesdorf", "Küppersteg", "Dhünn"),
    ("Hitdorf", "Rheindorf", "A 59"),
    ("Manfort", "Küppersteg", ""),
    ("Manfort", "Alkenrath", "Dhünn"),
    ("Manfort", "Schlebusch", ""),
    ("Rheindorf", "Opladen", "Wupper"),
    ("Rheindorf", "Bürrig", "Wupper"),
    ("Opladen", "Bergisch Neukirchen", ""),
    ("Opladen", "Quettingen", ""),
    ("Opladen", "Küppersteg", ""),
    ("Quettingen", "Küppersteg", "A 1, Bahn"),
    ("Quettingen", "Bergisch Neukirchen", ""),
    ("Quettingen", "Lützenkirchen", ""),
    ("Quettingen", "Alkenrath", "A 1"),
    ("Küppersteg", "Bürrig", "Bahn"),
    ("Bergisch Neukirchen", "Lützenkirchen", ""),
    ("Schlebusch", "Steinbüchel", ""),
    ("Schlebusch", "Alkenrath", ""),
    ("Steinbüchel", "Alkenrath", ""),
    ("Steinbüchel", "Lützenkirchen", ""),
    ("Lützenkirchen", "Alkenrath", ""),
)

# drawn by hand, (lat, lon): the river in the west, fields and woods elsewhere
OUTLINE = (
    (51.078, 6.898), (51.086, 6.922), (51.080, 6.950), (51.090, 6.975), (51.096, 7.005), (51.094, 7.030),
    (51.099, 7.050), (51.094, 7.074), (51.080, 7.088), (51.066, 7.103), (51.052, 7.112), (51.038, 7.098),
    (51.026, 7.086), (51.016, 7.064), (51.019, 7.040), (51.014, 7.012), (51.013, 6.984), (51.018, 6.966),
    (51.032, 6.960), (51.042, 6.942), (51.050, 6.912), (51.062, 6.896),
)  # fmt: skip

_FIRST = (
    "Amsel", "Birken", "Distel", "Erlen", "Fliederbusch", "Ginster", "Hasel", "Igel", "Kiesel", "Lerchen", "Mohn",
    "Nuss", "Otter", "Pappel", "Quitten", "Reiher", "Schilf", "Thymian", "Ulmen", "Veilchen", "Wacholder", "Zeisig",
    "Apfel", "Brombeer", "Eulen", "Fasanen", "Hagebutten", "Kastanien", "Libellen", "Marder",
)  # fmt: skip
_SECOND = ("straße", "weg", "gasse", "pfad", "ring", "allee", "platz", "stieg")
STREETS_EACH, HOUSES_EACH = 14, 28
TWICE = "Gartenweg"  # in two quarters, so that the question "which one?" can be met


def build_quarters() -> dict[str, Quarter]:
    """The 13 quarters by name, with offices and borders."""
    quarters = {}
    for place, (part, outline) in enumerate(zip(STADTTEILE, outlines(), strict=True)):
        west, south, east, north = outline.bounds
        quarters[part.name] = Quarter(
            name=part.name,
            slug=part.slug,
            boundary=mapping(outline),
            south=south,
            west=west,
            north=north,
            east=east,
            office_name=f"Quartiersbüro {part.name}",
            office_address=f"{part.meeting}, {part.postcode} {CITY}",
            office_phone=f"0221 4710{place:03d}",
            office_hours=("Mo bis Fr 9 bis 16 Uhr", "Mo, Di, Do 9 bis 17 Uhr, Fr 9 bis 13 Uhr")[place % 2],
            carrier="Nachbarschaftswerk Beispiel e. V.",
        )
    Quarter.objects.bulk_create(quarters.values())
    pairs = [pair for a, b, barrier in BORDERS for pair in ((a, b, barrier), (b, a, barrier))]
    Border.objects.bulk_create(Border(quarter=quarters[a], neighbour=quarters[b], barrier=why) for a, b, why in pairs)
    return quarters


def outlines() -> list[Polygon]:
    """Our own approximation, one per Stadtteil in their order: x = longitude, y = latitude, 5 digits."""
    city = Polygon([(lon, lat) for lat, lon in OUTLINE])
    spots = MultiPoint([(lon, lat) for part in STADTTEILE for lat, lon in part.points])
    nearest = list(shapely.voronoi_polygons(spots, extend_to=city.buffer(0.1)).geoms)
    found = []
    for part in STADTTEILE:
        own = [cell for lat, lon in part.points for cell in nearest if cell.covers(shapely.Point(lon, lat))]
        whole = shapely.union_all(own).intersection(city)
        found.append(shapely.set_precision(max(getattr(whole, "geoms", [whole]), key=lambda one: one.area), 0.00001))
    return found


def build_houses(quarters: dict[str, Quarter], dice: random.Random) -> dict[str, list[House]]:
    """Invented streets around the middle of each quarter; houses by quarter name."""
    names = [first + second for first in _FIRST for second in _SECOND]
    dice.shuffle(names)
    houses: dict[str, list[House]] = {}
    for part, outline in zip(STADTTEILE, outlines(), strict=True):
        own = [names.pop() for _ in range(STREETS_EACH - 1)]
        own.append(TWICE if part.name in ("Manfort", "Opladen") else names.pop())
        houses[part.name] = [house for name in own for house in _street(name, part, outline, quarters[part.name], dice)]
    House.objects.bulk_create((house for some in houses.values() for house in some), batch_size=500)
    measure_cells()
    return houses


def _street(name: str, part: Stadtteil, outline: Polygon, quarter: Quarter, dice: random.Random) -> list[House]:
    """Houses left and right of a straight street near one of the quarter's points; those outside are left out."""
    name = name[0].upper() + name[1:]
    lat, lon = dice.choice(part.points)
    lat, lon = lat + dice.uniform(-0.0045, 0.0045), lon + dice.uniform(-0.007, 0.007)
    angle = dice.uniform(0, math.pi)
    return [
        _house(name, str(number), part, quarter, spot)
        for number in range(1, HOUSES_EACH + 1)
        if outline.covers(shapely.Point(*reversed(spot := _spot(lat, lon, angle, number))))
    ]


def _spot(lat: float, lon: float, angle: float, number: int) -> tuple[float, float]:
    """12 m from house to house, 9 m off the middle of the street, odd numbers left."""
    along, aside = (number - HOUSES_EACH / 2) * 12, 9 if number % 2 else -9
    north = along * math.sin(angle) + aside * math.cos(angle)
    east = along * math.cos(angle) - aside * math.sin(angle)
    return round(lat + north / 111_320, 6), round(lon + east / (111_320 * math.cos(math.radians(lat))), 6)


def _house(name: str, number: str, part: Stadtteil, quarter: Quarter, spot: tuple[float, float]) -> House:
    return House(
        street=name,
        number=number,
        postcode=part.postcode,
        city=CITY,
        street_key=street_key(name),
        number_key=number_key(number),
        lat=spot[0],
        lon=spot[1],
        quarter=quarter,
    )
