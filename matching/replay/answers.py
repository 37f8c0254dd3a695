"""
What a volunteer would have answered who really was never asked: as they answered others in the period.

The same request and volunteer always get the same answer, whatever else changes. Pure.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from matching.replay.history import NO, YES, Course, History, Moves

USUAL = timedelta(days=1)  # where the period knows no such step at all


class Habits:
    """How this quarter and its volunteers act: shares of yes and median delays, from the real courses."""

    def __init__(self, history: History) -> None:
        real = [course for course in history.courses if course.asked_at]
        self._by_person: dict[UUID, list[Course]] = defaultdict(list)
        for course in real:
            self._by_person[course.volunteer].append(course)
        self._all = real
        self._real_end = {course.request: course for course in real if course.moment("confirm")}
        self.release = _middle((course.at, course.asked_at) for course in real)
        self.confirm = _middle((course.moment("accept"), course.moment("confirm")) for course in real)
        self.complete = _middle((course.moment("confirm"), course.moment("complete")) for course in real)

    def course(self, request: UUID, volunteer: UUID, *, at: datetime, instead_of: Course | None) -> Moves:
        """The moves of a pair that never was, proposed at this moment; released as the pair it stands for was."""
        waited = instead_of.asked_at - instead_of.at if instead_of and instead_of.asked_at else self.release
        asked = at + waited
        return ((asked, "release"), *self.answer(request, volunteer, asked=asked))

    def answer(self, request: UUID, volunteer: UUID, *, asked: datetime) -> Moves:
        """From the answer on."""
        own = self._by_person[volunteer]
        answered = asked + _middle(((one.asked_at, one.moment(*YES, *NO)) for one in own), self._delay())
        if _lot(request, volunteer) >= _share(own, _share(self._all, 0.5)):
            return ((answered, "decline"),)
        confirmed = answered + self.confirm
        done = self._done(request, confirmed)
        return ((answered, "accept"), (confirmed, "confirm"), *done)

    def _done(self, request: UUID, confirmed: datetime) -> Moves:
        """As long after as the helper who really came needed; a pair that still meets goes on meeting."""
        real = self._real_end.get(request)
        if real is None:
            return ((confirmed + self.complete, "complete"),)
        begun, done = real.moment("confirm"), real.moment("complete")
        return ((confirmed + (done - begun), "complete"),) if begun and done else ()

    def _delay(self) -> timedelta:
        return _middle((course.asked_at, course.moment(*YES, *NO)) for course in self._all)


def _lot(request: UUID, volunteer: UUID) -> float:
    """A number in [0, 1) that belongs to these two."""
    drawn = hashlib.sha256(f"{request}:{volunteer}".encode()).digest()
    return int.from_bytes(drawn[:6]) / 2**48


def _share(courses: Iterable[Course], otherwise: float) -> float:
    said = [course.moment(*YES) is not None for course in courses if course.moment(*YES, *NO)]
    return sum(said) / len(said) if said else otherwise


def _middle(spans: Iterable[tuple[datetime | None, datetime | None]], otherwise: timedelta = USUAL) -> timedelta:
    found = [(end - begin).total_seconds() for begin, end in spans if begin and end and end >= begin]
    return timedelta(seconds=median(found)) if found else otherwise
