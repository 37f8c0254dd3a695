"""The table of houses: from a city's file of building coordinates, in bulk, safe to run twice."""

import csv
import gzip
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

import numpy as np
import shapely
from django.db import transaction
from django.utils.translation import gettext as _
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry import shape

from places import cells
from places.models import House, Quarter
from places.normalise import number_key, street_key

BATCH = 2000
SAME_HOUSE_M = 100  # a row of the same address nearer than this is the same house, measured anew
METRES_PER_DEGREE = 111_320


class BadTable(Exception):
    """The table cannot be imported; `problem` is a sentence for the operator. Nothing was saved."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True)
class Columns:
    """Which column holds what; `suffix` and `postcode` may be "". x is the easting or the longitude."""

    street: str
    number: str
    x: str
    y: str
    suffix: str = ""
    postcode: str = ""
    city_column: str = ""


@dataclass
class ImportedHouses:
    """What an import did. `skipped` counts by reason: unknown_street, no_number, bad_point, too_long."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    outside: int = 0
    thin_cells: int = 0
    skipped: Counter = field(default_factory=Counter)


def import_houses(
    path: Path,
    *,
    columns: Columns,
    crs: str,
    city: str = "",
    delimiter: str = "",
    dry_run: bool = False,
    advance: Callable[[int], object] = lambda rows: None,
) -> ImportedHouses:
    """
    Create or update a House per row of the CSV file (plain or .gz, UTF-8), then measure the cells anew.

    `crs`: "utm32", "wgs84" or "EPSG:n". `delimiter` "" is guessed from the first line. `advance` hears of rows
    handled. Houses that are no longer in the file stay. Raises BadTable.
    """
    done = ImportedHouses()
    houses = _located(_read(path, columns, delimiter, done), crs, city, done)
    done.outside = sum(house.quarter_id is None for house in houses)
    new, changed = _against_table(houses, done)
    done.created, done.updated = len(new), len(changed)
    advance(len(houses) - len(new) - len(changed))
    if not dry_run:
        _save(new, changed, advance)
        done.thin_cells = cells.measure_cells()
    return done


def settle_houses() -> int:
    """Ask for every house of the table which quarter it lies in now, and measure the cells anew; how many changed."""
    houses = list(House.objects.order_by("id"))
    before = [house.quarter_id for house in houses]
    _settle(houses)
    moved = [house for house, old in zip(houses, before, strict=True) if house.quarter_id != old]
    for quarter_id in {house.quarter_id for house in moved}:
        keys = [house.pk for house in moved if house.quarter_id == quarter_id]
        for start in range(0, len(keys), 900):  # SQLite takes no more names at once on old machines
            House.objects.filter(pk__in=keys[start : start + 900]).update(quarter=quarter_id)
    if moved:
        cells.measure_cells()  # a border cuts cells in other parts now
    return len(moved)


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            plain = gzip.GzipFile(fileobj=raw) if packed else raw
            yield TextIOWrapper(plain, encoding="utf-8-sig", newline="")  # type: ignore[arg-type]
    except FileNotFoundError as nothing:
        raise BadTable(_("Die Datei %(path)s gibt es nicht.") % {"path": path}) from nothing
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as fault:
        raise BadTable(_("%(path)s ist nicht lesbar: %(fault)s") % {"path": path, "fault": fault}) from fault


def _read(path: Path, columns: Columns, delimiter: str, done: ImportedHouses) -> list[tuple]:
    """(street, number, postcode, city, x, y) of every usable row."""
    with _opened(path) as text:
        first = text.readline()
        header = next(csv.reader([first], delimiter=delimiter or _guessed(first)), [])
        table = csv.DictReader(text, fieldnames=header, delimiter=delimiter or _guessed(first))
        wanted = [name for name in vars(columns).values() if name]
        missing = [name for name in wanted if name not in header]
        if missing:
            words = _("Diese Spalten fehlen: %(missing)s. Vorhanden: %(known)s")
            raise BadTable(words % {"missing": ", ".join(missing), "known": ", ".join(header)})
        return [row for line in table if (row := _row(line, columns, done))]


def _guessed(first_line: str) -> str:
    return max(";\t,|", key=first_line.count)


def _row(line: dict, columns: Columns, done: ImportedHouses) -> tuple | None:
    done.read += 1

    def cell(name: str) -> str:
        return " ".join((line.get(name) or "").split()) if name else ""

    street, number = cell(columns.street), cell(columns.number).removesuffix(".0") + cell(columns.suffix)
    place = (cell(columns.postcode), cell(columns.city_column))
    x, y = _number(cell(columns.x)), _number(cell(columns.y))
    fault = _fault(street, number, place, x, y)
    if fault:
        done.skipped[fault] += 1
        return None
    return (street, number, *place, x, y)


