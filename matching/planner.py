"""
The plan of a round: which volunteer for which request, over one quarter or many, the best there is.

Reads and computes; nothing here changes a row. `matching.actions.rounds` carries a plan out.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import loading, reasons, roster, suggestions
from matching.facts import RequestFacts
from matching.models import HelpRequest, Match
from matching.planning import Problem, Together, solve
from matching.priority import priority
from matching.roster.columns import Columns, Rows
from matching.roster.pairs import Index, Pairs, all_pairs
from matching.roster.relief import as_if_free
from matching.roster.timetable import Timetable
from matching.suggestions import WhyNot
from places.models import Border, Quarter

CROWDING = 0.08  # what each further request of the same volunteer costs in fit, so that load spreads
KEPT = 20  # candidates of a request that a round remembers, besides the chosen ones

PairKey = tuple[UUID, UUID]  # (request, volunteer)
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Pair:
    """One request and the volunteer found for it, as `suggestions.Suggestion` without the person's row."""

    request: HelpRequest
    volunteer_id: UUID
    score: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot_start: datetime
    home_quarter_id: UUID | None


@dataclass(frozen=True)
class Planned:
    """
    `candidates` and `why_not` are worked out when somebody looks them up, by request id.

    `gap`: 0 where nothing better exists, else the share by which the proven bound lies above.
    """

    pairs: list[Pair]
    unmatched: list[HelpRequest]
    why_not: Mapping[UUID, WhyNot]
    candidates: Mapping[UUID, list[dict[str, Any]]]
    places: int
    filled: int
    fit: float
    gap: float
    volunteers: int


def plan(
    quarters: Sequence[Quarter],
    *,
    now: datetime,
    progress: Progress | None = None,
    requests: Collection[UUID] | None = None,
    admit: Collection[tuple[UUID, UUID]] = (),
    force: Collection[PairKey] = (),
    forbid: Collection[PairKey] = (),
    free: Collection[UUID] = (),
    explain: bool = True,
) -> Planned:
    """
    The best pairs for everybody in these quarters who still lacks somebody; live matches stay as they are.

    `requests`: only these. `admit`: (quarter, neighbour) borders looked at as if they were open. `force`, `forbid`:
    (request, volunteer) pairs that must, or must not, be among them. `free`: matches looked at as if they were not
    there, so that their people may be paired anew. `progress(step, done, of)`: "load", "pair", "solve".
    """
    tell = progress or (lambda step, done, of: None)
    tell("load", 0, 1)
    matches = list(Match.objects.filter(pk__in=free).select_related("request"))
    rows = lacking(quarters, requests=requests, free=free)
    facts = _admitting(loading.facts_of_requests(rows, now=now, free=matches), admit)
    return Planning(rows, facts, matches, now=now, force=force, forbid=forbid, tell=tell).result(explain=explain)


def lacking(
    quarters: Sequence[Quarter], *, requests: Collection[UUID] | None = None, free: Collection[UUID] = ()
) -> list[HelpRequest]:
    """Requests of these quarters that lack somebody, by key; each with `lacks`, the places left."""
    rows = HelpRequest.objects.lacking(free=free).filter(quarter__in=quarters)
    if requests is not None:
        rows = rows.filter(pk__in=requests)
    return list(rows.for_cards().order_by("pk"))


def _admitting(facts: list[RequestFacts], admit: Collection[tuple[UUID, UUID]]) -> list[RequestFacts]:
    if not admit:
        return facts
    barriers = {
        (quarter, neighbour): barrier
        for quarter, neighbour, barrier in Border.objects.values_list("quarter", "neighbour", "barrier")
        if (quarter, neighbour) in admit
    }
    return [
        replace(one, admitted=one.admitted | {b: why for (a, b), why in barriers.items() if a == one.quarter_id})
        for one in facts
    ]


