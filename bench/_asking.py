"""The generated city's requests as plain columns: most on certain days, some every week, some until a day."""

from dataclasses import dataclass

import numpy as np

from bench._city import LANGUAGES, NEVER, NOW, SEED, SKILLS, TODAY, Array, Land, Volunteers, masks, words, zipf

DATED, WEEKLY, FLEXIBLE = 0, 1, 2
NEEDS_GENDER = (1, 2)  # woman, man


@dataclass(frozen=True)
class Requests:
    """One row each, of a resident of its own. `known` and `blocked`: a volunteer's row, -1 nobody."""

    high: Array
    low: Array
    resident_high: Array
    resident_low: Array
    quarter: Array
    cell: Array
    skills: Array
    timing: Array
    windows: Array  # (rows, 4): request, day (ordinal or weekday), first minute, last minute
    until: Array  # the last day of a flexible one
    minutes: Array
    needed: Array
    urgency: Array
    open_since: Array  # seconds since 1970
    languages: Array  # one of these must be shared; 0 any
    gender: Array
    other_generation: Array
    speaks: Array  # the resident's languages
    born: Array  # the resident's
    known: Array  # they completed a match before
    blocked: Array

    def __len__(self) -> int:
        return len(self.quarter)


def some_requests(land: Land, volunteers: Volunteers, size: int, *, seed: int = SEED) -> Requests:
    """So many open requests, spread as the people are; what is asked for is less concentrated than what is offered."""
    dice = np.random.default_rng(seed + 2)
    cell = dice.choice(len(land.cells), size, p=land.weight).astype(np.int32)
    quarter = land.quarter[cell]
    timing = dice.choice([DATED, WEEKLY, FLEXIBLE], size, p=[0.75, 0.15, 0.1]).astype(np.int8)
    minutes = dice.choice([30, 45, 60, 90, 120], size, p=[0.15, 0.1, 0.4, 0.2, 0.15]).astype(np.int16)
    others = masks(dice, size, zipf(len(LANGUAGES) - 1, 1.0), 1, (dice.random(size) < 0.15).astype(int))
    speaks = (others << np.uint64(1)) | (dice.random(size) < np.where(others > 0, 0.7, 1)).astype(np.uint64)
    asks = (others > 0) & (dice.random(size) < 0.5)
    return Requests(
        high=words(dice, size),
        low=words(dice, size),
        resident_high=words(dice, size),
        resident_low=words(dice, size),
        quarter=quarter,
        cell=cell,
        skills=masks(dice, size, zipf(len(SKILLS), 0.65), 2, dice.choice([1, 2], size, p=[0.85, 0.15])),
        timing=timing,
        windows=_windows(dice, timing, minutes),
        until=np.where(timing == FLEXIBLE, TODAY + dice.integers(2, 12, size), NEVER).astype(np.int32),
        minutes=minutes,
        needed=dice.choice([1, 2, 3], size, p=[0.93, 0.05, 0.02]).astype(np.int16),
        urgency=dice.choice([0, 1, 2], size, p=[0.6, 0.3, 0.1]).astype(np.int8),
        open_since=np.round(NOW.timestamp() - dice.exponential(6 * 86400, size)),
        languages=np.where(asks, others << np.uint64(1), np.uint64(0)),
        gender=np.where(dice.random(size) < 0.06, dice.choice(NEEDS_GENDER, size), 0).astype(np.int8),
        other_generation=dice.random(size) < 0.1,
        speaks=speaks,
        born=(TODAY - 365.25 * dice.uniform(35, 95, size)).astype(np.int32),
        known=_somebody(dice, volunteers, quarter, 0.1),
        blocked=_somebody(dice, volunteers, quarter, 0.2),
    )


def _windows(dice: np.random.Generator, timing: Array, minutes: Array) -> Array:
    """One to three windows on days of the next ten, or one or two weekdays; each holds the duration."""
    counts = np.choose(timing, [dice.integers(1, 4, len(timing)), dice.integers(1, 3, len(timing)), 0])
    row = np.repeat(np.arange(len(timing)), counts)
    weekly = timing[row] == WEEKLY
    nth = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    base = dice.integers(0, 7, len(timing))[row]
    day = np.where(weekly, (base + 3 * nth) % 7, TODAY + 1 + base + nth)
    start = dice.integers(16, 35, len(row)) * 30
    needed = (minutes[row] + 29) // 30 * 30
    end = np.minimum(start + needed + dice.integers(0, 5, len(row)) * 30, 1200)
    return np.column_stack([row, day, np.minimum(start, 1200 - needed), end])


def _somebody(dice: np.random.Generator, volunteers: Volunteers, quarter: Array, share: float) -> Array:
    """A volunteer of the same quarter for this share of the requests, -1 for the others and where nobody lives."""
    order = np.argsort(volunteers.home, kind="stable")
    homes = volunteers.home[order]
    first, last = (np.searchsorted(homes, quarter, side) for side in ("left", "right"))
    at = first + (dice.random(len(quarter)) * (last - first)).astype(np.int64)
    picked = order[np.minimum(at, len(order) - 1)]
    return np.where((dice.random(len(quarter)) < share) & (last > first), picked, -1)
