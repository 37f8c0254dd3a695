"""How well a quarter did in a period, in a few numbers. Pure: history and courses in, numbers out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from matching.fairness import gini
from matching.replay.history import Course, History, Wish
from matching.replay.world import Played
from places.distance import band

BANDS = ("same", "near", "far")
WORST_TENTH = 0.9


@dataclass(frozen=True)
class Measures:
    """
    Shares are 0..1, None where there is nothing to share; waiting times in days, a request still waiting counts so far.

    `asks` and `evenness` (Gini, 0: all alike) are of the volunteers who could be asked; `bands` of all who were asked.
    """

    requests: int
    filled: float | None
    waited: float | None
    waited_worst: float | None
    evenness: float
    never_asked: int
    able: int
    asks: int
    bands: dict[str, float]
    known: float | None


def measure(history: History, played: Played) -> Measures:
    """The measures of one world."""
    courses = _by_wish(history, played)
    asked = [c for c in played.courses if c.asked_at and c.asked_at >= history.since]
    counts = Counter(course.volunteer for course in asked)
    waits = sorted(_waited(history, wish, courses[wish]) for wish in courses)
    return Measures(
        requests=len(courses),
        filled=_share([_found(wish, rows) is not None for wish, rows in courses.items()]),
        waited=round(median(waits), 1) if waits else None,
        waited_worst=round(waits[ceil(WORST_TENTH * len(waits)) - 1], 1) if waits else None,
        evenness=round(gini(counts[one] for one in history.people), 3),
        never_asked=sum(not counts[one] for one in history.people),
        able=len(history.people),
        asks=len(asked),
        bands=_bands(history, asked),
        known=_share([_knew(history, played, course) for course in asked]),
    )


def _by_wish(history: History, played: Played) -> dict[Wish, list[Course]]:
    """The requests the period was about: opened in it, or still lacking somebody when it began."""
    found: dict[Wish, list[Course]] = {wish: [] for wish in history.wishes.values()}
    for course in played.courses:
        if course.request in history.wishes:
            found[history.wishes[course.request]].append(course)
    return {
        wish: rows
        for wish, rows in found.items()
        if wish.opened_at >= history.since or (moment := _found(wish, rows)) is None or moment >= history.since
    }


def _found(wish: Wish, courses: Sequence[Course]) -> datetime | None:
    """The moment from which as many were confirmed as are needed; None: never."""
    confirmed = sorted(moment for course in courses if (moment := course.moment("confirm")))
    return confirmed[wish.needed - 1] if len(confirmed) >= wish.needed else None


def _waited(history: History, wish: Wish, courses: Sequence[Course]) -> float:
    """In days; one that was never filled has waited until it was closed, or until now."""
    until = _found(wish, courses) or (wish.closed[0] if wish.closed else history.until)
    return (until - wish.opened_at) / timedelta(days=1)


def _knew(history: History, played: Played, course: Course) -> bool:
    """They had met before the period, or completed a match in it before this one began."""
    resident = history.wishes[course.request].resident
    return course.known or any(
        one.volunteer == course.volunteer
        and history.wishes[one.request].resident == resident
        and (done := one.moment("complete")) is not None
        and done < course.at
        for one in played.courses
    )


def _bands(history: History, asked: Sequence[Course]) -> dict[str, float]:
    """Share of the asked in the same cell, near and far; pairs whose place is not known are left out."""
    cells = [(history.wishes[one.request].cell, history.people[one.volunteer].cell) for one in asked]
    counted: Counter[str] = Counter(band(here, there) for here, there in cells if here and there)
    whole = counted.total()
    return {name: round(counted[name] / whole, 3) if whole else 0.0 for name in BANDS}


def _share(found: Sequence[bool]) -> float | None:
    return round(sum(found) / len(found), 3) if found else None
