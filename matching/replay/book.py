"""The courses of one world that is played, and what can be asked of them at a moment."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from matching import scoring
from matching.replay.choosing import Edge
from matching.replay.history import Course, History


class Book:
    """The courses of one world, by request and by volunteer."""

    def __init__(self, history: History, courses: Iterable[Course]) -> None:
        self.history = history
        self._by_request: dict[UUID, list[Course]] = defaultdict(list)
        self._by_person: dict[UUID, list[Course]] = defaultdict(list)
        for course in courses:
            self.add(course)

    def add(self, course: Course) -> None:
        self._by_request[course.request].append(course)
        self._by_person[course.volunteer].append(course)

    def put(self, course: Course) -> None:
        """The same course with other moves."""
        for rows in (self._by_request[course.request], self._by_person[course.volunteer]):
            spot = next(
                i
                for i, one in enumerate(rows)
                if (one.request, one.volunteer, one.at) == (course.request, course.volunteer, course.at)
            )
            rows[spot] = course

    def find(self, request: UUID, volunteer: UUID, begun: datetime) -> Course | None:
        return next((c for c in self._by_request[request] if c.volunteer == volunteer and c.at == begun), None)

    def of(self, request: UUID) -> list[Course]:
        return list(self._by_request[request])

    def everything(self) -> list[Course]:
        return [course for rows in self._by_request.values() for course in rows]

    def count(self, request: UUID, at: datetime, move: str, *, but: Course | None = None) -> int:
        """Courses of the request that made this move by now and were not ended after it."""
        return sum(stands(course, at, move) for course in self._by_request[request] if course is not but)

    def lacking(self, request: UUID, at: datetime) -> int:
        wish = self.history.wishes.get(request)
        held = sum(one.is_live(at) or _done(one, at) for one in self._by_request[request])
        return wish.needed - held if wish else 0

    def loads(self, pairs: Iterable[Edge], at: datetime) -> dict[str, dict[UUID, int]]:
        """`room` and `load` of everybody in these pairs, as `choose` takes them."""
        people = {one for _request, one in pairs}
        return {
            "room": {one: self.room(one, at) for one in people},
            "load": {one: self.load(one, at) for one in people},
        }

    def load(self, volunteer: UUID, at: datetime) -> int:
        return sum(one.is_live(at) for one in self._by_person[volunteer])

    def room(self, volunteer: UUID, at: datetime) -> int:
        person = self.history.people.get(volunteer)
        return person.capacity - self.load(volunteer, at) if person else 0

    def may(self, request: UUID, volunteer: UUID, at: datetime) -> bool:
        """Room left, and these two did not meet over this request before; closed by the system is no answer."""
        before = [one for one in self._by_request[request] if one.at < at and one.volunteer == volunteer]
        met = any(one.is_live(at) or one.moment("close") is None for one in before)
        return not met and self.room(volunteer, at) > 0

    def turn(self, volunteer: UUID, at: datetime) -> float:
        person = self.history.people.get(volunteer)
        if person is None:
            return 0.0
        asked = [c.asked_at for c in self._by_person[volunteer] if c.asked_at and c.asked_at < at]
        last = max(asked, default=None) or person.asked_at or person.joined_at
        weeks = (at - last) / timedelta(weeks=1)
        return float(scoring.turn(weeks, person.ask_wish, self.load(volunteer, at), person.capacity))

    def met(self, resident: UUID, volunteer: UUID, at: datetime) -> int:
        """How often these two completed a match in the period."""
        mine = (c for c in self._by_person[volunteer] if _done(c, at))
        return sum(self._resident(course) == resident for course in mine)

    def _resident(self, course: Course) -> UUID | None:
        wish = self.history.wishes.get(course.request)
        return wish.resident if wish else None


def _done(course: Course, at: datetime) -> bool:
    done = course.moment("complete")
    return done is not None and done < at


def stands(course: Course, at: datetime, move: str) -> bool:
    made, over = course.moment(move), course.over_at
    if made is None or made > at:
        return False
    return over is None or over > at or course.moment("complete") is not None
