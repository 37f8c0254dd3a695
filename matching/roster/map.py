"""Distances between cell centres as arrays; the same great circle as `places.distance.cells_km`."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from geopy.distance import EARTH_RADIUS

from places import cells
from places.distance import TRAVEL_BASE_MINUTES, TRAVEL_MOST_MINUTES, TRAVEL_STEP_KM, TRAVEL_STEP_MINUTES

Metres = npt.NDArray[np.float64]


class Map:
    """
    The centres of all known cells, in the numbering of the roster; -1 is a place nobody knows, nan metres away.

    Kept as points on a ball of radius 1: the chord between two of them says how far it is around the outside.
    """

    def __init__(self) -> None:
        self._points = np.full((1, 3), np.nan)  # the last is the unknown one, so that -1 finds it

    def learn(self, names: Sequence[str]) -> None:
        """`names`: all cells in the order of their numbers; those already known are not looked at again."""
        known = len(self._points) - 1
        if len(names) > known:
            lat, lon = np.radians([cells.centre_of(cell) for cell in names[known:]]).T
            new = np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
            self._points = np.concatenate([self._points[:-1], new, self._points[-1:]])

    def metres(self, here: npt.NDArray | int, there: npt.NDArray) -> Metres:
        """Centre to centre, pair by pair."""
        way = self._points[there] - self._points[here]
        return 2000 * EARTH_RADIUS * np.arcsin(np.sqrt(np.einsum("ij,ij->i", way, way)) / 2)

    def travel_minutes(self, here: npt.NDArray | int, there: npt.NDArray) -> npt.NDArray[np.int64]:
        """As `places.distance.travel_minutes`, of which it is the same on arrays."""
        steps = np.ceil(np.nan_to_num(self.metres(here, there)) / (1000 * TRAVEL_STEP_KM))
        return np.minimum(TRAVEL_MOST_MINUTES, TRAVEL_BASE_MINUTES + TRAVEL_STEP_MINUTES * steps.astype(np.int64))
