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
        self._sin_lat, self._cos_lat, self._lon = np.zeros(0), np.zeros(0), np.zeros(0)
        self._rows: dict[int, Kilometres] = {}

    def learn(self, names: list[str]) -> None:
        """`names`: all cells in the order of their numbers; those already known are not looked at again."""
        new = names[len(self._lon) :]
        if not new:
            return
        centres = np.radians([cells.centre_of(cell) for cell in new])
        self._sin_lat = np.concatenate([self._sin_lat, np.sin(centres[:, 0])])
        self._cos_lat = np.concatenate([self._cos_lat, np.cos(centres[:, 0])])
        self._lon = np.concatenate([self._lon, centres[:, 1]])
        self._rows.clear()

    def from_cell(self, cell: int) -> Kilometres:
        """From this cell to every other, by number; kept, so that a request costs nothing the second time."""
        if cell not in self._rows:
            if len(self._rows) >= ROWS_KEPT:
                self._rows.clear()
            self._rows[cell] = self.between(cell, np.arange(max(len(self._lon), 1)))
        return self._rows[cell]

    def between(self, here: "npt.NDArray | int", there: npt.NDArray) -> Kilometres:
        """Pair by pair, or from one cell to each; rounded to the metre so that no last digit decides a gate."""
        if not len(self._lon):
            return np.zeros(len(there))
        lat_1, lat_2 = ((self._sin_lat[cell], self._cos_lat[cell]) for cell in (here, there))
        return np.round(EARTH_RADIUS * _angle(*lat_1, *lat_2, self._lon[there] - self._lon[here]), 3)


def _angle(sin_1: Kilometres, cos_1: Kilometres, sin_2: Kilometres, cos_2: Kilometres, east: Kilometres) -> Kilometres:
    """The central angle in radians from sine and cosine of both latitudes, by the formula exact near and far."""
    cos_east = np.cos(east)
    across = np.hypot(cos_2 * np.sin(east), cos_1 * sin_2 - sin_1 * cos_2 * cos_east)
    return np.arctan2(across, sin_1 * sin_2 + cos_1 * cos_2 * cos_east)
