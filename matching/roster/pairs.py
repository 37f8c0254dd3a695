"""
Who can be a pair, and how well it fits, for many requests and volunteers at once.

The law stands in `matching.gates` and `matching.scoring`; this is the same on arrays, and a test holds both together.
Pairs are two arrays of equal length: `r` (index of the request in `Asked`) and `v` (row of the volunteer).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

import numpy as np
import numpy.typing as npt

from matching import scoring
from matching.roster import clock, young
from matching.roster.asked import Asked
from matching.roster.columns import NEVER, Columns, Rows
from matching.scoring import PARTS, Numbers

LEAST = 1e-9  # far below any weight: where none counts, nothing is shared by nothing
AT_ONCE = 400_000  # requests times people looked at in one piece
FEW = 8  # to compare with so many one by one is quicker than to sort
Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs that pass every gate, ordered by request: fit 0..1, its parts (nan: does not apply), the first slot."""

    r: Index
    v: Rows
    score: npt.NDArray[np.float64]
    parts: npt.NDArray[np.float64]  # (pairs, PARTS)
    day: npt.NDArray[np.int64]  # ordinal
    minute: npt.NDArray[np.int32]  # local minutes since midnight
    span: npt.NDArray[np.uint64]  # the quarters in question where only that one day is possible, else 0

    def only(self, which: Flags) -> "Pairs":
        """Those of the pairs for which the flag is set."""
        return Pairs(*(getattr(self, name)[which] for name in ("r", "v", "score", "parts", "day", "minute", "span")))


def all_pairs(columns: Columns, asked: Asked, *, only: Rows | None = None) -> Pairs:
    """Every pair of these requests, with fit and slot. `only`: nobody but these rows."""
    r, v = _able(columns, asked, only)
    for gates in (CHEAP, DEAR):
        fits = np.logical_and.reduce([gate(columns, asked, r, v) for gate in gates])
        r, v = r[fits], v[fits]
    times = clock.common(columns, asked, r, v)
    fits = times.day > 0
    r, v, times = r[fits], v[fits], times.only(fits)
    parts = fit_parts(columns, asked, r, v, times.usable)
    return Pairs(r, v, total(parts, asked.weights[r].T), parts.T, times.day, times.minute, times.span)