class Planning:
    """One plan being made: candidates, then the solver, then what there is to say."""

    def __init__(
        self,
        rows: list[HelpRequest],
        facts: list[RequestFacts],
        free: Sequence[Match],
        *,
        now: datetime,
        force: Collection[PairKey] = (),
        forbid: Collection[PairKey] = (),
        tell: Progress,
    ) -> None:
        self.rows, self.facts, self.free, self.now, self.tell = rows, facts, free, now, tell
        self.force, self.forbid = set(force), set(forbid)
        self.roster = roster.current(now=now)

    def result(self, *, explain: bool) -> Planned:
        """The roster is held only to read it: while the solver works, others go on asking."""
        columns = self.roster.columns
        with self.roster.lock, as_if_free(columns, self.free, zone=self.roster.zone):
            self.tell("pair", 0, len(self.rows))
            asked = self.roster.ask(self.facts, now=self.now)
            found = self._edges(all_pairs(columns, asked))
            people, v = self._people(found)
            few = columns.only(people)
        self.tell("solve", 0, 1)
        table = Timetable(few, asked)
        table.prepare(found.r, v)
        chosen, gap = self._solved(found, v, few, table)
        with self.roster.lock:
            return self._planned(found, chosen, gap, table.slots(found.r, v, chosen), explain=explain)

    def _edges(self, found: Pairs) -> Pairs:
        """The candidates without those forbidden."""
        return found.only(~self._among(found, self.forbid)) if self.forbid else found

    def _among(self, found: Pairs, keys: set[PairKey]) -> npt.NDArray[np.bool_]:
        """Which of the candidates are among these (request, volunteer) pairs."""
        if not keys:
            return np.zeros(len(found.v), np.bool_)
        request = {row.pk: index for index, row in enumerate(self.rows)}
        rows = self.roster.columns.rows_of([who for _what, who in keys])
        wanted = {(request.get(what, -1), int(row)) for (what, _who), row in zip(keys, rows, strict=True)}
        return np.array([pair in wanted for pair in zip(found.r.tolist(), found.v.tolist(), strict=True)], np.bool_)

    def _solved(self, found: Pairs, v: Index, few: Columns, table: Timetable) -> tuple[list[int], float]:
        """The chosen candidates, those forced and the best of the rest beside them, and the gap."""
        fixed = np.nonzero(self._among(found, self.force))[0]
        held: dict[int, tuple[int, ...]] = {}
        for edge in fixed.tolist():
            held[int(v[edge])] = (*held.get(int(v[edge]), ()), int(found.r[edge]))

        def together(volunteer: int, requests: tuple[int, ...]) -> bool:
            return table.together(volunteer, (*requests, *held.get(volunteer, ())))

        left = np.array(
            [e for e in range(len(v)) if self._may_join(int(v[e]), int(found.r[e]), held, together)], np.intp
        )
        problem = self._problem(found, v, few, left, fixed)
        if not held:  # a forced pair takes time of its day, which a group knows nothing of
            group, most = table.groups(found, v)
            problem = replace(problem, group=group, most=most)
        solution = solve(problem, together=together)
        return sorted([*fixed.tolist(), *left[solution.chosen].tolist()]), solution.gap

    def _people(self, found: Pairs) -> tuple[Rows, Index]:
        """Rows of all candidates in the order of their keys, and who of them each candidate is: ties go by key."""
        rows, which = np.unique(found.v, return_inverse=True)
        order = np.lexsort((self.roster.columns.low[rows], self.roster.columns.high[rows]))
        return rows[order], np.argsort(order)[which]

    @staticmethod
    def _may_join(volunteer: int, request: int, held: dict[int, tuple[int, ...]], together: Together) -> bool:
        mine = held.get(volunteer)
        return mine is None or (request not in mine and together(volunteer, (request,)))

    def _problem(self, found: Pairs, v: Index, few: Columns, left: Index, fixed: Index) -> Problem:
        needed = np.array([row.lacks for row in self.rows], np.int64)  # type: ignore[attr-defined]
        load = few.live.astype(np.int64) + np.bincount(v[fixed], minlength=few.size)
        needed -= np.bincount(found.r[fixed], minlength=len(needed))
        return Problem(
            needed=np.maximum(needed, 0),
            priority=np.array([self._priority(row) for row in self.rows], np.int64),
            room=np.maximum(few.capacity - load, 0),
            load=load,
            request=found.r[left].astype(np.int32),
            volunteer=v[left].astype(np.int32),
            fit=found.score[left],
            crowding=CROWDING,
        )

    def _priority(self, row: HelpRequest) -> int:
        return priority(urgency=row.urgency, open_since=row.open_since, now=self.now)

    def _planned(
        self, found: Pairs, chosen: list[int], gap: float, slots: dict[int, datetime], *, explain: bool
    ) -> Planned:
        pairs = [self._pair(found, index, slots.get(index)) for index in chosen]
        filled: dict[UUID, int] = {}
        for pair in pairs:
            filled[pair.request.pk] = filled.get(pair.request.pk, 0) + 1
        unmatched = [row for row in self.rows if filled.get(row.pk, 0) < row.lacks]  # type: ignore[attr-defined]
        facts = {row.pk: one for row, one in zip(self.rows, self.facts, strict=True)}
        return Planned(
            pairs=pairs,
            unmatched=unmatched,
            why_not=_Explained({row.pk: facts[row.pk] for row in unmatched} if explain else {}, self.now),
            candidates=_Candidates(self, found, set(chosen)),
            places=sum(row.lacks for row in self.rows),  # type: ignore[attr-defined]
            filled=len(chosen),
            fit=float(found.score[chosen].sum()),
            gap=float(gap),
            volunteers=len(np.unique(found.v)),
        )

    def _pair(self, found: Pairs, index: int, slot: datetime | None) -> Pair:
        request, facts = self.rows[int(found.r[index])], self.facts[int(found.r[index])]
        volunteer = self.roster.facts_of(int(found.v[index]))
        start = slot or self.roster.slot_of(found, index)
        return Pair(
            request=request,
            volunteer_id=volunteer.id,
            score=float(found.score[index]),
            parts=roster.parts_of(found.parts[index]),
            reasons=reasons.reasons_for(facts, volunteer, slot=start, now=self.now, zone=self.roster.zone),
            slot_start=start,
            home_quarter_id=volunteer.home_quarter_id,
        )


