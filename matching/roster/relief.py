"""Looking at the volunteers as if some of their matches were not there: to plan anew what nobody was asked yet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo

import numpy as np

from matching import times
from matching.models import Match
from matching.roster.columns import WEEKS, Columns


@contextmanager
def as_if_free(columns: Columns, matches: Sequence[Match], *, zone: tzinfo) -> Iterator[None]:
    """Inside, these live matches hold neither a place nor hours of their volunteers. The caller holds the lock."""
    rows = columns.rows_of([match.volunteer_id for match in matches])
    there = np.unique(rows[rows >= 0])
    before = columns.live[there].copy(), columns.taken[there].copy()
    try:
        for row, match in zip(rows.tolist(), matches, strict=True):
            if row >= 0:
                _without(columns, row, match, zone)
        yield
    finally:
        columns.live[there], columns.taken[there] = before


def _without(columns: Columns, row: int, match: Match, zone: tzinfo) -> None:
    columns.live[row] -= 1
    if match.slot_start:
        week = columns.week_of(times.week_of(match.slot_start, zone).toordinal())
        if 0 <= week < WEEKS:
            columns.taken[row, week] -= match.request.duration_minutes / 60
