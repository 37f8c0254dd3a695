"""What really happened in a quarter, as plain values: wishes, people, the courses of pairs, and what rounds decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

Moves = tuple[tuple[datetime, str], ...]  # as in matching.states, in the order of their moments

YES, NO = ("accept", "offer"), ("decline", "expire")
OVER = ("reject", "decline", "expire", "refuse", "close", "end", "complete")


@dataclass(frozen=True)
class Wish:
    """A request: `opened_at` as its waiting time counts; `closed`: when it was withdrawn or lapsed, and which."""

    id: UUID
    resident: UUID
    opened_at: datetime
    needed: int
    urgency: int
    cell: str
    closed: tuple[datetime, str] | None = None


@dataclass(frozen=True)
class Person:
    """A volunteer; `asked_at`: the last time before the period, None: never."""

    id: UUID
    capacity: int
    ask_wish: int
    joined_at: datetime
    asked_at: datetime | None
    cell: str


@dataclass(frozen=True)
class Course:
    """
    What became of one pair. `round`: whose decision it was; None: proposed by hand, offered, or before the period.

    `elsewhere`: a pair of another quarter, which takes room and is never decided again. `known`: they knew each other.
    """

    request: UUID
    volunteer: UUID
    at: datetime
    moves: Moves = ()
    round: UUID | None = None
    elsewhere: bool = False
    known: bool = False

    def moment(self, *moves: str) -> datetime | None:
        return next((at for at, move in self.moves if move in moves), None)

    @property
    def asked_at(self) -> datetime | None:
        """When the volunteer heard of it; an offer of their own is no ask."""
        return self.moment("release")

    @property
    def over_at(self) -> datetime | None:
        return self.moment(*OVER)

    def is_live(self, now: datetime) -> bool:
        """Proposed before this moment and not over at it."""
        return self.at < now and (self.over_at is None or self.over_at > now)


@dataclass(frozen=True)
class Decision:
    """One request in one round: volunteer -> parts of the fit for all who could have been chosen, and who was."""

    request: UUID
    candidates: Mapping[UUID, Mapping[str, float]]
    chosen: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Record:
    """A round with the weights it used. `small`: it looked at these requests alone."""

    id: UUID
    at: datetime
    weights: Mapping[str, float]
    decisions: tuple[Decision, ...]
    small: bool = False


@dataclass(frozen=True)
class History:
    """A period of a quarter, from `since` to `until`. `people`: its own volunteers and whoever came into question."""

    since: datetime
    until: datetime
    wishes: Mapping[UUID, Wish] = field(default_factory=dict)
    people: Mapping[UUID, Person] = field(default_factory=dict)
    courses: tuple[Course, ...] = ()
    records: tuple[Record, ...] = ()

    @property
    def is_empty(self) -> bool:
        """No round kept what it could have chosen: there is nothing to decide again."""
        return not any(decision.candidates for record in self.records for decision in record.decisions)
