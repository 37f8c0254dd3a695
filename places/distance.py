"""How far two cells lie apart. Pure: cell centre to cell centre, never a point (Location rule L2)."""

from functools import lru_cache
from typing import Literal

from geopy.distance import great_circle

from places import cells

NEAR_KM = 2.0  # "near" reaches so far, between centres


def travel_minutes(a: str, b: str) -> int:
    if not a or not b or a == b:
        return 15
    return min(60, 15 + 15 * int(cells_km(a, b) // 3 + 1))


Band = Literal["same", "near", "far"]


def cells_km(a: str, b: str) -> float:
    """Kilometres between the centres of two cells; 0 in the same cell. Raises ValueError for what is no cell."""
    return _ordered_km(a, b) if a <= b else _ordered_km(b, a)


def band(a: str, b: str) -> Band:
    """
    The step in which nearness is said to others: the same cell, up to 2 km, further.

    A fine cell and the coarse one around it count as the same. Raises ValueError for what is no cell.
    """
    kilometres = cells_km(a, b)
    if a == b or cells.contains(a, b) or cells.contains(b, a):
        return "same"
    return "near" if kilometres <= NEAR_KM else "far"


@lru_cache(maxsize=65536)
def _ordered_km(a: str, b: str) -> float:
    return great_circle(cells.centre_of(a), cells.centre_of(b)).km
