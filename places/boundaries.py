"""Which quarter a point lies in, and which quarters touch."""

from functools import lru_cache

import shapely
from django.db.models import QuerySet
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from places.models import Border, Quarter


def quarter_at(lat: float, lon: float) -> Quarter | None:
    """The quarter whose boundary covers the WGS84 point (holes are outside), or None."""
    point = shapely.Point(lon, lat)
    boxes = Quarter.objects.filter(south__lte=lat, north__gte=lat, west__lte=lon, east__gte=lon)
    return next((quarter for quarter in boxes.order_by("name", "id") if outline(quarter).covers(point)), None)


def neighbours(quarter: Quarter) -> QuerySet[Quarter]:
    """The quarters that share a border with this one, by name."""
    return Quarter.objects.filter(pk__in=Border.objects.filter(quarter=quarter).values("neighbour"))


def barrier_between(quarter: Quarter, other: Quarter) -> str:
    """What lies between two neighbours ("A 59"), or "" for nothing or no neighbours."""
    border = Border.objects.filter(quarter=quarter, neighbour=other).first()
    return border.barrier if border else ""


def outline(quarter: Quarter) -> BaseGeometry:
    """The boundary as a shapely geometry, x = longitude, y = latitude."""
    return _prepared(shapely.to_wkb(shape(quarter.boundary)))


@lru_cache(maxsize=512)
def _prepared(wkb: bytes) -> BaseGeometry:
    geometry = shapely.from_wkb(wkb)
    shapely.prepare(geometry)
    return geometry
