"""
Who can be a pair, and how well it fits, for many requests and volunteers at once.

The law stands in `matching.gates` and `matching.scoring`; this is the same on arrays, and a test holds both together.
Pairs are two arrays of equal length: `r` (index of the request in `Asked`) and `v` (row of the volunteer).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching import scoring
from matching.roster import clock
from matching.roster.asked import Asked, Each, among, key
from matching.roster.columns import AGELESS, Columns, Rows
from matching.scoring import PARTS

Flags = npt.NDArray[np.bool_]
Index = npt.NDArray[np.intp]
AT_ONCE = 2_000_000  # requests x people looked at in one piece


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
        return Pairs(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


def all_pairs(columns: Columns, asked: Asked, *, only: Rows | None = None) -> Pairs:
    """Every pair of these requests, with fit and slot. `only`: nobody but these rows."""
    r, v = _able(columns, asked, only)
    metres = columns.map.metres(asked.at(r).place, columns.cell[v])
    fits = _passes(columns, asked.at(r), v) & by_radius(columns, metres, v)
    r, v, metres = r[fits], v[fits], metres[fits]
    times = clock.common(columns, asked, r, v)
    fits = times.day > 0
    r, v, metres, times = r[fits], v[fits], metres[fits], times.only(fits)
    parts = fit_parts(columns, asked, r, v, metres, times.usable)
    return Pairs(r, v, total(parts, asked.at(r).weights), parts, times.day, times.minute, times.span)


def _able(columns: Columns, asked: Asked, only: Rows | None) -> tuple[Index, Rows]:
    """
    Pairs within the quarter and its admitted neighbours, with every needed skill, nobody who is out.

    All requests of one quarter are laid over the people who may come there at once.
    """
    rs, vs = [np.empty(0, np.intp)], [np.empty(0, np.int32)]
    for (quarter, admitted), some in _by_quarter(asked).items():
        rows, skills = _near(columns, quarter, admitted)
        if only is not None:
            mine = np.isin(rows, only)
            rows, skills = rows[mine], skills[mine]
        need = asked.skills[some]
        for first in range(0, len(some), AT_ONCE // max(len(rows), 1) + 1):
            piece = slice(first, first + AT_ONCE // max(len(rows), 1) + 1)
            which, who = np.nonzero(skills & need[piece, None] == need[piece, None])
            rs.append(some[piece][which])
            vs.append(rows[who])
    r, v = (rs[-1], vs[-1]) if len(rs) <= 2 else (np.concatenate(rs), np.concatenate(vs))
    if len(rs) > 2:
        order = np.argsort(r, kind="stable")
        r, v = r[order], v[order]
    return _without_those_out(asked, r, v)


def _by_quarter(asked: Asked) -> dict[tuple[int, frozenset], Index]:
    """(quarter, admitted neighbours) -> the requests there."""
    found: dict[tuple[int, frozenset], list[int]] = {}
    for index, (quarter, facts) in enumerate(zip(asked.quarter.tolist(), asked.facts, strict=True)):
        found.setdefault((quarter, frozenset(facts.admitted)), []).append(index)
    return {key: np.array(some, np.intp) for key, some in found.items()}


def _without_those_out(asked: Asked, r: Index, v: Rows) -> tuple[Index, Rows]:
    if not len(asked.out):
        return r, v
    fine = ~among(key(r, v), asked.out)
    return r[fine], v[fine]


def _near(columns: Columns, quarter: int, admitted: frozenset) -> tuple[Rows, npt.NDArray[np.uint64]]:
    """Who can be asked at all, serves this quarter and lives in it or in an admitted neighbour; and their skills."""
    key = quarter, admitted
    if key not in columns.near:
        rows = columns.serving.of(quarter)
        homes = [quarter, *(columns.quarters.number(one) for one in admitted)]
        free = columns.ready[rows] & ~columns.paused[rows] & (columns.live[rows] < columns.capacity[rows])
        rows = rows[free & np.isin(columns.home[rows], homes)]
        columns.near[key] = rows, columns.skills[rows]
    return columns.near[key]


# --- gates: arrays in, flags out; True passes ----------
def by_skill(columns: Columns, each: Each, v: Rows) -> Flags:
    return columns.skills[v] & each.skills == each.skills


def by_ready(columns: Columns, each: Each, v: Rows) -> Flags:
    return columns.ready[v]


def by_radius(columns: Columns, metres: npt.NDArray[np.float64], v: Rows) -> Flags:
    """By telephone distance does not count, and unknown places pass: both are nan metres away."""
    return ~(metres > columns.radius_m[v])


def by_vetting(columns: Columns, each: Each, v: Rows) -> Flags:
    return columns.checks[v] & each.checks == each.checks


def by_age(columns: Columns, each: Each, v: Rows) -> Flags:
    return columns.years[v] >= each.least_years


def by_language(columns: Columns, each: Each, v: Rows) -> Flags:
    return (each.languages == 0) | (each.languages & columns.languages[v] != 0)


def by_gender(columns: Columns, each: Each, v: Rows) -> Flags:
    return (each.gender == 0) | (each.gender == columns.gender[v])


def by_pause(columns: Columns, each: Each, v: Rows) -> Flags:
    return ~columns.paused[v]


def by_capacity(columns: Columns, each: Each, v: Rows) -> Flags:
    return columns.live[v] < columns.capacity[v]


Gate = Callable[[Columns, Each, Rows], Flags]
PLAIN: dict[str, Gate] = {
    "ready": by_ready,
    "skill": by_skill,
    "vetting": by_vetting,
    "age": by_age,
    "language": by_language,
    "gender": by_gender,
    "paused": by_pause,
    "capacity": by_capacity,
}


def _passes(columns: Columns, each: Each, v: Rows) -> Flags:
    """What `_able` has not looked at yet; wishes only where somebody has one."""
    found = by_vetting(columns, each, v) & by_age(columns, each, v)
    if np.any(each.languages):
        found &= by_language(columns, each, v)
    if np.any(each.gender):
        found &= by_gender(columns, each, v)
    return found


# --- the fit ----------
def fit_parts(
    columns: Columns,
    asked: Asked,
    r: Index,
    v: Rows,
    metres: npt.NDArray[np.float64],
    usable: npt.NDArray[np.int64],
) -> npt.NDArray[np.float64]:
    """(pairs, PARTS), 0..1 in 3 digits, nan where a part does not apply. `usable`: common quarters of an hour."""
    each = asked.at(r)
    values = {
        "nearness": _nearness(columns, asked, r, v, metres),
        "time_slack": scoring.slack_share(usable / each.length),
        "skill_depth": _skill_depth(columns, each, v),
        "language": _language(columns, each, v),
        "continuity": _continuity(columns, asked, r, v),
        "fair_turn": _fair_turn(columns, asked, v),
        "generations": _generations(columns, each, v),
    }
    parts = np.empty((len(r), len(PARTS)))
    for column, name in enumerate(PARTS):
        parts[:, column] = values[name]
    return np.round(parts, 3)


def total(parts: npt.NDArray[np.float64], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The weighted mean of the parts that apply, rounded to 4 digits; 0 where no weight counts."""
    weighed = parts * weights
    there = weighed == weighed
    whole = (there * weights).sum(axis=1)
    sums = weighed.sum(axis=1, where=there)
    return np.round(np.divide(sums, whole, out=np.zeros_like(sums), where=whole > 0), 4)


