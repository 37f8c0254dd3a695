"""Distances between cell centres as arrays; the same great circle as `places.distance.cells_km`."""

import numpy as np
import numpy.typing as npt
from geopy.distance import EARTH_RADIUS

from places import cells

Kilometres = npt.NDArray[np.float64]
ROWS_KEPT = 256  # of as many distances as there are cells: 40 MB in a city of a million


class Map:
    """The centres of all known cells, in the numbering of the roster; -1, the unknown cell, comes out as nonsense."""

    def __init__(self) -> None:
        self._lat, self._lon = np.zeros(0), np.zeros(0)
        self._rows: dict[int, Kilometres] = {}

    def learn(self, names: list[str]) -> None:
        """`names`: all cells in the order of their numbers; those already known are not looked at again."""
        new = names[len(self._lat) :]
        if not new:
            return
        centres = np.radians([cells.centre_of(cell) for cell in new])
        self._lat = np.concatenate([self._lat, centres[:, 0]])
        self._lon = np.concatenate([self._lon, centres[:, 1]])
        self._rows.clear()

    def from_cell(self, cell: int) -> Kilometres:
        """From this cell to every other, by number; kept, so that a request costs nothing the second time."""
        if cell not in self._rows:
            if len(self._rows) >= ROWS_KEPT:
                self._rows.clear()
            there = np.arange(max(len(self._lat), 1))
            self._rows[cell] = self.between(np.full(len(there), cell), there)
        return self._rows[cell]

    def between(self, here: npt.NDArray, there: npt.NDArray) -> Kilometres:
        """Pair by pair, rounded to the metre so that no last digit decides a gate."""
        if not len(self._lat):
            return np.zeros(len(here))
        lat_1, lon_1, lat_2, lon_2 = self._lat[here], self._lon[here], self._lat[there], self._lon[there]
        return np.round(EARTH_RADIUS * _angle(lat_1, lat_2, lon_2 - lon_1), 3)


def _angle(lat_1: Kilometres, lat_2: Kilometres, east: Kilometres) -> Kilometres:
    """The central angle in radians, by the formula that is exact near and far."""
    sin_1, cos_1, sin_2, cos_2 = np.sin(lat_1), np.cos(lat_1), np.sin(lat_2), np.cos(lat_2)
    cos_east = np.cos(east)
    across = np.hypot(cos_2 * np.sin(east), cos_1 * sin_2 - sin_1 * cos_2 * cos_east)
    return np.arctan2(across, sin_1 * sin_2 + cos_1 * cos_2 * cos_east)