class _Candidates(Mapping[UUID, list[dict[str, Any]]]):
    """Request -> who could have been chosen, best first: at most KEPT and the chosen ones."""

    def __init__(self, planning: Planning, found: Pairs, chosen: set[int]) -> None:
        self._planning, self._found, self._chosen = planning, found, chosen
        self._cuts = np.searchsorted(found.r, np.arange(len(planning.rows) + 1)).tolist()
        self._index = {row.pk: index for index, row in enumerate(planning.rows)}

    def __getitem__(self, request: UUID) -> list[dict[str, Any]]:
        index = self._index[request]
        edges = range(self._cuts[index], self._cuts[index + 1])
        who = self._planning.roster.columns.person
        best = sorted(edges, key=lambda edge: (-self._found.score[edge], who(int(self._found.v[edge]))))
        return [self._said(edge) for place, edge in enumerate(best) if place < KEPT or edge in self._chosen]

    def _said(self, edge: int) -> dict[str, Any]:
        who = self._planning.roster.columns.person(int(self._found.v[edge]))
        slot = self._planning.roster.slot_of(self._found, edge)
        return {"v": str(who), "parts": roster.parts_of(self._found.parts[edge]), "slot": slot.isoformat()}

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._index)

    def __len__(self) -> int:
        return len(self._index)


class _Explained(Mapping[UUID, WhyNot]):
    """Request -> why nobody (or not everybody) was found, computed when it is looked up."""

    def __init__(self, facts: dict[UUID, RequestFacts], now: datetime) -> None:
        self._facts, self._now = facts, now

    def __getitem__(self, request: UUID) -> WhyNot:
        return suggestions.explain(self._facts[request], now=self._now)

    def __iter__(self) -> Iterator[UUID]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)
