"""
The coarse cell that stands for a spot: an H3 hexagon, mapped once on saving and then fixed (Location rule L1).

Why H3, why this size: docs/decisions/0003-cells.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from uuid import UUID

import h3
from django.db import transaction

from places.models import CellSize, House

FINE_RESOLUTION = 8  # 0.65 km² at Leverkusen; who knows only the cell is wrong by 320 m in the middle
COARSE_RESOLUTION = 7  # 4.5 km²; 845 m
Part = tuple[str, UUID | None]  # a fine cell as far as it lies in one quarter
HOUSES_NEEDED = 40  # about 100 residents; with fewer houses in one quarter the coarse cell stands for it


def cell_of(lat: float, lon: float) -> str:
    """The fine cell around a WGS84 point, regardless of how many houses stand in it. Raises ValueError."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError("not a WGS84 point")
    return h3.latlng_to_cell(lat, lon, FINE_RESOLUTION)


def fixed_cell_of(lat: float, lon: float, *, quarter_id: UUID | None) -> str:
    """
    The cell to keep for a point: the fine one, or the coarse one where too few houses would give somebody away.

    `quarter_id`: the quarter the point lies in, None for a point in none.
    """
    fine = cell_of(lat, lon)
    coarser = CellSize.objects.filter(fine=fine, quarter=quarter_id).first()
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
    Decide anew from the address table which fine cells, each cut at the borders of quarters, hold too few houses.

    Returns how many such parts there are.

    Places already saved keep their cell: a cell that moved with the table would tell more than one that stays.
    """
    rows = House.objects.values_list("lat", "lon", "quarter").iterator()
    houses: Counter[Part] = Counter((cell_of(lat, lon), quarter) for lat, lon, quarter in rows)
    instead = _stand_ins(houses)
    CellSize.objects.all().delete()
    CellSize.objects.bulk_create(
        [
            CellSize(fine=cell, quarter_id=quarter, coarse=instead[cell, quarter])
            for cell, quarter in sorted(instead, key=str)
        ],
        batch_size=500,
    )
    return len(instead)


def _stand_ins(houses: Mapping[Part, int]) -> dict[Part, str]:
    """Thin part -> the cell that stands for it: the coarse one around it, or where that is no crowd, a near one."""
    kept = {part: part[0] for part in houses} | {part: _coarse(part[0]) for part in _thin_parts(houses)}
    crowds: Counter[Part] = Counter()
    for part, count in houses.items():
        crowds[kept[part], part[1]] += count
    for part in [part for part in houses if part[1] and crowds[kept[part], part[1]] < HOUSES_NEEDED]:
        kept[part] = _nearest_crowd(part, crowds) or kept[part]
    return {part: cell for part, cell in kept.items() if cell != part[0]}


def _nearest_crowd(part: Part, crowds: Mapping[Part, int]) -> str:
    """A cell of the same quarter; "" where there is none, as in a table of a few houses."""
    here = centre_of(part[0])
    near = [cell for (cell, quarter), count in crowds.items() if quarter == part[1] and count >= HOUSES_NEEDED]
    return min(near, key=lambda cell: (h3.great_circle_distance(here, centre_of(cell)), cell), default="")


def _thin_parts(houses: Mapping[Part, int]) -> list[Part]:
    """
    Parts with too few houses, and as many of the next larger ones around them as a crowd takes.

    Whoever learns that the coarse cell stands for a home knows that its part is thin; so these parts together have to
    be enough, where the coarse cell holds enough at all.
    """
    around: dict[Part, list[Part]] = defaultdict(list)
    for part in sorted(houses, key=lambda part: (houses[part], str(part))):
        around[_coarse(part[0]), part[1]].append(part)
    return [part for parts in around.values() for part in _hidden_together(parts, houses)]


def _hidden_together(parts: list[Part], houses: Mapping[Part, int]) -> Iterator[Part]:
    """`parts`: those of one coarse cell in one quarter, the smallest first."""
    crowd = 0
    for part in parts:
        if houses[part] >= HOUSES_NEEDED and (crowd == 0 or crowd >= HOUSES_NEEDED):
            return
        crowd += houses[part]
        yield part


def _coarse(fine: str) -> str:
    return h3.cell_to_parent(fine, COARSE_RESOLUTION)
