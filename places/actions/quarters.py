"""Quarters from a boundary file of any city: read, check, mend what is slightly wrong, save, find the borders."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import shapely
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from places.actions.houses import settle_houses
from places.models import Border, Quarter

TOUCHING_DEGREES = 0.0002  # about 20 m: neighbouring outlines rarely meet to the centimetre
SHARED_DEGREES = 0.0008  # about 70 m of common border; meeting in one corner makes no neighbours
MENDED_SHARE = 0.001  # an outline that crosses itself is mended if its area changes by no more than this


class BadFile(Exception):
    """The file cannot be imported; `problems` are sentences for the operator. Nothing was saved."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Outline:
    """One quarter as the file has it: `geometry` is valid and x = longitude, y = latitude."""

    name: str
    geometry: BaseGeometry
    mended: str = ""

    @property
    def slug(self) -> str:
        spelt = self.name.lower().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
        return slugify(spelt.replace("/", "-"))[:120]


@dataclass
class Imported:
    """What an import did; `mended` are sentences."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    borders: int = 0
    houses: int = 0
    mended: list[str] = field(default_factory=list)


def read_outlines(path: Path, *, name_property: str) -> list[Outline]:
    """Every quarter of a GeoJSON FeatureCollection (WGS84, Polygon or MultiPolygon). Raises BadFile with all faults."""
    features = _features(path)
    outlines, problems = [], []
    for number, feature in enumerate(features, start=1):
        try:
            outlines.append(_outline(number, feature, name_property))
        except ValueError as fault:
            problems.append(str(fault))
    problems += _doubled(outlines)
    if problems:
        raise BadFile(problems)
    return outlines


def import_quarters(
    outlines: list[Outline],
    *,
    with_borders: bool = False,
    dry_run: bool = False,
    advance: Callable[[], object] = lambda: None,
) -> Imported:
    """
    Create or update the quarters by slug; office, policy and weights of known ones stay as they are.

    `with_borders` adds rows for quarters that touch (a barrier already written down is kept). `advance` is called
    once per quarter. Houses already imported are settled anew. `dry_run` counts and takes everything back.
    """
    done = Imported(mended=[outline.mended for outline in outlines if outline.mended])
    with transaction.atomic():
        for outline in outlines:
            _save(outline, done)
            advance()
        if with_borders:
            done.borders = _save_borders()
        if done.created or done.updated:
            done.houses = settle_houses()
        transaction.set_rollback(dry_run)
    return done


def _features(path: Path) -> list[dict]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as nothing:
        raise BadFile([_("Die Datei %(path)s gibt es nicht.") % {"path": path}]) from nothing
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as fault:
        raise BadFile([_("%(path)s ist kein GeoJSON: %(fault)s") % {"path": path, "fault": fault}]) from fault
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features or not all(isinstance(one, dict) for one in features):
        raise BadFile([_("%(path)s ist kein GeoJSON mit einer FeatureCollection, oder sie ist leer.") % {"path": path}])
    return features


def _outline(number: int, feature: dict, name_property: str) -> Outline:
    properties = feature.get("properties") or {}
    name = str(properties.get(name_property) or "").strip()
    if not name:
        known = ", ".join(sorted(map(str, properties))) or "-"
        words = _("Nr. %(number)d hat keinen Namen unter „%(property)s“. Vorhanden: %(known)s")
        raise ValueError(words % {"number": number, "property": name_property, "known": known})
    if len(name) > 120:
        raise ValueError(_("Nr. %(number)d: Der Name ist länger als 120 Zeichen.") % {"number": number})
    geometry, fault = _geometry(name, feature.get("geometry"))
    return Outline(name, geometry, fault)


def _geometry(name: str, raw: Any) -> tuple[BaseGeometry, str]:
    """The valid geometry and a sentence where it had to be mended. Raises ValueError with a sentence."""
    if not isinstance(raw, dict) or raw.get("type") not in ("Polygon", "MultiPolygon"):
        kind = raw.get("type") if isinstance(raw, dict) else None
        words = _("%(name)s: Die Grenze muss Polygon oder MultiPolygon sein, nicht %(kind)s.")
        raise ValueError(words % {"name": name, "kind": kind})
    try:
        drawn = shapely.force_2d(shape(raw))
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as fault:
        words = _("%(name)s: Die Grenze ist nicht lesbar: %(fault)s")
        raise ValueError(words % {"name": name, "fault": fault}) from fault
    west, south, east, north = drawn.bounds if not drawn.is_empty else (999,) * 4
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(_("%(name)s: Die Koordinaten sind nicht WGS84 (Länge, Breite in Grad).") % {"name": name})
    return (drawn, "") if drawn.is_valid else _mended(name, drawn)


def _mended(name: str, drawn: BaseGeometry) -> tuple[BaseGeometry, str]:
    fault = explain_validity(drawn)
    parts = [one for one in getattr(shapely.make_valid(drawn), "geoms", [shapely.make_valid(drawn)]) if one.area > 0]
    whole = shapely.union_all(parts)
    polygons = whole.geom_type in ("Polygon", "MultiPolygon")
    if not polygons or abs(whole.area - drawn.area) > MENDED_SHARE * whole.area:
        raise ValueError(_("%(name)s: Die Grenze ist fehlerhaft: %(fault)s") % {"name": name, "fault": fault})
    return whole, _("%(name)s: Die Grenze war fehlerhaft und wurde bereinigt: %(fault)s") % {
        "name": name,
        "fault": fault,
    }


def _doubled(outlines: list[Outline]) -> list[str]:
    slugs = [outline.slug for outline in outlines]
    problems = [
        _("%(name)s kommt mehrmals vor.") % {"name": outline.name}
        for place, outline in enumerate(outlines)
        if outline.slug in slugs[:place]
    ]
    return problems + [
        _("%(name)s: Aus dem Namen lässt sich keine Kennung bilden.") % {"name": one.name}
        for one in outlines
        if not one.slug
    ]


def _save(outline: Outline, done: Imported) -> None:
    west, south, east, north = outline.geometry.bounds
    boundary = json.loads(json.dumps(mapping(outline.geometry)))  # tuples become lists, as the database gives them back
    fields = {"boundary": boundary, "south": south, "west": west, "north": north, "east": east}
    known = Quarter.objects.filter(slug=outline.slug).first()
    if known is None:
        Quarter.objects.create(name=outline.name, slug=outline.slug, **fields)
        done.created += 1
    elif known.boundary != boundary or known.name != outline.name:
        Quarter.objects.filter(pk=known.pk).update(name=outline.name, **fields)
        done.updated += 1
    else:
        done.unchanged += 1


def _save_borders() -> int:
    """Rows in both directions for every two quarters that share a border; how many pairs share one."""
    quarters = list(Quarter.objects.order_by("slug"))
    shapes = [shape(quarter.boundary) for quarter in quarters]
    wide = [one.buffer(TOUCHING_DEGREES) for one in shapes]
    tree = shapely.STRtree(shapes)
    pairs = [(a, int(b)) for a in range(len(wide)) for b in tree.query(wide[a], predicate="intersects") if a < b]
    pairs = [(a, b) for a, b in pairs if wide[a].intersection(shapes[b].boundary).length >= SHARED_DEGREES]
    rows = [Border(quarter=quarters[x], neighbour=quarters[y]) for a, b in pairs for x, y in ((a, b), (b, a))]
    Border.objects.bulk_create(rows, ignore_conflicts=True)
    return len(pairs)