def _able(columns: Columns, asked: Asked, only: Rows | None) -> tuple[Index, Rows]:
    """Pairs within the quarter and its admitted neighbours, with every needed skill, nobody who is out."""
    only = None if only is None else np.unique(only)
    found = [(np.empty(0, np.intp), np.empty(0, np.int32))]
    for (quarter, admitted), requests in _by_quarter(asked).items():
        rows = serving(columns, quarter, admitted)
        rows = rows if only is None else _in_both(rows, only)
        step = max(1, AT_ONCE // max(len(rows), 1))
        found += [_skilled(columns, asked, requests[at : at + step], rows) for at in range(0, len(requests), step)]
    r, v = (np.concatenate(side) for side in zip(*found, strict=True))
    order = r.argsort(kind="stable")
    return _without_out(asked, r[order], v[order])


def _by_quarter(asked: Asked) -> dict[tuple[int, frozenset[UUID]], Index]:
    """Quarter and whom it admits -> the requests for whom the same people may come, ascending."""
    found: dict[tuple[int, frozenset[UUID]], list[int]] = {}
    for index, (quarter, facts) in enumerate(zip(asked.quarter.tolist(), asked.facts, strict=True)):
        found.setdefault((quarter, frozenset(facts.admitted)), []).append(index)
    return {key: np.array(requests) for key, requests in found.items()}


def _skilled(columns: Columns, asked: Asked, requests: Index, rows: Rows) -> tuple[Index, Rows]:
    """Each of these requests with each of these rows who has every needed skill."""
    need = asked.skills[requests][:, None]
    at, who = (columns.skills[rows] & need == need).nonzero()
    return requests[at], rows[who]


def _without_out(asked: Asked, r: Index, v: Rows) -> tuple[Index, Rows]:
    """The pairs without those who can never be one, per request mostly two or three people."""
    stay = np.ones(len(r), np.bool_)
    cuts = r.searchsorted(np.arange(len(asked.out) + 1)).tolist()
    for out, (first, last) in zip(asked.out, pairwise(cuts), strict=True):
        if len(out) and first < last:
            stay[first:last] = ~among(v[first:last], out)
    return r[stay], v[stay]


def _in_both(rows: Rows, some: Rows) -> Rows:
    """Rows that are in both; both ascending, `some` rather few."""
    if not len(rows):
        return rows
    at = np.minimum(rows.searchsorted(some), len(rows) - 1)
    return some[rows[at] == some]


def among(values: npt.NDArray[np.int32], few: Sequence[int] | Rows) -> Flags:
    """Which of the values are one of the few; more than FEW are sorted first."""
    if len(few) > FEW:
        return np.isin(values, few)
    found = np.zeros(len(values), np.bool_)
    for one in few:
        found |= values == one
    return found


def serving(columns: Columns, quarter: int, admitted: Collection[UUID]) -> Rows:
    """Ready people who serve this quarter and live in it or in an admitted neighbour."""
    key = quarter, frozenset(admitted)
    if key not in columns.near:
        rows = columns.serving.of(quarter)
        homes = [quarter, *(columns.quarters.number(one) for one in admitted)]
        columns.near[key] = rows[columns.ready.take(rows) & among(columns.home.take(rows), homes)]
    return columns.near[key]


# --- gates: arrays in, flags out; True passes ----------
def by_skill(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    need = asked.skills[r]
    return columns.skills[v] & need == need


def by_ready(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    return columns.ready[v]


def by_radius(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    near = kilometres(columns, asked, r, v) * 1000 <= columns.radius_m[v]
    return near | _nowhere(columns, asked, r, v)


def by_vetting(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    return young.checked(columns, asked, r, v)


def by_age(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    return young.old_enough(columns, asked, r, v)


def by_language(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    wanted = asked.languages[r]
    return (wanted == 0) | (wanted & columns.languages[v] != 0)


def by_gender(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    wanted = asked.gender[r]
    return (wanted == 0) | (wanted == columns.gender[v])


def by_pause(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    return columns.paused_until[v] < asked.today.toordinal()


def by_capacity(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    return columns.live[v] < columns.capacity[v]


Gate = Callable[[Columns, Asked, Index, Rows], Flags]
PLAIN: dict[str, Gate] = {
    "ready": by_ready,
    "skill": by_skill,
    "radius": by_radius,
    "vetting": by_vetting,
    "age": by_age,
    "language": by_language,
    "gender": by_gender,
    "paused": by_pause,
    "capacity": by_capacity,
}
# What `_able` has not looked at yet; the dear ones only of those whom the cheap ones let through.
CHEAP = (by_capacity, by_pause, by_language, by_gender)
DEAR = (by_age, by_vetting, by_radius)


def kilometres(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    """Centre to centre of the two cells; nonsense where one of them is not known."""
    if not len(r):
        return np.empty(0)
    first, last = int(asked.cell[r[0]]), int(asked.cell[r[-1]])
    if first == last and (asked.cell[r] == first).all():
        return columns.map.from_cell(first)[columns.cell[v]]
    return columns.map.between(asked.cell[r], columns.cell[v])


def _nowhere(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    """By telephone distance does not count, and unknown places pass."""
    return asked.remote[r] | (asked.cell[r] < 0) | (columns.cell[v] < 0)


# --- the fit ----------
def fit_parts(
    columns: Columns, asked: Asked, r: Index, v: Rows, usable: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """(PARTS, pairs), 0..1 in 3 digits, nan where a part does not apply. `usable`: common quarters of an hour."""
    values = {
        "nearness": _nearness(columns, asked, r, v),
        "time_slack": scoring.slack_share(usable / asked.length[r]),
        "skill_depth": _skill_depth(columns, asked, r, v),
        "language": _language(columns, asked, r, v),
        "continuity": _continuity(columns, asked, r, v),
        "fair_turn": _fair_turn(columns, asked, v),
        "generations": _generations(columns, asked, r, v),
    }
    return np.stack([values[name] for name in PARTS]).round(3)


def total(parts: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """
    The weighted mean of the parts that apply, rounded to 4 digits; 0 where no weight counts.

    Parts along the first axis, in the order of PARTS; of `weights` one column for every pair or one for all.
    """
    applies = parts == parts
    whole = np.add.reduce(np.where(applies, weights, 0.0))
    sums = np.add.reduce(np.where(applies, parts * weights, 0.0))
    return (sums / np.maximum(whole, LEAST)).round(4)


def _nearness(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    barrier = _beyond_a_barrier(columns, asked, r, v)
    near = scoring.near_share(kilometres(columns, asked, r, v), columns.radius_m[v] / 1000, barrier)
    return np.where(_nowhere(columns, asked, r, v), np.nan, near)


def _beyond_a_barrier(columns: Columns, asked: Asked, r: Index, v: Rows) -> Flags:
    behind: dict[int, list[int]] = {}
    for index, facts in enumerate(asked.facts):
        if any(facts.admitted.values()):
            behind[index] = [columns.quarters.number(one) for one, barrier in facts.admitted.items() if barrier]
    found = np.zeros(len(r), np.bool_)
    if behind:
        cut = np.searchsorted(r, np.arange(len(asked.facts) + 1))
        for index, homes in behind.items():
            here = slice(cut[index], cut[index + 1])
            if cut[index] < cut[index + 1]:
                found[here] = among(columns.home[v[here]], homes)
    return found


def _skill_depth(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    need = asked.skills[r] & columns.skills[v]
    levels = np.bitwise_count(columns.level_1[v] & need) + 2.0 * np.bitwise_count(columns.level_2[v] & need)
    return _share(levels, 3.0 * np.bitwise_count(need))


def _language(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    wanted = np.where(asked.languages != 0, asked.languages, asked.resident_languages)[r]
    return _share(np.bitwise_count(wanted & columns.languages[v]), np.bitwise_count(wanted).astype(np.float64))


def _continuity(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    found = np.zeros(len(r))
    for index, facts in enumerate(asked.facts):
        if facts.together:
            here = slice(*np.searchsorted(r, (index, index + 1)))
            rows = columns.rows_of(list(facts.together))
            for row, times in zip(rows.tolist(), facts.together.values(), strict=True):
                found[here][v[here] == row] = scoring.known_share(times)
    return found


def _fair_turn(columns: Columns, asked: Asked, v: Rows) -> npt.NDArray[np.float64]:
    since = np.where(np.isfinite(columns.asked[v]), columns.asked[v], columns.joined[v])
    weeks = (asked.now.timestamp() - since) / scoring.WEEK_SECONDS
    return scoring.turn(weeks, columns.ask_wish[v], columns.live[v], columns.capacity[v])


def _generations(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    wished = asked.other_generation[r] | columns.other_generation[v]
    found = np.full(len(r), np.nan)
    if not wished.any():
        return found
    some = r[wished]
    found[wished] = apart(columns.born[v[wished]], asked.older[some], asked.younger[some])
    return found


def apart(born: npt.NDArray[np.int32], older: Numbers, younger: Numbers) -> Flags:
    """Who, by their birthdays, is of another generation; the other two are `generations_of` the resident."""
    return ((born <= older) | (born > younger)) & (born != NEVER)


def _share(some: npt.NDArray, of: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.divide(some, of, out=np.full(len(of), np.nan), where=of > 0)
