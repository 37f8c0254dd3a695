"""A small past made of values: requests R1, R2 ..., people Ben, Carl, Dana; hours count from Monday, midnight."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from matching.replay.history import Course, Decision, History, Person, Record, Wish
from matching.scoring import WEIGHTS

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
UNTIL = MONDAY + timedelta(days=14)
HERE, NEXT, FAR = "881fa191adfffff", "881fa191a9fffff", "881fa1830dfffff"
ADA = UUID(int=1)
BEN, CARL, DANA = UUID(int=11), UUID(int=12), UUID(int=13)
R1, R2, R3 = UUID(int=101), UUID(int=102), UUID(int=103)
NIGHT, SECOND_NIGHT = UUID(int=201), UUID(int=202)


def at(hours: float) -> datetime:
    return MONDAY + timedelta(hours=hours)


def a_wish(pk: UUID = R1, *, opened: float = 0, needed: int = 1, closed=None, resident: UUID = ADA) -> Wish:
    return Wish(pk, resident, at(opened), needed, 0, HERE, (at(closed[0]), closed[1]) if closed else None)


def a_helper(pk: UUID, *, capacity: int = 3, cell: str = HERE) -> Person:
    return Person(pk, capacity, 0, MONDAY - timedelta(days=100), None, cell)


def a_course(
    request: UUID, volunteer: UUID, begun: float, *moves: tuple[float, str], night: UUID | None = None, **more
):
    return Course(request, volunteer, at(begun), tuple((at(hour), move) for hour, move in moves), round=night, **more)


def met(request: UUID, volunteer: UUID, begun: float, *, night: UUID | None = None) -> Course:
    """Asked after 6 hours, yes after 10, confirmed after 12, done after 60."""
    steps = ((6, "release"), (10, "accept"), (12, "confirm"), (60, "complete"))
    return a_course(request, volunteer, begun, *((begun + hours, move) for hours, move in steps), night=night)


def a_decision(request: UUID, *chosen: UUID, **parts: dict[str, float]) -> Decision:
    known = {"ben": BEN, "carl": CARL, "dana": DANA}
    return Decision(request, {known[name]: found for name, found in parts.items()}, chosen)


def a_night(hours: float, *decisions: Decision, pk: UUID = NIGHT, weights=WEIGHTS, small: bool = False) -> Record:
    return Record(pk, at(hours), weights, decisions, small)


def a_past(*wishes: Wish, people=None, courses=(), nights=()) -> History:
    helpers = people or [a_helper(BEN), a_helper(CARL), a_helper(DANA)]
    return History(MONDAY, UNTIL, {w.id: w for w in wishes}, {p.id: p for p in helpers}, tuple(courses), tuple(nights))