def _nearness(
    columns: Columns, asked: Asked, r: Index, v: Rows, metres: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    near = np.maximum(0, 1 - metres / np.maximum(columns.radius_m[v], 100))
    if len(asked.behind):
        quarter = np.asarray(asked.at(r).quarter, np.int64)
        near[among(key(quarter, columns.home[v]), asked.behind)] *= scoring.BARRIER_FACTOR
    return near


def _skill_depth(columns: Columns, each: Each, v: Rows) -> npt.NDArray[np.float64]:
    """Whoever got here has all of them, so what is asked for counts whole."""
    need = each.skills
    levels = np.bitwise_count(columns.level_1[v] & need) + 2.0 * np.bitwise_count(columns.level_2[v] & need)
    return _share(levels, np.multiply(3.0, np.bitwise_count(need)))


def _language(columns: Columns, each: Each, v: Rows) -> npt.NDArray[np.float64] | float:
    wanted = each.wanted
    if not np.any(wanted):
        return np.nan
    return _share(np.bitwise_count(wanted & columns.languages[v]), np.bitwise_count(wanted))


def _continuity(columns: Columns, asked: Asked, r: Index, v: Rows) -> npt.NDArray[np.float64]:
    found = np.zeros(len(r))
    for index, facts in enumerate(asked.facts):
        if facts.together:
            here = slice(*np.searchsorted(r, (index, index + 1)))
            rows = columns.rows_of(list(facts.together))
            for row, times in zip(rows.tolist(), facts.together.values(), strict=True):
                found[here][v[here] == row] = min(1.0, times / 2)
    return found


def _fair_turn(columns: Columns, asked: Asked, v: Rows) -> npt.NDArray[np.float64]:
    since = columns.asked[v]
    since = np.where(since > -np.inf, since, columns.joined[v])
    weeks = (asked.now.timestamp() - since) / (7 * 86400)
    return scoring.turn(weeks, columns.ask_wish[v], columns.live[v], columns.capacity[v])


def _generations(columns: Columns, each: Each, v: Rows) -> npt.NDArray[np.float64] | float:
    wished = each.other_generation | columns.other_generation[v]
    if not wished.any():
        return np.nan
    mine, theirs = np.asarray(each.years, np.int16), columns.years[v].astype(np.int16)
    apart = (np.abs(mine - theirs) >= scoring.GENERATION_YEARS) & (mine != AGELESS) & (theirs != AGELESS)
    return np.where(wished, apart, np.nan)


def _share(some: npt.NDArray, of: npt.NDArray) -> npt.NDArray[np.float64]:
    """nan where there is nothing to share."""
    with np.errstate(invalid="ignore"):
        return some / of
