"""
The picture of all volunteers that a process keeps in memory, and what is asked of it.

Filled from the database once, then kept up by `VolunteerChange` notes; `current` gives the one of this process.
"""

import math
import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import reasons, times
from matching.facts import RequestFacts
from matching.roster import pairs as pairing
from matching.roster.asked import Asked
from matching.roster.columns import NEVER, Columns, Rows
from matching.roster.pairs import Index, Pairs
from matching.scoring import PARTS


class Person(NamedTuple):
    """What reasons are made of: as in `VolunteerFacts`. `levels`: of the kinds of help in question."""

    id: UUID
    home_quarter_id: UUID | None
    cell: str
    levels: dict[str, int]
    languages: frozenset[str]
    born_on: date | None
    wishes_other_generation: bool
    last_asked_at: datetime | None
    live_matches: int
    capacity: int


class Found(NamedTuple):
    """One pair that passes every gate. `parts`: part of the fit -> 0..1; `reasons`: codes for `matching.reasons`."""

    request: RequestFacts
    volunteer: Person
    score: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot_start: datetime


class Roster:
    """Columns with a lock: whoever asks while a change is being written in waits for it."""

    def __init__(self, columns: Columns, *, zone: tzinfo) -> None:
        self.columns, self.zone, self.lock = columns, zone, threading.RLock()

    def ask(self, facts: Sequence[RequestFacts], *, now: datetime) -> Asked:
        """These requests as arrays; the map learns the cells it has not met."""
        asked = Asked(self.columns, facts, now=now, zone=self.zone)
        self.columns.map.learn(self.columns.cells.words)
        return asked

    def top(self, facts: RequestFacts, *, now: datetime, limit: int = 10) -> list[Found]:
        """The best volunteers for one request, best first; equal fits: who waited longest, then by key."""
        with self.lock:
            asked = self.ask([facts], now=now)
            found = pairing.all_pairs(self.columns, asked)
            return self._told(asked, found, self._best(found, limit))

    def pairs(self, facts: Sequence[RequestFacts], *, now: datetime, only: Sequence[UUID] | None = None) -> Pairs:
        """Every pair of these requests. `only`: nobody but these people."""
        with self.lock:
            rows = None if only is None else self.columns.rows_of(only)
            return pairing.all_pairs(self.columns, self.ask(facts, now=now), only=rows)

    def top_requests(
        self, volunteer: UUID, facts: Sequence[RequestFacts], *, now: datetime, limit: int = 10
    ) -> list[Found]:
        """The requests that fit one volunteer best, best first; equal fits in the order in which they were given."""
        with self.lock:
            asked = self.ask(facts, now=now)
            found = pairing.all_pairs(self.columns, asked, only=self.columns.rows_of([volunteer]))
            return self._told(asked, found, np.argsort(-found.score, kind="stable")[:limit])

    def _best(self, found: Pairs, limit: int) -> Index:
        some = np.arange(len(found.v))
        if len(some) > 4 * limit:  # whoever is below the last of the best need not be sorted
            least = np.partition(found.score, len(some) - limit)[len(some) - limit]
            some = np.nonzero(found.score >= least)[0]
        v = found.v[some]
        keys = (self.columns.low[v], self.columns.high[v], self.columns.asked[v], -found.score[some])
        return some[np.lexsort(keys)][:limit]

    def _told(self, asked: Asked, found: Pairs, which: Index) -> list[Found]:
        """These pairs with everything that is to be said of them."""
        requests = [asked.facts[index] for index in found.r[which].tolist()]
        people = self.people(found.v[which], [one.skills for one in requests])
        slots = self.slots_of(found, which)
        scores, parts = found.score[which].tolist(), parts_of(found.parts[which])
        return [
            Found(
                request,
                person,
                score,
                some,
                reasons.reasons_for(request, person, slot=slot, now=asked.now, zone=self.zone),
                slot,
            )
            for request, person, score, some, slot in zip(requests, people, scores, parts, slots, strict=True)
        ]

    def slots_of(self, found: Pairs, which: Index) -> list[datetime]:
        """The first moments at which both could."""
        pairs = zip(found.day[which].tolist(), found.minute[which].tolist(), strict=True)
        return [times.local_interval(date.fromordinal(day), minute, 1440, self.zone)[0] for day, minute in pairs]

    def people(self, rows: Rows, skills: Sequence[frozenset[str]]) -> list[Person]:
        """What the roster knows of these volunteers. `skills`: of each, the kinds of help in question."""
        c = self.columns
        numbers = c.skill_names.number
        table = zip(*(getattr(c, name)[rows].tolist() for name in TOLD), strict=True)
        return [
            Person(
                UUID(int=high << 64 | low),
                c.quarters.word(home),
                c.cells.word(cell) or "",
                {skill: _level(one >> numbers(skill) & 1, two >> numbers(skill) & 1) for skill in some},
                c.language_names.those(languages),
                date.fromordinal(born) if born != NEVER else None,
                other_generation,
                datetime.fromtimestamp(asked, UTC) if asked > -math.inf else None,
                live,
                capacity,
            )
            for (
                high,
                low,
                home,
                cell,
                one,
                two,
                languages,
                born,
                other_generation,
                asked,
                live,
                capacity,
            ), some in zip(table, skills, strict=True)
        ]


TOLD = (
    "high", "low", "home", "cell", "level_1", "level_2", "languages", "born", "other_generation", "asked", "live",
    "capacity",
)  # fmt: skip


def parts_of(values: npt.NDArray[np.float64]) -> list[dict[str, float]]:
    """Each row of `Pairs.parts` as the parts that apply."""
    return [{part: value for part, value in zip(PARTS, row, strict=True) if value == value} for row in values.tolist()]


def _level(one: int, two: int) -> int:
    return one | two << 1
