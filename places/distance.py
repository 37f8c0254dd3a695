"""How far two cells lie apart. Pure: cell centre to cell centre, never a point (Location rule L2)."""

from functools import lru_cache
from math import ceil
from typing import Literal

from geopy.distance import great_circle

from places import cells

NEAR_KM = 2.0  # "near" reaches so far, between centres
TRAVEL_BASE_MINUTES = (
    15  # from one visit to the next inside a cell, or where a place is not known: shoes, stairs, a walk
)
TRAVEL_STEP_KM = 3.0  # each further started stretch of so many km, on foot, by bus or by bicycle ...
TRAVEL_STEP_MINUTES = 15  # ... takes so much longer
TRAVEL_MOST_MINUTES = 60  # nobody in one city needs more

Band = Literal["same", "near", "far"]


def cells_km(a: str, b: str) -> float:
    """Kilometres between the centres of two cells; 0 in the same cell. Raises ValueError for what is no cell."""
    return _ordered_km(a, b) if a <= b else _ordered_km(b, a)


@lru_cache(maxsize=65536)
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
def travel_minutes(a: str, b: str) -> int:
    """
    Minutes to keep free between a visit in one cell and one in another; always full quarters of an hour.

    "": a place that is not known, taken to be near. Raises ValueError for what is no cell.
    """
    kilometres = cells_km(a, b) if a and b else 0.0
    longer = TRAVEL_STEP_MINUTES * ceil(kilometres / TRAVEL_STEP_KM)
    return min(TRAVEL_MOST_MINUTES, TRAVEL_BASE_MINUTES + longer)


@lru_cache(maxsize=65536)
def _ordered_km(a: str, b: str) -> float:
    return great_circle(cells.centre_of(a), cells.centre_of(b)).km
