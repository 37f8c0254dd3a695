"""
The picture of all volunteers that a process keeps in memory, and what is asked of it.

Filled from the database once, then kept up by `VolunteerChange` notes; `current` gives the one of this process.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, tzinfo
from uuid import UUID

import numpy as np

from matching import reasons
from matching.facts import Person, RequestFacts
from matching.roster import pairs as pairing
from matching.roster.asked import Asked, ask, days_of
from matching.roster.best import best
from matching.roster.columns import Columns
from matching.roster.found import Found, moment_of, parts_of, person_of
from matching.roster.pairs import Pairs


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
            wished = days_of(facts.windows, self.zone)
            if wished.odd:
                return self._top_at_night(facts, now=now, limit=limit)
            return best(self.columns, facts, wished, now=now, zone=self.zone, limit=limit)

    def _top_at_night(self, facts: RequestFacts, *, now: datetime, limit: int) -> list[Found]:
        """Where some of the hours have no bits: by way of all pairs."""
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
        return moment_of(int(found.day[index]), int(found.minute[index]), self.zone)

    def facts_of(self, row: int) -> Person:
        """What can be told of one volunteer."""
        return person_of(self.columns, row)
