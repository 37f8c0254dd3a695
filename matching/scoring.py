"""
The fit of a pair that passed all gates: parts between 0 and 1, weighed by the quarter. Pure: numbers in, numbers out.

A part that does not apply (no language asked, nobody wished for another generation) is absent and does not count.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

import numpy as np

from matching import times
from matching.facts import Person, RequestFacts, VolunteerFacts, age_on
from places.distance import cells_km

Numbers = Any  # one number, or an array of them

WEIGHTS = {
    "nearness": 0.25,
    "time_slack": 0.15,
    "skill_depth": 0.15,
    "language": 0.10,
    "continuity": 0.15,
    "fair_turn": 0.15,
    "generations": 0.05,
}
PARTS = tuple(WEIGHTS)
LEAST_WEIGHT, MOST_WEIGHT, WEIGHT_STEP = 0.0, 1.0, 0.01  # what a quarter may choose for each part
FAIR_TURN_WEEKS = 6  # not asked for so long: the full share
ASK_WISH_FACTORS = (0.5, 1.0, 1.5)  # of -1, 0, 1: whoever wants to be asked more often counts as having waited longer
GENERATION_YEARS = 25  # apart at least, to span generations
BARRIER_FACTOR = 0.7  # a motorway or river between two quarters makes near things further
WEEK_SECONDS = 7 * 86400
SLACK_FULL = 3  # three times the duration to choose from is as good as any
_PACES = np.array(ASK_WISH_FACTORS) / FAIR_TURN_WEEKS


def parts(request: RequestFacts, volunteer: VolunteerFacts, *, now: datetime, zone: tzinfo) -> dict[str, float]:
    """Part of the fit -> 0..1, rounded to 3 digits, for a pair that passed the gates."""
    found: dict[str, float | None] = {
        "nearness": nearness(request, volunteer),
        "time_slack": time_slack(request, volunteer, zone),
        "skill_depth": skill_depth(request, volunteer),
        "language": language(request, volunteer),
        "continuity": known_share(request.together.get(volunteer.id, 0)),
        "fair_turn": fair_turn(volunteer, now),
        "generations": generations(request, volunteer, now.astimezone(zone).date()),
    }
    return {name: round(value, 3) for name, value in found.items() if value is not None}


def total(parts_found: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """The weighted mean of the parts that apply, 0..1. `weights`: the quarter's own, or empty for WEIGHTS."""
    used = {name: float((weights or WEIGHTS).get(name, 0)) for name in parts_found}
    whole = sum(used.values())
    return round(sum(used[name] * value for name, value in parts_found.items()) / whole, 4) if whole else 0.0


def fits_bounds(weight: float) -> bool:
    """Within what a quarter may choose, in whole steps; false for what is no number."""
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        return False
    return abs(weight / WEIGHT_STEP - round(weight / WEIGHT_STEP)) < 1e-6


def nearness(request: RequestFacts, volunteer: VolunteerFacts) -> float | None:
    if request.remote or not request.cell or not volunteer.cell:
        return None
    near = max(0.0, 1 - cells_km(request.cell, volunteer.cell) / max(volunteer.radius_km, 0.1))
    barrier = request.admitted.get(volunteer.home_quarter_id, "") if volunteer.home_quarter_id else ""
    return near * (BARRIER_FACTOR if barrier else 1)


def time_slack(request: RequestFacts, volunteer: VolunteerFacts, zone: tzinfo) -> float:
    """How much more than the bare duration both have in common, in quarters of an hour."""
    usable = times.usable_quarters(request, volunteer, zone) / times.quarters(request.duration)
    return float(slack_share(usable))


def skill_depth(request: RequestFacts, volunteer: VolunteerFacts) -> float | None:
    levels = [volunteer.levels[slug] for slug in request.skills if slug in volunteer.levels]
    return sum(levels) / (3 * len(levels)) if levels else None


def language(request: RequestFacts, volunteer: VolunteerFacts) -> float | None:
    """Shared languages, where it matters: one was asked for, or the resident speaks others than German."""
    wanted = request.languages or (request.resident_languages - {"de"})
    return len(wanted & volunteer.languages) / len(wanted) if wanted else None


def fair_turn(volunteer: VolunteerFacts, now: datetime) -> float:
    """Half for the time since somebody last asked them, half for the room they have left."""
    weeks = (now - (volunteer.last_asked_at or volunteer.joined_at)) / timedelta(weeks=1)
    return float(turn(weeks, volunteer.ask_wish, volunteer.live_matches, volunteer.capacity))


def known_share(times: int) -> float:
    """Of two who completed a match together so many times."""
    return min(1.0, times / 2)


# --- the same on numbers and on arrays of numbers: the law and the roster share these ----------
def slack_share(ratio: Numbers) -> Numbers:
    """`ratio`: common time over the duration; 0 where it just fits, 1 from SLACK_FULL durations more on."""
    return _clipped((ratio - 1) / SLACK_FULL)


def turn(weeks: Numbers, wish: Numbers, live: Numbers, capacity: Numbers) -> Numbers:
    """`weeks` since last asked; `wish` -1, 0, 1; `live` matches of `capacity`."""
    return halves(waited_share(weeks, pace(wish)), room_share(live, capacity))


def halves(waited: Numbers, room: Numbers) -> Numbers:
    """The fair turn: how long they waited and what room they have left, each 0..1."""
    return 0.5 * waited + 0.5 * room


def waited_share(weeks: Numbers, pace: Numbers) -> Numbers:
    """0 for somebody asked just now, 1 once weeks times `pace` are."""
    return _clipped(weeks * pace)


def pace(wish: Numbers) -> Numbers:
    """Which share a week of waiting brings: 1 / FAIR_TURN_WEEKS; `wish` (-1, 0, 1) slows or hastens it."""
    return _PACES[np.add(wish, 1)]


def room_share(live: Numbers, capacity: Numbers) -> Numbers:
    """1 with empty hands, 0 for somebody who holds as many live matches as they want."""
    return np.maximum(0, 1 - np.divide(live, capacity))


def _clipped(share: Numbers) -> Numbers:
    """Between 0 and 1; in two steps because `np.clip` takes longer for a few."""
    return np.minimum(np.maximum(share, 0), 1)


def near_share(km: Numbers, radius_km: Numbers, barrier: Numbers) -> Numbers:
    """1 next door, 0 at the end of their radius, less where there is a barrier between the quarters."""
    return np.maximum(0, 1 - km / np.maximum(radius_km, 0.1)) * np.where(barrier, BARRIER_FACTOR, 1)


def generations(request: RequestFacts, volunteer: VolunteerFacts | Person, today: date) -> float | None:
    if not (request.wishes_other_generation or volunteer.wishes_other_generation):
        return None
    if request.resident_born_on is None or volunteer.born_on is None:
        return 0.0
    apart = abs(age_on(request.resident_born_on, today) - age_on(volunteer.born_on, today))
    return 1.0 if apart >= GENERATION_YEARS else 0.0
