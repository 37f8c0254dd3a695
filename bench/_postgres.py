"""
Two rivals in PostgreSQL: an indexed box with a Python score, and PostGIS with everything in SQL.

Both read a schema of their own in the database named in BENCH_POSTGRES, which is dropped afterwards.
"""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from math import cos, radians
from pathlib import Path
from typing import Any

import numpy as np
import psycopg

from bench._city import GENDERS, KINDS, LANGUAGES, NEVER, NOW, Land, Volunteers, ids
from bench._facts import SLUGS, ZONE, day_of, moment, named
from bench._rivals import Answer, Ranked, best
from matching import times
from matching.facts import Person, RequestFacts, VolunteerFacts
from matching.reasons import Teller
from matching.scoring import PARTS
from places import cells

WHERE = os.environ.get("BENCH_POSTGRES", "postgresql://postgres@127.0.0.1:5432/test")
SCHEMA = "bench_matching"
FURTHEST_M = 5000
SQL = (Path(__file__).parent / "_postgres.sql").read_text()
TABLES = """
CREATE TABLE volunteer (n int PRIMARY KEY, id uuid, home int, lat float8, lon float8, radius_m int, cell text,
    hours float8, capacity int, live int, paused bool, ready bool, languages text[], gender text, born date,
    other_generation bool, last_asked timestamptz, joined timestamptz, ask_wish int, holidays bool);
CREATE TABLE served (volunteer int, quarter int);
CREATE TABLE offered (volunteer int, skill text, level int);
CREATE TABLE vetting (volunteer int, kind text, until date);
CREATE TABLE weekly (volunteer int, weekday int, first int, last int);
CREATE TABLE dated (volunteer int, starts timestamptz, ends timestamptz, there bool);
CREATE TABLE visit (volunteer int, starts timestamptz, ends timestamptz, cell text, lat float8, lon float8);
"""
INDEXES = """
CREATE INDEX ON volunteer (lat, lon);
CREATE INDEX ON served (quarter, volunteer);
CREATE INDEX ON offered (skill, volunteer) INCLUDE (level);
CREATE INDEX ON offered (volunteer);
CREATE INDEX ON vetting (volunteer, kind);
CREATE INDEX ON weekly (volunteer, weekday);
CREATE INDEX ON dated (volunteer);
CREATE INDEX ON visit (volunteer);
"""
SPOTS = """
ALTER TABLE volunteer ADD spot geography(Point);
UPDATE volunteer SET spot = ST_SetSRID(ST_MakePoint(lon, lat), 4326)::geography;
CREATE INDEX ON volunteer USING gist (spot);
"""


@contextmanager
def filled(land: Land, volunteers: Volunteers) -> Iterator["tuple[psycopg.Connection, bool] | None"]:
    """A connection whose schema holds the city, and whether PostGIS is there; None where no server answers."""
    try:
        connection = psycopg.connect(WHERE, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield None
        return
    with connection:
        postgis = _has_postgis(connection)
        connection.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA}")
        connection.execute(f"SET search_path TO {SCHEMA}, public")
        try:
            connection.execute(TABLES)
            _fill(connection, land, volunteers)
            connection.execute(INDEXES)
            if postgis:
                connection.execute(SPOTS)
            connection.execute("VACUUM ANALYZE")
            yield connection, postgis
        finally:
            connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


def _has_postgis(connection: "psycopg.Connection") -> bool:
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis SCHEMA public")
    except psycopg.Error:
        return False
    return True


