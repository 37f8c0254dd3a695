"""What would have been: a quarter's last weeks played again under other weights, before against after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from matching.replay.loading import history_of
from matching.replay.measures import Measures, measure
from matching.replay.world import play
from places.models import Quarter

PERIODS = (14, 28, 56)  # days one can look back
USUAL_DAYS = 28


@dataclass(frozen=True)
class WhatIf:
    """`rounds` that were decided again; `other_pairs`: pairs of the real past that would not have been."""

    days: int
    rounds: int
    other_pairs: int
    before: Measures
    after: Measures


def what_if(quarter: Quarter, weights: Mapping[str, float], *, now: datetime, days: int = USUAL_DAYS) -> WhatIf | None:
    """The last `days` under these weights. None where no round of that time kept what it could have chosen."""
    history = history_of(quarter, since=now - timedelta(days=days), until=now)
    if history.is_empty:
        return None
    real, tried = play(history), play(history, weights)
    gone = {(one.request, one.volunteer) for one in real.courses} - {(c.request, c.volunteer) for c in tried.courses}
    return WhatIf(days, len(history.records), len(gone), measure(history, real), measure(history, tried))
