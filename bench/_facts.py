"""From the generated columns to the matcher's plain facts, without a database: what the rivals' loops look at."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np

from bench._asking import DATED, WEEKLY, Requests
from bench._city import ALWAYS, GENDERS, KINDS, LANGUAGES, NEVER, NOW, SKILLS, Array, Land, Volunteers, ids
from matching import times
from matching.facts import Interval, RequestFacts, Visit, VolunteerFacts
from matching.scoring import WEIGHTS

ZONE = ZoneInfo("Europe/Berlin")
SLUGS = [skill["slug"] for skill in SKILLS]
LEAD = (timedelta(hours=2), timedelta(hours=2), timedelta(minutes=30))  # by urgency, as `matching.loading` has it


def named(mask: int, names: Iterable[str]) -> list[str]:
    """What the bits of a word stand for."""
    return [name for bit, name in enumerate(names) if mask >> bit & 1]


def day_of(ordinal: int) -> date | None:
    return None if ordinal in (NEVER, ALWAYS) else date.fromordinal(int(ordinal))


def moment(seconds: float) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if np.isfinite(seconds) else None


def windows_of(requests: Requests, row: int, rows: Array) -> list[Interval]:
    """The moments of one request from the soonest on; `rows` are its windows."""
    today = NOW.astimezone(ZONE).date()
    if requests.timing[row] == WEEKLY:
        weekly = [(int(day), int(start), int(end)) for _row, day, start, end in rows]
        last = today + timedelta(days=times.WEEKLY_AHEAD_DAYS)
        found = times.weekly_intervals(weekly, today, last, ZONE)
    elif requests.timing[row] == DATED:
        found = [times.local_interval(date.fromordinal(int(d)), int(s), int(e), ZONE) for _row, d, s, e in rows]
    else:
        until = date.fromordinal(int(requests.until[row]))
        found = [times.local_interval(day, *times.DAY_MINUTES, ZONE) for day in times.days(today, until)]
    soonest = NOW + LEAD[requests.urgency[row]]
    return [(max(start, soonest), end) for start, end in times.joined(found) if end > soonest]


def request_facts(
    land: Land, volunteers: Volunteers, requests: Requests, rows: Iterable[int]
) -> Iterator[RequestFacts]:
    """Facts of these requests, as `matching.loading.request_facts` reads them from the database."""
    first = np.searchsorted(requests.windows[:, 0], np.arange(len(requests) + 1))
    borders = _admitted(land)
    for row in rows:
        skills = [SKILLS[bit] for bit in range(len(SKILLS)) if int(requests.skills[row]) >> bit & 1]
        quarter = int(requests.quarter[row])
        blocked, known = int(requests.blocked[row]), int(requests.known[row])
        yield RequestFacts(
            resident_id=UUID(int=int(requests.resident_high[row]) << 64 | int(requests.resident_low[row])),
            quarter_id=land.ids[quarter],
            cell=land.cells[requests.cell[row]],
            skills=frozenset(skill["slug"] for skill in skills),
            needs=frozenset(skill["needs"] for skill in skills) - {"none"},
            minors_may=all(skill["minors_may"] for skill in skills),
            remote=all(skill["remote"] for skill in skills),
            windows=tuple(windows_of(requests, row, requests.windows[first[row] : first[row + 1]])),
            duration=timedelta(minutes=int(requests.minutes[row])),
            languages=frozenset(named(int(requests.languages[row]), LANGUAGES)),
            gender_wish=GENDERS[requests.gender[row]],
            wishes_other_generation=bool(requests.other_generation[row]),
            resident_languages=frozenset(named(int(requests.speaks[row]), LANGUAGES)),
            resident_born_on=day_of(requests.born[row]),
            admitted=borders[quarter],
            weights=dict(WEIGHTS),
            out={_id(volunteers, blocked): "blocked"} if blocked >= 0 else {},
            together={_id(volunteers, known): 1} if known >= 0 else {},
        )


def _id(volunteers: Volunteers, row: int) -> UUID:
    return UUID(int=int(volunteers.high[row]) << 64 | int(volunteers.low[row]))


def _admitted(land: Land) -> list[dict[UUID, str]]:
    found: list[dict[UUID, str]] = [{} for _quarter in land.ids]
    for (quarter, near), barrier, admitted in zip(land.borders.tolist(), land.barrier, land.admitted, strict=True):
        if admitted:
            found[quarter][land.ids[near]] = "Autobahn" if barrier else ""
    return found


def volunteer_facts(land: Land, volunteers: Volunteers) -> list[VolunteerFacts]:
    """Facts of everybody, in the order of the columns."""
    v = volunteers
    dated = _dated(land, v)
    weekly = _grouped(v.windows, len(v))
    columns = {name: getattr(v, name).tolist() for name in _PLAIN}
    return [
        VolunteerFacts(
            id=key,
            home_quarter_id=land.ids[c["home"]],
            served=frozenset(land.ids[q] for q in v.serves[v.serves_from[row] : v.serves_from[row + 1]]),
            cell=land.cells[c["cell"]],
            radius_km=c["radius_m"] / 1000,
            levels=_levels(c["skills"], c["level_1"], c["level_2"]),
            vetted={kind: day_of(until) for kind, until in zip(KINDS, c["vetted"], strict=True) if until},
            weekly=tuple((day, start, end) for day, start, end in weekly[row]),
            extra=tuple(dated[row]["extra"]) if row in dated else (),
            away=tuple(dated[row]["away"]) if row in dated else (),
            busy=tuple(dated[row]["busy"]) if row in dated else (),
            hours_per_week=c["hours"],
            hours_taken=_taken(dated[row]["busy"]) if row in dated else {},
            capacity=c["capacity"],
            live_matches=c["live"],
            paused=c["paused"],
            ready=c["ready"],
            languages=frozenset(named(c["languages"], LANGUAGES)),
            gender=GENDERS[c["gender"]],
            born_on=day_of(c["born"]),
            wishes_other_generation=c["other_generation"],
            last_asked_at=moment(c["asked"]),
            joined_at=datetime.fromtimestamp(c["joined"], UTC),
            ask_wish=c["ask_wish"],
            helps_on_holidays=c["holidays"],
        )
        for row, (key, c) in enumerate(
            zip(
                ids(v.high, v.low),
                (dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)),
                strict=True,
            )
        )
    ]


_PLAIN = (
    "home", "cell", "radius_m", "skills", "level_1", "level_2", "vetted", "hours", "capacity", "live", "paused",
    "ready", "languages", "gender", "born", "other_generation", "asked", "joined",
    "ask_wish", "holidays",
)  # fmt: skip


def _levels(mask: int, one: int, two: int) -> dict[str, int]:
    return {slug: (one >> b & 1) + 2 * (two >> b & 1) for b, slug in enumerate(SLUGS) if mask >> b & 1}


def _taken(busy: list[Visit]) -> dict[date, float]:
    found: dict[date, float] = defaultdict(float)
    for start, end, _cell in busy:
        found[times.week_of(start, ZONE)] += (end - start) / timedelta(hours=1)
    return dict(found)


def _grouped(table: Array, size: int) -> list[list[list[int]]]:
    """The rows of a table by their first column, without it."""
    found: list[list[list[int]]] = [[] for _ in range(size)]
    for row, *rest in table.tolist():
        found[row].append(rest)
    return found


def _dated(land: Land, volunteers: Volunteers) -> dict[int, dict[str, list[Any]]]:
    """Row -> exceptions and visits as moments."""
    found: dict[int, dict[str, Any]] = defaultdict(lambda: {"extra": [], "away": [], "busy": []})
    for row, first, last, start, end, there in volunteers.exceptions.tolist():
        found[row]["extra" if there else "away"] += [
            times.local_interval(day, start, end, ZONE)
            for day in times.days(date.fromordinal(first), date.fromordinal(last))
        ]
    for row, day, start, end, cell in volunteers.visits.tolist():
        found[row]["busy"].append((*times.local_interval(date.fromordinal(day), start, end, ZONE), land.cells[cell]))
    return found
