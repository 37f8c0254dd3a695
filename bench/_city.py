"""
A generated city as plain columns, from a fixed seed: quarters, their borders and the volunteers in them. No database.

Density is the same at every size (350 volunteers a quarter, as many as 10,000 to 15,000 residents may bring), so a
larger city has more quarters. What stands here is invented; only the list of skills and languages is the house's own.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import h3
import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

Array = npt.NDArray[Any]

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday, 10 o'clock in Berlin
TODAY = date(2026, 3, 3).toordinal()
SEED = 20260303
CENTRE = (51.05, 7.0)
PER_QUARTER = 350
CELLS_PER_QUARTER = 7  # 4.5 km², the middle of Köln's 86
NEVER, ALWAYS = 0, 2**31 - 1  # days: was never valid, has no end
SKILLS = [
    skill
    for skill in json.loads((Path(__file__).parents[1] / "accounts/data/skills.json").read_text())
    if not skill["never_brokered"]
]
LANGUAGES = (
    "de", "en", "tr", "ru", "pl", "ar", "uk", "it", "es", "fr", "pt", "el", "ro", "bg", "hr", "sr", "bs", "sq", "fa",
    "ku", "ti", "ta", "vi", "zh", "gsg",
)  # fmt: skip
KINDS = ("talk", "pledge", "identity", "certificate")
GENDERS = ("", "woman", "man", "diverse")


@dataclass(frozen=True)
class Land:
    """Quarters as patches of H3 cells; `borders` holds each ordered pair that touches, by first and then second."""

    cells: list[str]
    lat: Array
    lon: Array
    quarter: Array  # of each cell
    weight: Array  # share of the people, per cell
    ids: list[UUID]
    borders: Array
    barrier: Array  # something lies between
    admitted: Array  # as the quarter's policy says for this neighbour


@dataclass(frozen=True)
class Volunteers:
    """One row each. Bits follow SKILLS and LANGUAGES; days are ordinals; minutes are local, since midnight."""

    high: Array  # the two halves of the id
    low: Array
    home: Array
    cell: Array
    serves_from: Array  # CSR: serves[serves_from[i] : serves_from[i + 1]]
    serves: Array
    radius_m: Array
    skills: Array
    level_1: Array  # level 1..3 of each skill as two bit planes
    level_2: Array
    vetted: Array  # (N, KINDS) last valid day
    windows: Array  # (rows, 4): volunteer, weekday, first minute, last minute
    exceptions: Array  # (rows, 6): volunteer, first day, last day, first minute, last minute, there?
    visits: Array  # (rows, 5): volunteer, day, first minute, last minute, cell; one per live match
    hours: Array
    capacity: Array
    live: Array
    paused: Array
    ready: Array
    holidays: Array
    other_generation: Array
    languages: Array
    gender: Array
    born: Array  # NEVER: not on record
    asked: Array  # seconds since 1970; -inf never
    joined: Array
    ask_wish: Array

    def __len__(self) -> int:
        return len(self.home)

    @property
    def week(self) -> Array:
        """(N, 7) words: bit i is the quarter of an hour from 6:00 + 15 i minutes."""
        words = np.zeros((len(self), 7), np.uint64)
        row, day, start, end = self.windows.T
        length = ((end - start) // 15).astype(np.uint64)
        low = ((start - 360) // 15).astype(np.uint64)
        np.bitwise_or.at(words, (row, day), ((np.uint64(1) << length) - np.uint64(1)) << low)
        return words


def ids(high: Array, low: Array) -> list[UUID]:
    return [UUID(int=(h << 64) | lo) for h, lo in zip(high.tolist(), low.tolist(), strict=True)]


def words(dice: np.random.Generator, size: int) -> Array:
    return dice.integers(0, 2**64, size, np.uint64)


def zipf(kinds: int, power: float) -> Array:
    shares = 1 / np.arange(1, kinds + 1) ** power
    return shares / shares.sum()


def masks(dice: np.random.Generator, size: int, shares: Array, most: int, counts: Array) -> Array:
    """`counts` draws each (at most `most`), as one word of bits; who draws a kind twice has it once."""
    drawn = dice.choice(len(shares), (size, most), p=shares).astype(np.uint64)
    bits = np.where(np.arange(most) < counts[:, None], np.uint64(1) << drawn, np.uint64(0))
    return np.bitwise_or.reduce(bits, axis=1)


def a_land(quarters: int, *, seed: int = SEED) -> Land:
    """Cells around the centre, each given to the nearest of so many scattered quarter offices."""
    dice = np.random.default_rng(seed)
    rings = int(np.ceil(np.sqrt(quarters * CELLS_PER_QUARTER / 3)))
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(*CENTRE, 8), rings))
    lat, lon = np.array([h3.cell_to_latlng(cell) for cell in cells]).T
    spots = np.column_stack([lat * 111.2, lon * 111.2 * np.cos(np.radians(CENTRE[0]))])
    offices = spots[dice.choice(len(cells), quarters, replace=False)]
    for _ in range(3):  # Lloyd's step: quarters of about one size, none of them a hexagon
        quarter = cKDTree(offices).query(spots)[1]
        offices = np.array([spots[quarter == q].mean(axis=0) for q in range(quarters)])
    quarter = cKDTree(offices).query(spots)[1].astype(np.int32)
    number = {cell: index for index, cell in enumerate(cells)}
    touching = {
        (int(quarter[index]), int(quarter[number[near]]))
        for cell, index in number.items()
        for near in h3.grid_ring(cell, 1)
        if near in number
    }
    borders = np.array(sorted(pair for pair in touching if pair[0] != pair[1]), np.int32).reshape(-1, 2)
    low, top = borders.min(axis=1).astype(np.uint64), borders.max(axis=1).astype(np.uint64)
    toss = (low * np.uint64(2654435761) + top * np.uint64(40503)) % np.uint64(100)  # the same from both sides
    size = np.bincount(quarter, minlength=quarters)
    weight = (dice.lognormal(0, 0.3, quarters) / size)[quarter] * dice.uniform(0.5, 1.5, len(cells))
    return Land(
        cells, lat, lon, quarter, weight / weight.sum(), ids(words(dice, quarters), words(dice, quarters)),
        borders, toss < 15, toss < 90,
    )  # fmt: skip


def some_volunteers(land: Land, size: int, *, seed: int = SEED) -> Volunteers:
    """So many volunteers of all kinds: retired, at work, free at odd hours."""
    dice = np.random.default_rng(seed + 1)
    cell = dice.choice(len(land.cells), size, p=land.weight).astype(np.int32)
    home = land.quarter[cell]
    radius_m = dice.choice([1000, 1500, 2000, 3000, 5000], size, p=[0.15, 0.2, 0.3, 0.2, 0.15]).astype(np.int32)
    serves_from, serves = _served(dice, land, home, radius_m)
    plane = words(dice, size)
    capacity = dice.choice([1, 2, 3, 4], size, p=[0.25, 0.35, 0.25, 0.15]).astype(np.int16)
    live = np.minimum(dice.choice([0, 1, 2], size, p=[0.72, 0.22, 0.06]), capacity).astype(np.int16)
    asked_days = dice.exponential(30, size)
    asked = np.where(dice.random(size) < 0.3, -np.inf, np.round(NOW.timestamp() - 86400 * asked_days))
    return Volunteers(
        high=words(dice, size),
        low=words(dice, size),
        home=home,
        cell=cell,
        serves_from=serves_from,
        serves=serves,
        radius_m=radius_m,
        skills=masks(dice, size, zipf(len(SKILLS), 0.9), 9, dice.integers(3, 10, size)),
        level_1=plane,
        level_2=words(dice, size) | ~plane,
        vetted=_vetted(dice, size),
        windows=_windows(dice, size),
        exceptions=_exceptions(dice, size),
        visits=_visits(dice, land, home, live),
        hours=dice.integers(2, 9, size).astype(np.float32),
        capacity=capacity,
        live=live,
        paused=dice.random(size) < 0.05,
        ready=dice.random(size) < 0.95,
        holidays=dice.random(size) < 0.2,
        other_generation=dice.random(size) < 0.2,
        languages=_languages(dice, size),
        gender=dice.choice(4, size, p=[0.1, 0.55, 0.33, 0.02]).astype(np.int8),
        born=np.where(dice.random(size) < 0.15, NEVER, TODAY - (365.25 * dice.uniform(15, 82, size)).astype(np.int32)),
        asked=asked,
        joined=np.round(NOW.timestamp() - 86400 * (asked_days + dice.uniform(5, 900, size))),
        ask_wish=dice.choice([-1, 0, 1], size, p=[0.1, 0.8, 0.1]).astype(np.int8),
    )


def _served(dice: np.random.Generator, land: Land, home: Array, radius_m: Array) -> tuple[Array, Array]:
    """The own quarter, and a neighbouring one the rather, the further somebody goes."""
    first = np.searchsorted(land.borders[:, 0], np.arange(len(land.ids) + 1))
    degree = np.diff(first)[home]
    row = np.repeat(np.arange(len(home)), degree)
    at = np.arange(len(row)) - np.repeat(np.cumsum(degree) - degree, degree) + first[home[row]]
    keep = dice.random(len(row)) < radius_m[row] / 10_000
    rows = np.concatenate([np.arange(len(home)), row[keep]])
    served = np.concatenate([home, land.borders[at[keep], 1]])
    order = np.lexsort((served, rows))
    return np.searchsorted(rows[order], np.arange(len(home) + 1)), served[order].astype(np.int32)


def _vetted(dice: np.random.Generator, size: int) -> Array:
    """Nearly all had the talk, few brought a certificate; a certificate ends, sometimes it has."""
    has = dice.random((size, len(KINDS))) < [0.97, 0.75, 0.7, 0.15]
    until = np.full((size, len(KINDS)), ALWAYS, np.int32)
    until[:, 3] = TODAY + dice.integers(-100, 1000, size)
    return np.where(has, until, NEVER).astype(np.int32)


def _windows(dice: np.random.Generator, size: int) -> Array:
    """One to four weekly windows in half-hours between 8 and 20, for people at work rather in the evening."""
    counts = dice.integers(1, 5, size)
    row = np.repeat(np.arange(size), counts)
    at_work = (dice.random(size) < 0.35)[row]
    weekend = dice.random(len(row)) < np.where(at_work, 0.5, 0.15)
    day = np.where(weekend, dice.integers(5, 7, len(row)), dice.integers(0, 5, len(row)))
    evening = at_work & ~weekend
    start = np.where(evening, dice.integers(34, 39, len(row)), dice.integers(16, 34, len(row))) * 30
    length = np.where(evening, dice.integers(3, 6, len(row)), dice.integers(4, 9, len(row))) * 30
    return np.column_stack([row, day, start, np.minimum(start + length, np.where(evening, 1290, 1200))])


def _exceptions(dice: np.random.Generator, size: int) -> Array:
    """One in seven is away for some days soon or there on a day besides the week."""
    row = np.nonzero(dice.random(size) < 0.15)[0]
    there = dice.random(len(row)) < 0.25
    first = TODAY + dice.integers(0, 21, len(row))
    last = first + np.where(there, 0, dice.integers(0, 14, len(row)))
    start = np.where(there, dice.integers(16, 32, len(row)) * 30, 0)
    return np.column_stack([row, first, last, start, np.where(there, start + 180, 1440), there])


def _visits(dice: np.random.Generator, land: Land, home: Array, live: Array) -> Array:
    """An agreed hour within the next two weeks for each live match, in a cell of the own quarter."""
    row = np.repeat(np.arange(len(home)), live)
    order = np.argsort(land.quarter, kind="stable")
    first = np.searchsorted(land.quarter[order], np.arange(len(land.ids) + 1))
    cell = order[first[home[row]] + (dice.random(len(row)) * np.diff(first)[home[row]]).astype(np.int64)]
    second = np.r_[False, row[1:] == row[:-1]]  # of two, the second is in the week after: never at one time
    day = TODAY + dice.integers(1, 8, len(row)) + 7 * second
    start = dice.integers(16, 37, len(row)) * 30
    return np.column_stack([row, day, start, start + 60, cell])


def _languages(dice: np.random.Generator, size: int) -> Array:
    """German for nearly everybody, one or two others for two in five."""
    others = masks(dice, size, zipf(len(LANGUAGES) - 1, 1.0), 2, dice.choice([0, 1, 2], size, p=[0.6, 0.3, 0.1]))
    german = dice.random(size) < np.where(others > 0, 0.95, 1)
    return (others << np.uint64(1)) | german.astype(np.uint64)
