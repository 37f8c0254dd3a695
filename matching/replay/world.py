"""
A quarter's past played again, with other weights where wished. Pure: history in, courses out.

Every round decides again from the candidates it kept, with turn and acquaintance as they are in the world played.
Where it would decide as our own choice under its own weights does, the pairs really made are made.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from matching import scoring
from matching.priority import priority
from matching.replay.answers import Habits
from matching.replay.book import Book, stands
from matching.replay.choosing import Edge, choose
from matching.replay.history import OVER, YES, Course, Decision, History, Moves, Record

MOVE, ROUND, HAND, CLOSE = range(4)  # what comes first at one moment


@dataclass(frozen=True)
class Played:
    """The courses of the quarter's pairs, in the order in which they began; those of other quarters are left out."""

    courses: tuple[Course, ...]


def play(history: History, weights: Mapping[str, float] | None = None) -> Played:
    """The period under these weights; None: each round with its own, which is what really happened."""
    return _World(history, weights).through()


class _World:
    def __init__(self, history: History, weights: Mapping[str, float] | None) -> None:
        self.history, self.weights, self.habits = history, weights, Habits(history)
        self.real = Book(history, history.courses)
        self.book = Book(history, ())
        self.closed: set[UUID] = set()
        self.strayed: set[UUID] = set()  # requests whose pairs are not the real ones any more
        self.seen: dict[UUID, Decision] = {}
        self.decided = {(c.round, c.request, c.volunteer): c for c in history.courses if c.round}
        self.by_round: dict[tuple[UUID | None, UUID], list[Course]] = defaultdict(list)
        for course in history.courses:
            self.by_round[course.round, course.request].append(course)
        self._queue: list[tuple[datetime, int, int, Any]] = []
        self._number = 0
        self._happen: dict[int, Callable[[Any, datetime], None]] = {
            MOVE: self._move, ROUND: self._round, HAND: self._by_hand, CLOSE: self._close,
        }  # fmt: skip

    def through(self) -> Played:
        for record in self.history.records:
            self._later(record.at, ROUND, record)
        for course in self.history.courses:
            if course.round is None:
                self._later(course.at, HAND, course)
        for wish in self.history.wishes.values():
            if wish.closed:
                self._later(wish.closed[0], CLOSE, wish.id)
        while self._queue:
            at, kind, _number, what = heapq.heappop(self._queue)
            if at >= self.history.until:
                break
            self._happen[kind](what, at)
        lived = [self._until(course) for course in self.book.everything() if not course.elsewhere]
        return Played(tuple(sorted(lived, key=lambda one: (one.at, str(one.request), str(one.volunteer)))))

    def _later(self, at: datetime, kind: int, what: Any) -> None:
        self._number += 1
        heapq.heappush(self._queue, (at, kind, self._number, what))

    def _until(self, course: Course) -> Course:
        return replace(course, moves=tuple(step for step in course.moves if step[0] < self.history.until))

    # --- what begins ----------
    def _round(self, record: Record, at: datetime) -> None:
        now = {decision.request: decision for decision in record.decisions}
        self.seen |= now
        looked_at = now if record.small else now | {pk: self.seen[pk] for pk in self.strayed if pk in self.seen}
        places = {pk: self._lacking(pk, at) for pk in looked_at}
        ranks = {pk: self._priority(pk, at) for pk in looked_at}
        fits = {
            (pk, one): self._fit(pk, one, parts, record, at)
            for pk, decision in looked_at.items()
            for one, parts in decision.candidates.items()
            if places[pk] > 0 and self.book.may(pk, one, at)
        }
        pairs = choose(fits, places=places, priority=ranks, **self.book.loads(fits, at))
        really = {(decision.request, one) for decision in record.decisions for one in decision.chosen}
        if pairs == self._then(record, at) and all(
            places.get(pk, 0) > 0 and self.book.may(pk, one, at) for pk, one in really
        ):
            pairs = frozenset(really)
        self.strayed |= {pk for pk, _one in pairs ^ really}
        for pair in sorted(pairs):
            self._begin(self._decided(pair, record, looked_at))

    def _then(self, record: Record, at: datetime) -> frozenset[Edge]:
        """What we ourselves choose from all that the round really looked at, under its own weights."""
        fits = {
            (decision.request, one): scoring.total(parts, record.weights)
            for decision in record.decisions
            for one, parts in decision.candidates.items()
        }
        places = {decision.request: self.real.lacking(decision.request, at) for decision in record.decisions}
        fits = {pair: fit for pair, fit in fits.items() if places[pair[0]] > 0 and self.real.may(*pair, at)}
        ranks = {pk: self._priority(pk, at) for pk in places}
        return choose(fits, places=places, priority=ranks, **self.real.loads(fits, at))

    def _decided(self, pair: Edge, record: Record, looked_at: Mapping[UUID, Decision]) -> Course:
        """The pair with its real course where it really was, be it at another moment; else with the usual one."""
        request, volunteer = pair
        same = self.decided.get((record.id, request, volunteer))
        known = looked_at[request].candidates.get(volunteer, {}).get("continuity", 0) > 0
        real = same or next((c for c in self.real.of(request) if c.volunteer == volunteer), None)
        if real:
            return self._moved(real, record.at - real.at, round_id=record.id)
        instead = next(iter(self.by_round[record.id, request]), None)
        moves = self.habits.course(request, volunteer, at=record.at, instead_of=instead)
        return Course(request, volunteer, record.at, moves, round=record.id, known=known)

    def _moved(self, real: Course, by: timedelta, *, round_id: UUID) -> Course:
        """A real course, begun earlier or later."""
        moves = tuple((at + by, move) for at, move in real.moves)
        return replace(real, at=real.at + by, moves=moves, round=round_id)

    def _by_hand(self, course: Course, at: datetime) -> None:
        """As it was, unless the request or the person is no longer free for it."""
        if at < self.history.since or course.elsewhere or self._still_wanted(course, at):
            self._begin(course)
        else:
            self.strayed.add(course.request)

    def _still_wanted(self, course: Course, at: datetime) -> bool:
        wanted = course.request not in self.strayed or self._lacking(course.request, at) > 0
        return wanted and self.book.may(course.request, course.volunteer, at)

    def _begin(self, course: Course) -> None:
        self.book.add(course)
        self._expect(course, course.moves)

    def _expect(self, course: Course, moves: Moves) -> None:
        if course.request in self.history.wishes:
            for at, move in moves:
                self._later(at, MOVE, (course.request, course.volunteer, course.at, move))

    # --- what follows ----------
    def _move(self, what: tuple[UUID, UUID, datetime, str], at: datetime) -> None:
        """While the pairs of a request are the real ones, all that follows is written in their courses."""
        request, volunteer, begun, move = what
        course = self.book.find(request, volunteer, begun)
        if request not in self.strayed or course is None or (at, move) not in course.moves:
            return
        needed = self.history.wishes[request].needed
        if move == "close" and not self._settled(request, at):
            self._go_on(course, at)
        elif move == "accept" and self.book.count(request, at, "accept", but=course) >= needed:
            self._cut(course, at)  # somebody was faster
        elif move == "confirm" and self.book.count(request, at, "confirm") >= needed:
            for other in self.book.of(request):
                if not stands(other, at, "confirm"):
                    self._cut(other, at)

    def _go_on(self, course: Course, at: datetime) -> None:
        """It was closed for the sake of a pair that is not there now: what would have come, from now on."""
        kept = tuple(step for step in course.moves if step[1] != "close")
        rest = self._rest(course, at)
        self.book.put(replace(course, moves=kept + rest))
        self._expect(course, rest)

    def _rest(self, course: Course, at: datetime) -> Moves:
        if course.moment(*YES):
            return ((at + self.habits.confirm, "confirm"),)
        if course.asked_at is None:
            asked = at + self.habits.release
            return ((asked, "release"), *self.habits.answer(course.request, course.volunteer, asked=asked))
        answer = self.habits.answer(course.request, course.volunteer, asked=course.asked_at)
        late = max(timedelta(0), at - answer[0][0])  # until now nobody had answered
        return tuple((moment + late, move) for moment, move in answer)

    def _close(self, request: UUID, at: datetime) -> None:
        """Withdrawn; or lapsed, where nobody was found."""
        _moment, how = self.history.wishes[request].closed or (at, "")
        if request not in self.strayed or how != "expire" or not self.book.count(request, at, "confirm"):
            self.closed.add(request)
        if request in self.strayed and request in self.closed:
            for course in self.book.of(request):
                self._cut(course, at, how="end" if course.moment("confirm") else "close")

    def _cut(self, course: Course, at: datetime, *, how: str = "close") -> None:
        """It is over at this moment, unless it was over before."""
        if course.over_at is None or course.over_at > at:
            kept = tuple(step for step in course.moves if step[0] <= at and step[1] not in OVER)
            self.book.put(replace(course, moves=(*kept, (at, how))))

    # --- questions ----------
    def _lacking(self, request: UUID, at: datetime) -> int:
        return 0 if request in self.closed else self.book.lacking(request, at)

    def _settled(self, request: UUID, at: datetime) -> bool:
        return request in self.closed or self.book.count(request, at, "confirm") >= self.history.wishes[request].needed

    def _priority(self, request: UUID, at: datetime) -> int:
        wish = self.history.wishes.get(request)
        return priority(urgency=wish.urgency, open_since=wish.opened_at, now=at) if wish else 1

    def _fit(self, request: UUID, volunteer: UUID, parts: Mapping[str, float], record: Record, at: datetime) -> float:
        """The fit under the weights that are tried; what the past of this world changed is changed in the parts."""
        shifted = dict(parts)
        if "fair_turn" in parts:
            change = self.book.turn(volunteer, at) - self.real.turn(volunteer, at)
            shifted["fair_turn"] = min(1.0, max(0.0, parts["fair_turn"] + change))
        if "continuity" in parts:
            wish = self.history.wishes[request]
            more = self.book.met(wish.resident, volunteer, at) - self.real.met(wish.resident, volunteer, at)
            shifted["continuity"] = min(1.0, max(0.0, parts["continuity"] + more / 2))
        return scoring.total(shifted, self.weights if self.weights is not None else record.weights)
