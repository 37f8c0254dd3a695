"""
May one volunteer serve several requests: is there an order of visits without overlap, with the ways between them, and
with hours left in each week, for the young also minutes left on each day?

Of every order only the schedule counts in which each visit begins as early as it can after the one before: moving a
visit forward never takes room from a later one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

import numpy as np
import numpy.typing as npt

from matching.gates import HARDLY_ANY
from matching.roster import bits, clock, young
from matching.roster.asked import Asked
from matching.roster.columns import WEEKS, Columns, key_of
from matching.roster.found import moment_of
from matching.roster.pairs import Pairs
from places.distance import TRAVEL_BASE_MINUTES, travel_minutes

SHORTEST_WAY = TRAVEL_BASE_MINUTES // bits.QUARTER  # quarters of an hour between two visits at the least
MANY = 6  # from so many requests on an order is not tried twice with the same visits behind it
AT_ONCE = 100_000  # pairs whose days are worked out in one piece

Promised = dict[int, float]  # hours by week (below 1,000), minutes by day (an ordinal)


@dataclass(frozen=True)
class Visit:
    """One request at its place in the timetable: local day (ordinal), first quarter and the one after the last."""

    request: int
    day: int
    start: int
    end: int


class Timetable:
    """`columns`: the volunteers in the numbering of the problem being solved, a copy that nobody else changes."""

    def __init__(self, columns: Columns, asked: Asked) -> None:
        self._columns, self._asked = columns, asked
        self._starts: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._known: dict[tuple[int, tuple[int, ...]], list[Visit] | None] = {}
        self._ways: dict[tuple[int, int], int] = {}
        self._length, self._hours = asked.length.astype(int).tolist(), asked.hours.tolist()
        self._minutes, self._odd = asked.minutes.tolist(), asked.odd.tolist()
        self._cell = np.where(asked.remote, -2, asked.cell).tolist()
        self._most, self._adult = columns.hours.tolist(), columns.adult.tolist()

    def prepare(self, r: npt.NDArray[np.intp], v: npt.NDArray[np.intp]) -> None:
        """Work out when the visits of these pairs may begin, all at once; others are looked up one by one."""
        for first in range(0, len(r), AT_ONCE):
            cut = slice(first, first + AT_ONCE)
            self._work_out(r[cut].astype(np.intp), v[cut].astype(np.int32))

    def groups(self, found: Pairs, v: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """
        Pairs of one volunteer that are all possible on one and the same day only, and how many of them can be at most.

        Per pair the number of its group (-1: none), per group the number: what the shortest visits and the shortest
        ways leave room for from the first of the quarters in question to the last: a way may lie where nobody asks.
        """
        group = np.full(len(v), -1, np.int64)
        single = np.nonzero(found.span)[0]
        if not len(single):
            return group, np.zeros(0, np.int64)
        keys = key_of(v[single].astype(np.int64), found.day[single])
        group[single] = np.unique(keys, return_inverse=True)[1]
        order = single[np.argsort(group[single], kind="stable")]
        heads = np.unique(group[order], return_index=True)[1]
        spans = np.bitwise_or.reduceat(found.span[order], heads)
        quarters = bits.highest(spans).astype(np.int64) - bits.lowest(spans) + 1
        shortest = np.minimum.reduceat(self._asked.length[found.r[order]].astype(np.int64), heads)
        way = np.where(np.bitwise_or.reduceat(self._asked.remote[found.r[order]], heads), 0, SHORTEST_WAY)
        return group, np.maximum((quarters + way) // (shortest + way), 1)

    def together(self, volunteer: int, requests: tuple[int, ...]) -> bool:
        """Can this volunteer serve all of these?"""
        return len(requests) < 2 or self.visits(volunteer, requests) is not None

    def visits(self, volunteer: int, requests: Sequence[int]) -> list[Visit] | None:
        """A timetable of these requests for this volunteer; None where there is none."""
        key = volunteer, tuple(sorted(requests))
        if key not in self._known:
            self._known[key] = self._search(volunteer, key[1])
        return self._known[key]

    def slots(self, r: npt.NDArray[np.intp], v: npt.NDArray[np.intp], chosen: Sequence[int]) -> dict[int, datetime]:
        """Edge -> first moment, for volunteers with several of the chosen edges: so that their visits fit together."""
        of: dict[int, list[int]] = {}
        for edge in chosen:
            of.setdefault(int(v[edge]), []).append(edge)
        slots: dict[int, datetime] = {}
        for volunteer, edges in of.items():
            visits = self.visits(volunteer, [int(r[edge]) for edge in edges]) if len(edges) > 1 else None
            by_request = {visit.request: visit for visit in visits or ()}
            slots |= {e: self._moment(by_request[int(r[e])]) for e in edges if int(r[e]) in by_request}
        return slots

    def _moment(self, visit: Visit) -> datetime:
        return moment_of(visit.day, bits.minute_of(visit.start), self._asked.zone)

    def _search(self, row: int, requests: tuple[int, ...]) -> list[Visit] | None:
        if any(self._odd[request] for request in requests):
            return None  # hours at night have no bits: nobody is given a second request beside such a one
        if len(requests) > 2 and not all(self._pair_fits(row, pair) for pair in combinations(requests, 2)):
            return None
        last = {request: max((day for day, _ in self._begins(row, request)), default=0) for request in requests}
        order = tuple(sorted(requests, key=lambda request: (last[request], request)))
        return self._extend(row, [], order, {}, set())

    def _pair_fits(self, row: int, pair: tuple[int, ...]) -> bool:
        return self.visits(row, pair) is not None

    def _extend(
        self, row: int, placed: list[Visit], left: tuple[int, ...], promised: Promised, tried: set
    ) -> list[Visit] | None:
        """Depth first: the next visit after those placed, whoever's last day comes first is tried first."""
        if not left:
            return placed
        if len(placed) + len(left) >= MANY:
            state = frozenset(left), placed[-1] if placed else None
            if state in tried:
                return None
            tried.add(state)
        for request in left:
            visit = self._earliest(row, request, placed[-1] if placed else None, promised)
            if visit is None:
                continue
            rest = tuple(one for one in left if one != request)
            more = self._with(promised, visit) if rest else promised
            found = self._extend(row, [*placed, visit], rest, more, tried)
            if found is not None:
                return found
        return None

    def _earliest(self, row: int, request: int, before: Visit | None, promised: Promised) -> Visit | None:
        length = self._length[request]
        for day, begins in self._begins(row, request):
            if before and day <= before.day:
                if day < before.day:
                    continue
                begins &= bits.FULL << (before.end + self._way(before.request, request)) & bits.FULL
            if begins and self._has_room(row, request, day, promised):
                start = (begins & -begins).bit_length() - 1
                return Visit(request, day, start, start + length)
        return None

    def _begins(self, row: int, request: int) -> list[tuple[int, int]]:
        """(day, quarters at which the visit may begin), in the order of the days, days without any left out."""
        if (row, request) not in self._starts:
            self._work_out(np.array([request]), np.array([row], np.int32))
        return self._starts[row, request]

    def _work_out(self, r: npt.NDArray[np.intp], v: npt.NDArray[np.int32]) -> None:
        pair, at = bits.spread(self._asked.pointers[r], self._asked.pointers[r + 1])
        days = self._asked.days[at]
        free = clock.free_words(self._columns, self._asked, r[pair], v[pair], days) & self._asked.words[at]
        begins = bits.starts(free, self._asked.length[r[pair]])
        some = begins != 0
        found: list[list[tuple[int, int]]] = [[] for _ in r]
        for which, day, word in zip(pair[some].tolist(), days[some].tolist(), begins[some].tolist(), strict=True):
            found[which].append((day, word))
        self._starts.update(zip(zip(v.tolist(), r.tolist(), strict=True), found, strict=True))

    def _way(self, one: int, other: int) -> int:
        """Quarters of an hour between two visits."""
        here, there = self._cell[one], self._cell[other]
        if here == -2 or there == -2:
            return 0
        if (here, there) not in self._ways:
            names = [self._columns.cells.word(cell) or "" for cell in (here, there)]
            self._ways[here, there] = -(-travel_minutes(*names) // bits.QUARTER)
        return self._ways[here, there]

    def _with(self, promised: Promised, visit: Visit) -> Promised:
        """What is promised when this visit is added."""
        week = self._columns.week_of(visit.day)
        hours = promised.get(week, 0.0) + self._hours[visit.request]
        minutes = promised.get(visit.day, 0.0) + self._minutes[visit.request]
        return promised | {week: hours, visit.day: minutes}

    def _has_room(self, row: int, request: int, day: int, promised: Promised) -> bool:
        """Are hours left in the week, and on the day where the helper is still young?"""
        week = self._columns.week_of(day)
        taken = float(self._columns.taken[row, week]) if 0 <= week < WEEKS else 0.0
        hours = taken + promised.get(week, 0.0) + self._hours[request]
        most = self._most[row]
        if day < self._adult[row]:
            young_most, minutes = young.most_of_a_day(self._columns, self._asked, request, row, day)
            if promised.get(day, 0.0) + self._minutes[request] > minutes:
                return False
            most = min(most, young_most)
        return hours <= most + HARDLY_ANY