def _fill(connection: "psycopg.Connection", land: Land, v: Volunteers) -> None:
    names = ("radius_m", "hours", "capacity", "live", "paused", "ready", "other_generation", "ask_wish", "holidays")
    plain = zip(*(getattr(v, name).tolist() for name in names), strict=True)
    _copy(
        connection,
        f"volunteer (n, id, home, lat, lon, cell, languages, gender, born, last_asked, joined, {', '.join(names)})",
        (
            (
                n, key, int(v.home[n]), float(land.lat[v.cell[n]]), float(land.lon[v.cell[n]]), land.cells[v.cell[n]],
                named(int(v.languages[n]), LANGUAGES), GENDERS[v.gender[n]], day_of(v.born[n]), moment(v.asked[n]),
                moment(v.joined[n]), *rest,
            )
            for n, (key, rest) in enumerate(zip(ids(v.high, v.low), plain, strict=True))
        ),
    )  # fmt: skip
    who = np.repeat(np.arange(len(v)), np.diff(v.serves_from)).tolist()
    _copy(connection, "served", zip(who, v.serves.tolist(), strict=True))
    _copy(connection, "offered", _offered(v))
    vetted = v.vetted.tolist()
    rows = (
        (n, KINDS[k], day_of(until)) for n, row in enumerate(vetted) for k, until in enumerate(row) if until != NEVER
    )
    _copy(connection, "vetting", rows)
    _copy(connection, "weekly", v.windows.tolist())
    _copy(
        connection,
        "dated",
        (
            (n, *times.local_interval(day, start, end, ZONE), bool(there))
            for n, first, last, start, end, there in v.exceptions.tolist()
            for day in times.days(date.fromordinal(first), date.fromordinal(last))
        ),
    )
    _copy(
        connection,
        "visit",
        (
            (n, *times.local_interval(date.fromordinal(day), start, end, ZONE), land.cells[c], land.lat[c], land.lon[c])
            for n, day, start, end, c in v.visits.tolist()
        ),
    )


def _offered(v: Volunteers) -> Iterator[tuple[int, str, int]]:
    table = zip(v.skills.tolist(), v.level_1.tolist(), v.level_2.tolist(), strict=True)
    for n, (mask, one, two) in enumerate(table):
        for bit, slug in enumerate(SLUGS):
            if mask >> bit & 1:
                yield n, slug, (one >> bit & 1) + 2 * (two >> bit & 1)


