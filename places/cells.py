"""
The coarse cell that stands for a spot: an H3 hexagon, mapped once on saving and then fixed (Location rule L1).

Why H3, why this size: docs/decisions/0003-cells.md.
"""

from collections import Counter
from functools import lru_cache

import h3
from django.db import transaction

from places.models import CellSize, House

FINE_RESOLUTION = 8  # 0.65 km² at Leverkusen; who knows only the cell is wrong by 320 m in the middle
COARSE_RESOLUTION = 7  # 4.5 km²; 845 m
HOUSES_NEEDED = 40  # about 100 residents; with fewer houses the coarse cell stands for the fine one


def cell_of(lat: float, lon: float) -> str:
    """The fine cell around a WGS84 point, regardless of how many houses stand in it. Raises ValueError."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("not a WGS84 point")
    return h3.latlng_to_cell(lat, lon, FINE_RESOLUTION)


def fixed_cell_of(lat: float, lon: float) -> str:
    """The cell to keep for a point: the fine one, or the coarse one where too few houses would give somebody away."""
    fine = cell_of(lat, lon)
    coarser = CellSize.objects.filter(fine=fine).first()
    return coarser.coarse if coarser else fine


@lru_cache(maxsize=4096)
def centre_of(cell: str) -> tuple[float, float]:
    """Latitude and longitude of the cell's centre. Raises ValueError for what is no cell."""
    try:
        return h3.cell_to_latlng(cell)
    except (h3.H3BaseException, ValueError, TypeError) as nothing:
        raise ValueError("not a cell") from nothing


def contains(outer: str, inner: str) -> bool:
    """Is `outer` the same cell as `inner`, or the coarse cell that stands for it?"""
    if outer == inner:
        return True
    coarser = h3.get_resolution(outer) < h3.get_resolution(inner)
    return coarser and h3.cell_to_parent(inner, h3.get_resolution(outer)) == outer


@transaction.atomic
def measure_cells() -> int:
    """
    Decide anew from the address table which fine cells hold too few houses; how many do.

    Places already saved keep their cell: a cell that moved with the table would tell more than one that stays.
    """
    houses = Counter(cell_of(lat, lon) for lat, lon in House.objects.values_list("lat", "lon").iterator())
    thin = [cell for cell, count in houses.items() if count < HOUSES_NEEDED]
    CellSize.objects.all().delete()
    CellSize.objects.bulk_create(
        [CellSize(fine=cell, coarse=h3.cell_to_parent(cell, COARSE_RESOLUTION)) for cell in sorted(thin)],
        batch_size=500,
    )
    return len(thin)
