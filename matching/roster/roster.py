"""
The picture of all volunteers that a process keeps in memory, and what is asked of it.

Filled from the database once, then kept up by `VolunteerChange` notes; `current` gives the one of this process.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import reasons, times
from matching.facts import RequestFacts, VolunteerFacts
from matching.roster import pairs as pairing
from matching.roster.asked import Asked, ask
from matching.roster.columns import ALWAYS, KINDS, NEVER, Columns
from matching.roster.pairs import Pairs
from matching.scoring import PARTS


@dataclass(frozen=True)
class Found:
    """One pair that passes every gate. `parts`: part of the fit -> 0..1; `reasons`: codes for `matching.reasons`."""

    request: RequestFacts
    volunteer: VolunteerFacts
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
        asked = ask(self.columns, facts, now=now, zone=self.zone)
        self.columns.map.learn(self.columns.cells.words)
        return asked

    def top(self, facts: RequestFacts, *, now: datetime, limit: int = 10) -> list[Found]:
        """The best volunteers for one request, best first; equal fits: who waited longest, then by key."""
        with self.lock:
            asked = self.ask([facts], now=now)
            found = pairing.all_pairs(self.columns, asked)
            return [self._found(asked, found, index) for index in self._best(found, limit)]

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
            best = np.argsort(-found.score, kind="stable")[:limit]
            return [self._found(asked, found, int(index)) for index in best]

    def _best(self, found: Pairs, limit: int) -> list[int]:
        some = np.arange(len(found.v))
        if len(some) > 4 * limit:  # whoever is below the last of the best need not be sorted
            least = np.partition(found.score, len(some) - limit)[len(some) - limit]
            some = np.nonzero(found.score >= least)[0]
        v = found.v[some]
        keys = (self.columns.low[v], self.columns.high[v], self.columns.asked[v], -found.score[some])
        return some[np.lexsort(keys)][:limit].tolist()

    def _found(self, asked: Asked, found: Pairs, index: int) -> Found:
        request, volunteer = asked.facts[int(found.r[index])], self.facts_of(int(found.v[index]))
        slot = self.slot_of(found, index)
        return Found(
            request=request,
            volunteer=volunteer,
            score=float(found.score[index]),
            parts=parts_of(found.parts[index]),
            reasons=reasons.reasons_for(request, volunteer, slot=slot, now=asked.now, zone=self.zone),
            slot_start=slot,
        )

    def slot_of(self, found: Pairs, index: int) -> datetime:
        """The first moment at which both could."""
        day = date.fromordinal(int(found.day[index]))
        return times.local_interval(day, int(found.minute[index]), 1440, self.zone)[0]

    def facts_of(self, row: int) -> VolunteerFacts:
        """What the roster knows of one volunteer, without the times: those are words here."""
        c = self.columns
        return VolunteerFacts(
            id=c.person(row),
            home_quarter_id=c.quarters.word(int(c.home[row])),
            served=frozenset(),
            cell=c.cells.word(int(c.cell[row])) or "",
            radius_km=float(c.radius_m[row]) / 1000,
            levels=_levels(c, row),
            vetted={kind: _day(c.vetted[row, n]) for n, kind in enumerate(KINDS) if c.vetted[row, n] != NEVER},
            weekly=(),
            extra=(),
            away=(),
            busy=(),
            hours_per_week=float(c.hours[row]),
            hours_taken={},
            capacity=int(c.capacity[row]),
            live_matches=int(c.live[row]),
            paused=False,
            ready=bool(c.ready[row]),
            languages=frozenset(word for _bit, word in c.language_names.of_mask(int(c.languages[row]))),
            gender="",
            born_on=_day(c.born[row]),
            wishes_other_generation=bool(c.other_generation[row]),
            ask_wish=int(c.ask_wish[row]),
            last_asked_at=_moment(c.asked[row]),
            joined_at=_moment(c.joined[row]) or datetime.fromtimestamp(0, UTC),
        )


def parts_of(values: npt.NDArray[np.float64]) -> dict[str, float]:
    """One row of `Pairs.parts` as the parts that apply."""
    return {part: round(value, 3) for part, value in zip(PARTS, values.tolist(), strict=True) if value == value}


def _levels(columns: Columns, row: int) -> dict[str, int]:
    one, two = int(columns.level_1[row]), int(columns.level_2[row])
    skills = columns.skill_names.of_mask(int(columns.skills[row]))
    return {skill: one >> bit & 1 | (two >> bit & 1) << 1 for bit, skill in skills}


def _day(ordinal: int) -> date | None:
    return None if ordinal in (NEVER, ALWAYS) else date.fromordinal(int(ordinal))


def _moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(float(seconds), UTC) if np.isfinite(seconds) else None