def _copy(connection: "psycopg.Connection", table: str, rows: Iterable[Any]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


BOX = """
SELECT n, id, home, cell, radius_m, hours, capacity, live, paused, ready, languages, gender, born, other_generation,
    last_asked, joined, ask_wish, holidays
FROM volunteer v
WHERE lat BETWEEN %(south)s AND %(north)s AND lon BETWEEN %(west)s AND %(east)s
  AND ready AND NOT paused AND live < capacity AND home = ANY(%(homes)s)
  AND EXISTS (SELECT FROM served WHERE served.volunteer = v.n AND served.quarter = %(quarter)s)
"""
HAS = "AND EXISTS (SELECT FROM offered o WHERE o.volunteer = v.n AND o.skill = %({name})s)"


def box(connection: "psycopg.Connection", land: Land, request: RequestFacts) -> Ranked:
    """Who lives in the box around the furthest radius and has the skill, by index; the rest in Python."""
    lat, lon = cells.centre_of(request.cell)
    north, east = FURTHEST_M / 111_195, FURTHEST_M / 111_195 / cos(radians(lat))
    number = {key: n for n, key in enumerate(land.ids)}
    skills = {f"skill_{n}": slug for n, slug in enumerate(sorted(request.skills))}
    values = {
        "south": lat - north, "north": lat + north, "west": lon - east, "east": lon + east,
        "quarter": number[request.quarter_id],
        "homes": [number[request.quarter_id], *(number[key] for key in request.admitted)],
    }  # fmt: skip
    query = " ".join([BOX, *(HAS.format(name=name) for name in skills)])
    rows = connection.execute(query, values | skills).fetchall()
    return best(request, _facts(connection, land, rows))


def _facts(connection: "psycopg.Connection", land: Land, rows: list[tuple]) -> list[VolunteerFacts]:
    people = [row[0] for row in rows]
    own = {
        table: _by_person(connection, f"SELECT * FROM {table} WHERE volunteer = ANY(%s)", people)  # noqa: S608
        for table in ("served", "offered", "vetting", "weekly", "dated", "visit")
    }
    return [
        VolunteerFacts(
            id=key,
            home_quarter_id=land.ids[home],
            served=frozenset(land.ids[quarter] for (quarter,) in own["served"][n]),
            cell=cell,
            radius_km=radius / 1000,
            levels=dict(own["offered"][n]),
            vetted=dict(own["vetting"][n]),
            weekly=tuple(own["weekly"][n]),
            extra=tuple((start, end) for start, end, there in own["dated"][n] if there),
            away=tuple((start, end) for start, end, there in own["dated"][n] if not there),
            busy=tuple((start, end, cell) for start, end, cell, *_spot in own["visit"][n]),
            hours_per_week=hours,
            hours_taken=_taken(own["visit"][n]),
            capacity=capacity,
            live_matches=live,
            paused=paused,
            ready=ready,
            languages=frozenset(speaks),
            gender=gender,
            born_on=born,
            wishes_other_generation=other,
            last_asked_at=asked,
            joined_at=joined,
            ask_wish=wish,
            helps_on_holidays=holidays,
        )
        for (
            n, key, home, cell, radius, hours, capacity, live, paused, ready, speaks, gender, born, other, asked,
            joined, wish, holidays,
        ) in rows
    ]  # fmt: skip


def _taken(visits: list[tuple]) -> dict[date, float]:
    found: dict[date, float] = defaultdict(float)
    for start, end, *_spot in visits:
        found[times.week_of(start, ZONE)] += (end - start) / timedelta(hours=1)
    return found


def _by_person(connection: "psycopg.Connection", query: str, people: list[int]) -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = defaultdict(list)
    for who, *rest in connection.execute(query, [people]):
        found[who].append(tuple(rest))
    return found


HERE = "ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)::geography"
TURN = """0.5 * least(1, greatest(0, extract(epoch FROM %(now)s - coalesce(a.last_asked, a.joined)) / (6 * 604800)
        * (1 + a.ask_wish * 0.5)))
        + 0.5 * (1 - a.live::float / a.capacity)"""
# The way between two visits, as places.distance.travel_minutes has it.
WAY = f"""make_interval(mins => least(60, 15 + 15 * ceil(ST_Distance(
                        ST_SetSRID(ST_MakePoint(x.lon, x.lat), 4326)::geography, {HERE}, false) / 3000))::int)"""


def postgis(connection: "psycopg.Connection", land: Land, request: RequestFacts, *, nearest: int = 0) -> Ranked:
    """One question, everything in SQL. `nearest`: weigh only so many, found by the index from the nearest on."""
    lat, lon = cells.centre_of(request.cell)
    number = {key: n for n, key in enumerate(land.ids)}
    skills = sorted(request.skills)
    joins = " ".join(
        f"JOIN offered o{n} ON o{n}.volunteer = v.n AND o{n}.skill = %(skill_{n})s" for n in range(len(skills))
    )
    depth = "(" + " + ".join(f"o{n}.level" for n in range(len(skills))) + f")::float / {len(skills)}"
    wanted = request.languages or request.resident_languages - {"de"}
    first, last = request.windows[0][0].astimezone(ZONE), request.windows[-1][1].astimezone(ZONE)
    knn = f"ORDER BY v.spot <-> {HERE} LIMIT {nearest}" if nearest else ""
    query = SQL.format(offered=joins, depth=depth, turn=TURN, way=WAY, here=HERE, nearest=knn)
    values = {
        "lat": lat, "lon": lon, "furthest": FURTHEST_M, "quarter": number[request.quarter_id],
        "homes": [number[request.quarter_id], *(number[key] for key in request.admitted)],
        "behind": [number[key] for key, barrier in request.admitted.items() if barrier],
        "out": [*request.out, request.resident_id], "known": list(request.together),
        "asks": sorted(request.languages), "wanted": sorted(wanted), "gender": request.gender_wish,
        "minors": False, "needs": sorted(request.needs), "today": NOW.date(), "now": NOW,
        "days": list(times.days(first.date(), last.date())), "duration": request.duration,
        "windows": "{" + ",".join(f"[{start.isoformat()},{end.isoformat()})" for start, end in request.windows) + "}",
        "other": request.wishes_other_generation, "born": request.resident_born_on,
    } | {f"skill_{n}": slug for n, slug in enumerate(skills)}  # fmt: skip
    rows = connection.execute(query, values).fetchall()
    teller = Teller(request, now=NOW, zone=ZONE)
    return [_answer(teller, land, row) for row in rows]


def _answer(teller: Teller, land: Land, row: tuple[Any, ...]) -> Answer:
    """A row as ours says it: the parts that apply, and the reasons."""
    key, score, slot, home, cell, levels, speaks, born, other, asked, live, capacity, *parts = row
    who = Person(key, land.ids[home], cell, levels, frozenset(speaks), born, other, asked, live, capacity)
    said = {name: round(float(part), 3) for name, part in zip(PARTS, parts, strict=True) if part is not None}
    return Answer(float(score), key, said, teller.reasons(who, slot), slot)