def _fault(street: str, number: str, place: tuple[str, str], x: float, y: float) -> str:
    """Why a row cannot be used, or ""."""
    if not street_key(street) or "#" in street or "unbekannt" in street.casefold():
        return "unknown_street"
    if not number_key(number):
        return "no_number"
    if not (math.isfinite(x) and math.isfinite(y)):
        return "bad_point"
    if len(street) > 120 or len(number) > 12 or len(place[0]) > 5 or len(place[1]) > 80:
        return "too_long"
    return ""


def _number(text: str) -> float:
    """A number as German tables write it; nan for what is none."""
    try:
        return float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return math.nan


def _located(rows: list[tuple], crs: str, city: str, done: ImportedHouses) -> list[House]:
    if not rows:
        return []
    lons, lats = _to_wgs84([row[4] for row in rows], [row[5] for row in rows], crs)
    houses = []
    for (street, number, postcode, named_city, _x, _y), lat, lon in zip(rows, lats, lons, strict=True):
        if not (-90 <= lat <= 90 and -180 <= lon <= 180):
            done.skipped["bad_point"] += 1
            continue
        houses.append(
            House(
                street=street,
                number=number,
                postcode=postcode,
                city=named_city or city,
                street_key=street_key(street),
                number_key=number_key(number),
                lat=round(float(lat), 6),
                lon=round(float(lon), 6),
            )
        )
    _settle(houses)
    return houses


def _to_wgs84(xs: list[float], ys: list[float], crs: str) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes. UTM 32 is taken with or without the zone in front (EPSG:4647 or 25832)."""
    east, north = np.array(xs), np.array(ys)
    if crs == "wgs84":
        return east, north
    if crs == "utm32":
        east = np.where(east > 32_000_000, east - 32_000_000, east)
    try:
        source = CRS.from_user_input("EPSG:25832" if crs == "utm32" else crs)
        return Transformer.from_crs(source, "EPSG:4326", always_xy=True).transform(east, north)
    except CRSError as nothing:
        raise BadTable(_("Das Koordinatensystem %(crs)s ist nicht bekannt.") % {"crs": crs}) from nothing


def _settle(houses: list[House]) -> None:
    """Give each house the quarter its point lies in, None outside of all."""
    lons, lats = np.array([house.lon for house in houses]), np.array([house.lat for house in houses])
    owner: list[Quarter | None] = [None] * len(houses)
    for quarter in Quarter.objects.order_by("-name", "-id"):  # the first by name wins on a common border
        inside = shapely.intersects_xy(_prepared(quarter), lons, lats)
        for index in np.flatnonzero(inside):
            owner[index] = quarter
    for house, quarter_or_none in zip(houses, owner, strict=True):
        house.quarter = quarter_or_none


def _prepared(quarter: Quarter) -> shapely.Geometry:
    outline = shape(quarter.boundary)
    shapely.prepare(outline)
    return outline


def _against_table(houses: list[House], done: ImportedHouses) -> tuple[list[House], list[House]]:
    """Split into new and changed ones; what the table or the file already has is counted as unchanged."""
    known: dict[tuple, list[House]] = defaultdict(list)
    for row in House.objects.iterator(chunk_size=5000):
        known[_address(row)].append(row)
    new, changed = [], []
    for house in houses:
        same = next((row for row in known[_address(house)] if _metres(row, house) < SAME_HOUSE_M), None)
        if same is None:
            known[_address(house)].append(house)
            new.append(house)
        elif same.pk and _differs(same, house):
            house.pk = same.pk
            changed.append(house)
        else:
            done.unchanged += 1
    return new, list({house.pk: house for house in changed}.values())


def _address(house: House) -> tuple[str, str, str]:
    return house.street_key, house.number_key, house.postcode


def _differs(old: House, new: House) -> bool:
    names = ("street", "number", "city", "lat", "lon", "quarter_id")
    return any(getattr(old, name) != getattr(new, name) for name in names)


def _metres(a: House, b: House) -> float:
    """Good to a percent over a few hundred metres, and a hundred times faster than the globe."""
    shrunk = math.cos(math.radians(a.lat))
    return METRES_PER_DEGREE * math.hypot(a.lat - b.lat, (a.lon - b.lon) * shrunk)


def _save(new: list[House], changed: list[House], advance: Callable[[int], object]) -> None:
    """In batches, each its own transaction: nobody else waits long, and a run cut short is simply run again."""
    for start in range(0, len(new), BATCH):
        batch = new[start : start + BATCH]
        with transaction.atomic():
            House.objects.bulk_create(batch, batch_size=500)
        advance(len(batch))
    fields = ["street", "number", "city", "lat", "lon", "quarter"]
    for start in range(0, len(changed), BATCH):
        batch = changed[start : start + BATCH]
        with transaction.atomic():
            House.objects.bulk_update(batch, fields, batch_size=200)
        advance(len(batch))
