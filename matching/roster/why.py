"""
Why nobody is found for one request: how many fell at which gate, and the smallest changes that would help.

Every change is computed for real: the request is asked once more as if it were made.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import times
from matching.facts import Interval, RequestFacts
from matching.gates import GATES
from matching.roster import clock
from matching.roster.asked import Asked
from matching.roster.columns import Rows
from matching.roster.pairs import PLAIN
from matching.roster.roster import Roster

STRETCHES = (30, 60, 120)  # minutes by which windows are stretched, looking for the smallest that helps
SIDES = ("later", "earlier", "both")
PEOPLES = ("language", "gender", "vetting", "ready", "radius", "serving", "capacity", "paused", "hours")
SHORTEST = timedelta(minutes=30)


@dataclass(frozen=True)
class WhyNot:
    """How many of `candidates` fell at which gate (each counted once), and the changes that would help, best first."""

    candidates: int
    gates: dict[str, int] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)

    @property
    def main_gate(self) -> str:
        """The gate at which most fell; "" where there was nobody at all."""
        return max(self.gates, key=lambda gate: self.gates[gate], default="")

    def as_json(self) -> dict[str, Any]:
        return {"candidates": self.candidates, "gates": self.gates, "changes": self.changes}


@dataclass(frozen=True, eq=False)
class Fallen:
    """Everybody of the quarter and around it: the first gate each fell at, and whether it was the only one."""

    rows: Rows
    first: npt.NDArray[np.int64]  # index into GATES; -1 passes all
    alone: npt.NDArray[np.bool_]

    def only_at(self, gate: str) -> Rows:
        return self.rows[self.alone & (self.first == GATES.index(gate))]


class Why:
    """One request looked at from all sides. Holds the roster's lock while it is asked."""

    def __init__(self, roster: Roster, facts: RequestFacts, *, now: datetime) -> None:
        self.roster, self.facts, self.now = roster, facts, now
        with roster.lock:
            self.asked = roster.ask([facts], now=now)
            self.fallen = self._fall()

    def why_not(self, *, names: Callable[[Iterable[UUID]], dict[UUID, str]]) -> WhyNot:
        """`names`: quarter ids -> names, asked only where a neighbouring quarter would help."""
        counted = np.bincount(self.fallen.first + 1, minlength=len(GATES) + 1)[1:]
        gates = {gate: int(number) for gate, number in zip(GATES, counted, strict=True) if number}
        with self.roster.lock:
            changes = [*self._people_changes(), *self._quarters(names), *self._times(), *self._skills()]
        order = sorted(changes, key=lambda change: (-change["count"], change["code"], change.get("minutes", 0)))
        return WhyNot(len(self.fallen.rows), gates, order)

    def people(self, code: str) -> list[UUID]:
        """The volunteers whom this change, theirs to make, would turn into a pair."""
        columns = self.roster.columns
        return [columns.person(row) for row in self._who(code).tolist()] if code in PEOPLES else []

    # --- who fell where ----------
    def _fall(self) -> Fallen:
        """As `gates.failed`: time is looked at only for those who fail one other gate at most."""
        columns, rows = self.roster.columns, self._pool()
        r = np.zeros(len(rows), np.intp)
        fails = np.zeros((len(GATES), len(rows)), np.bool_)
        for gate, people in self._out().items():
            fails[GATES.index(gate)] = np.isin(rows, columns.rows_of(people))
        for gate, passes in PLAIN.items():
            fails[GATES.index(gate)] = ~passes(columns, self.asked, r, rows)
        fails[GATES.index("quarter")] = ~(self._serve(rows) & self._admitted(rows))
        near = np.nonzero(fails.sum(axis=0) <= 1)[0]
        found = clock.common(columns, self.asked, r[near], rows[near])
        fails[GATES.index("time"), near] = found.usable == 0
        fails[GATES.index("hours"), near] = (found.usable > 0) & (found.day == 0)
        first = np.where(fails.any(axis=0), fails.argmax(axis=0), -1)
        return Fallen(rows, first, fails.sum(axis=0) == 1)

    def _pool(self) -> Rows:
        """Everybody who could come into question if things were different: the quarter's people and its neighbours'."""
        columns = self.roster.columns
        homes = [self.facts.quarter_id, *self.facts.around]
        rows = np.concatenate([columns.living.of(columns.quarters.number(home)) for home in homes])
        mine = columns.rows_of([self.facts.resident_id])
        return np.unique(rows[columns.here[rows] & ~np.isin(rows, mine)]).astype(np.int32)

    def _out(self) -> dict[str, list[UUID]]:
        found: dict[str, list[UUID]] = {}
        for person, gate in self.facts.out.items():
            found.setdefault(gate, []).append(person)
        return found

    def _serve(self, rows: Rows) -> npt.NDArray[np.bool_]:
        return np.isin(rows, self.roster.columns.serving.of(int(self.asked.quarter[0])))

    def _admitted(self, rows: Rows) -> npt.NDArray[np.bool_]:
        columns = self.roster.columns
        homes = [columns.quarters.number(home) for home in (self.facts.quarter_id, *self.facts.admitted)]
        return np.isin(columns.home[rows], homes)

    # --- what would help ----------
    def _who(self, code: str) -> Rows:
        """Who falls at this one gate alone; "serving": would be admitted here, but helps elsewhere only."""
        if code != "serving":
            return self.fallen.only_at(code)
        rows = self.fallen.only_at("quarter")
        return rows[self._admitted(rows)]

    def _people_changes(self) -> Iterable[dict[str, Any]]:
        for code in PEOPLES:
            if count := len(self._who(code)):
                yield {"code": code, "count": count}

    def _quarters(self, names: Callable[[Iterable[UUID]], dict[UUID, str]]) -> Iterable[dict[str, Any]]:
        """Neighbouring quarters whose people would come, were they let in."""
        columns, rows = self.roster.columns, self.fallen.only_at("quarter")
        rows = rows[self._serve(rows) & ~self._admitted(rows)]
        counted = Counter(columns.quarters.word(int(home)) for home in columns.home[rows])
        named = names(counted) if counted else {}
        for home, count in counted.items():
            if home in named:
                yield {"code": "quarter", "quarter": named[home], "id": str(home), "count": count}

    def _times(self) -> Iterable[dict[str, Any]]:
        """The smallest stretch of the windows, the smallest cut of the duration, that gives somebody time."""
        busy = self.fallen.only_at("time")
        if not len(busy):
            return
        found = list(self._stretches(busy)) + list(self._shorter(busy))
        yield from found
        whole = self._with(busy, windows=_whole_days(self.facts.windows, self.roster))
        if whole > max((change["count"] for change in found), default=0):
            yield {"code": "any_time", "count": whole}

    def _stretches(self, busy: Rows) -> Iterable[dict[str, Any]]:
        for minutes in STRETCHES:
            counts = {side: self._with(busy, windows=stretched(self.facts.windows, minutes, side)) for side in SIDES}
            best = max(SIDES[:2], key=lambda side: counts[side])
            if counts["both"] > counts[best]:
                best = "both"
            if counts[best]:
                yield {"code": "stretch", "minutes": minutes, "side": best, "count": counts[best]}
                return

    def _shorter(self, busy: Rows) -> Iterable[dict[str, Any]]:
        for minutes in STRETCHES[:2]:
            shorter = self.facts.duration - timedelta(minutes=minutes)
            if shorter >= SHORTEST and (count := self._with(busy, duration=shorter)):
                yield {"code": "shorter", "minutes": minutes, "count": count}
                return

    def _with(self, rows: Rows, **changes: Any) -> int:
        """How many of these would have time, were the request so."""
        if "windows" in changes:
            changes["windows"] = tuple((max(a, self.now), b) for a, b in changes["windows"] if b > self.now)
        asked = self._ask(replace(self.facts, **changes))
        found = clock.common(self.roster.columns, asked, np.zeros(len(rows), np.intp), rows)
        return int((found.day > 0).sum())

    def _skills(self) -> Iterable[dict[str, Any]]:
        """Leaving out one of several kinds of help, with what the others still require."""
        for slug, fewer in self.facts.without_skill.items():
            count = len(self.roster.pairs([replace(self.facts, **fewer)], now=self.now).v)
            if count:
                yield {"code": "without_skill", "slug": slug, "count": count}

    def _ask(self, facts: RequestFacts) -> Asked:
        return self.roster.ask([facts], now=self.now)


def stretched(windows: Iterable[Interval], minutes: int, side: str) -> tuple[Interval, ...]:
    """The windows, each earlier, later or both by so many minutes."""
    more = timedelta(minutes=minutes)
    before, after = more * (side != "later"), more * (side != "earlier")
    return tuple(times.joined((start - before, end + after) for start, end in windows))


def _whole_days(windows: Iterable[Interval], roster: Roster) -> tuple[Interval, ...]:
    days = sorted({start.astimezone(roster.zone).date() for start, _end in windows})
    return tuple(times.local_interval(day, *times.DAY_MINUTES, roster.zone) for day in days)
