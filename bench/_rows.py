"""The generated city as rows of the house's own database: what Django's ORM and a roster loaded from it look at."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice, repeat
from typing import Any
from uuid import UUID

import numpy as np
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, CharField, Field, FloatField, ForeignKey, IntegerField, Model, UUIDField

from accounts.models import Availability, AvailabilityException, Block, OfferedSkill, User, Vetting, VolunteerProfile
from bench._asking import DATED, FLEXIBLE, WEEKLY, Requests
from bench._city import GENDERS, KINDS, LANGUAGES, NEVER, NOW, SKILLS, Array, Land, Volunteers, ids
from bench._facts import ZONE, day_of, moment, named
from matching import states, times
from matching.models import Appointment, HelpRequest, Match, RequestWindow
from places.models import Border, Place, Quarter

CHUNK = 20_000
TIMING = {DATED: "dated", WEEKLY: "weekly", FLEXIBLE: "flexible"}


def put(model: type[Model], **columns: Any) -> None:
    """Insert rows: a list is a column, anything else stands in every row, fields not named get their default."""
    base = connections[DEFAULT_DB_ALIAS]  # the proxy would be asked again for every value
    fields = {f.attname: f for f in model._meta.concrete_fields if f.attname in columns or not f.primary_key}
    values = {name: columns[name] if name in columns else field.get_default() for name, field in fields.items()}
    sides = [_side(fields[name], value, base) for name, value in values.items()]
    names = ", ".join(base.ops.quote_name(str(field.column)) for field in fields.values())
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {base.ops.quote_name(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608
    rows = zip(*sides, strict=False)
    with base.cursor() as cursor:
        while chunk := list(islice(rows, CHUNK)):
            cursor.executemany(sql, chunk)


def _side(field: Field, value: Any, base: BaseDatabaseWrapper) -> Iterator[Any]:
    ready = _ready(field, base)
    whole = isinstance(value, list) and not (field.get_internal_type() == "JSONField" and not value)
    return map(ready, value) if whole else repeat(ready(value))


def _ready(field: Field, base: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """How a value of this field is handed to the database."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(target, IntegerField | FloatField | CharField | BooleanField):
        return lambda value: value
    if isinstance(target, UUIDField) and not base.features.has_native_uuid_field:
        return lambda value: value and value.hex
    if target.get_internal_type() == "JSONField":
        return json.dumps
    return lambda value: target.get_db_prep_save(value, base)


@transaction.atomic
def write(land: Land, volunteers: Volunteers, requests: Requests) -> None:
    """Quarters, borders, volunteers with all they offer, and the open requests."""
    _land(land)
    people = ids(volunteers.high, volunteers.low)
    _people(land, volunteers, people)
    _offers(volunteers, people)
    _visits(land, volunteers, people)
    _requests(land, requests, people)


def _land(land: Land) -> None:
    put(
        Quarter,
        id=land.ids,
        name=[f"Quartier {n}" for n in range(len(land.ids))],
        slug=[f"quartier-{n}" for n in range(len(land.ids))],
        boundary={"type": "Polygon", "coordinates": []},
        south=51.0,
        west=7.0,
        north=51.1,
        east=7.1,
    )
    put(
        Border,
        quarter_id=_of(land.ids, land.borders[:, 0]),
        neighbour_id=_of(land.ids, land.borders[:, 1]),
        barrier=["Autobahn" if barrier else "" for barrier in land.barrier],
        admitted=[None if admitted else False for admitted in land.admitted],
    )


def _of(words: Any, numbers: Array) -> list[Any]:
    """The word behind each number."""
    return [words[number] for number in numbers.tolist()]


def _people(land: Land, v: Volunteers, people: list[UUID]) -> None:
    put(
        User,
        id=people,
        first_name="P",
        quarter_id=_of(land.ids, v.home),
        place_id=_places(land, v.cell),
        languages=[named(mask, LANGUAGES) for mask in v.languages.tolist()],
        gender=_of(GENDERS, v.gender),
        born_on=[day_of(day) for day in v.born.tolist()],
        joined_at=[moment(seconds) for seconds in v.joined.tolist()],
        password="!",
    )
    put(
        VolunteerProfile,
        id=people,
        user_id=people,
        radius_m=v.radius_m.tolist(),
        hours_per_week=v.hours.tolist(),
        capacity=v.capacity.tolist(),
        live_matches=v.live.tolist(),
        paused=v.paused.tolist(),
        welcomed_at=[NOW if ready else None for ready in v.ready],
        helps_on_holidays=v.holidays.tolist(),
        wishes_other_generation=v.other_generation.tolist(),
        last_asked_at=[moment(seconds) for seconds in v.asked.tolist()],
        ask_wish=v.ask_wish.tolist(),
    )
    put(
        VolunteerProfile.served_quarters.through,
        volunteerprofile_id=_of(people, np.repeat(np.arange(len(v)), np.diff(v.serves_from))),
        quarter_id=_of(land.ids, v.serves),
    )


def _places(land: Land, cells: Array) -> list[UUID]:
    dice = np.random.default_rng(len(cells))
    high, low = (dice.integers(0, 2**64, len(cells), np.uint64) for _half in range(2))
    keys = ids(high, low)
    put(Place, id=keys, quarter_id=_of(land.ids, land.quarter[cells]), cell=_of(land.cells, cells))
    return keys


def _offers(v: Volunteers, people: list[UUID]) -> None:
    for number, skill in enumerate(SKILLS):
        bit, one = np.uint64(number), np.uint64(1)
        rows = np.nonzero(v.skills >> bit & one)[0]
        levels = (v.level_1[rows] >> bit & one) + np.uint64(2) * (v.level_2[rows] >> bit & one)
        put(OfferedSkill, profile_id=_of(people, rows), skill_id=skill["slug"], level=levels.tolist())
    row, day, start, end = v.windows.T
    put(
        Availability,
        profile_id=_of(people, row),
        weekday=day.tolist(),
        start_minute=start.tolist(),
        end_minute=end.tolist(),
    )
    row, first, last, start, end, there = v.exceptions.T
    put(
        AvailabilityException,
        profile_id=_of(people, row),
        first_day=[date.fromordinal(day) for day in first.tolist()],
        last_day=[date.fromordinal(day) for day in last.tolist()],
        start_minute=start.tolist(),
        end_minute=end.tolist(),
        available=[bool(one) for one in there],
    )
    for number, kind in enumerate(KINDS):
        has = np.nonzero(v.vetted[:, number] != NEVER)[0]
        put(
            Vetting,
            id=[UUID(int=(people[row].int + number + 1) % 2**128) for row in has.tolist()],
            user_id=_of(people, has),
            kind=kind,
            on=NOW.date() - timedelta(days=30),
            valid_until=[day_of(until) for until in v.vetted[has, number].tolist()],
        )


def _visits(land: Land, v: Volunteers, people: list[UUID]) -> None:
    """A filled request of one person per quarter for each live match, and the agreed hour of it."""
    keys = _places(land, np.unique(land.quarter, return_index=True)[1].astype(np.int32))
    put(User, id=keys, first_name="R", quarter_id=land.ids, password="!")
    row, day, start, end, cell = v.visits.T
    spots = _places(land, cell)
    asked = {"id": spots, "resident_id": _of(keys, v.home[row])}
    put(
        HelpRequest,
        **asked,
        quarter_id=_of(land.ids, v.home[row]),
        place_id=spots,
        state=states.FILLED,
        open_since=NOW,
        confirmed_helpers=1,
        accepted_helpers=1,
    )
    put(HelpRequest.skills.through, helprequest_id=spots, skill_id="einkaufen")  # not by telephone: there is a way
    moments = dict.fromkeys(("asked_at", "deadline", "accepted_at", "confirmed_at"), NOW)
    origin, agreed = Match.Origin.ROUND, Appointment.State.AGREED
    put(
        Match,
        **asked,
        **moments,
        request_id=spots,
        volunteer_id=_of(people, row),
        state=states.CONFIRMED,
        origin=origin,
    )
    hours = _moments(day, start, end)
    put(Appointment, id=spots, match_id=spots, start=[a for a, _b in hours], end=[b for _a, b in hours], state=agreed)


def _moments(day: Array, start: Array, end: Array) -> list[times.Interval]:
    table = zip(day.tolist(), start.tolist(), end.tolist(), strict=True)
    return [times.local_interval(date.fromordinal(on), first, last, ZONE) for on, first, last in table]


def _requests(land: Land, r: Requests, people: list[UUID]) -> None:
    keys, residents = ids(r.high, r.low), ids(r.resident_high, r.resident_low)
    quarters = _of(land.ids, r.quarter)
    speaks = [named(mask, LANGUAGES) for mask in r.speaks.tolist()]
    born = [day_of(day) for day in r.born.tolist()]
    put(User, id=residents, first_name="A", quarter_id=quarters, languages=speaks, born_on=born, password="!")
    put(
        HelpRequest,
        id=keys,
        resident_id=residents,
        quarter_id=quarters,
        place_id=_places(land, r.cell),
        state=states.OPEN,
        open_since=[moment(seconds) for seconds in r.open_since.tolist()],
        timing=_of(TIMING, r.timing),
        flexible_until=[day_of(day) for day in r.until.tolist()],
        urgency=r.urgency.tolist(),
        duration_minutes=r.minutes.tolist(),
        helpers_needed=r.needed.tolist(),
        languages=[named(mask, LANGUAGES) for mask in r.languages.tolist()],
        gender_wish=_of(GENDERS, r.gender),
        wishes_other_generation=r.other_generation.tolist(),
    )
    for number, skill in enumerate(SKILLS):
        rows = np.nonzero(r.skills >> np.uint64(number) & np.uint64(1))[0]
        put(HelpRequest.skills.through, helprequest_id=_of(keys, rows), skill_id=skill["slug"])
    weekly = r.timing[r.windows[:, 0]] == WEEKLY
    row, day, start, end = r.windows[weekly].T
    minutes = {"start_minute": start.tolist(), "end_minute": end.tolist()}
    put(RequestWindow, request_id=_of(keys, row), weekday=day.tolist(), **minutes)
    row, *dated = r.windows[~weekly].T
    hours = _moments(*dated)
    put(RequestWindow, request_id=_of(keys, row), start=[a for a, _b in hours], end=[b for _a, b in hours])
    rows = np.nonzero(r.blocked >= 0)[0]
    who = _of(residents, rows)
    put(Block, id=who, blocker_id=who, blocked_id=_of(people, r.blocked[rows]))
    _known(land, r, residents, people)


def _known(land: Land, r: Requests, residents: list[UUID], people: list[UUID]) -> None:
    """Pairs that completed a match before: a request that is done, and its match."""
    rows = np.nonzero(r.known >= 0)[0]
    who, long_ago = _of(residents, rows), datetime(2025, 11, 3, 9, tzinfo=UTC)
    one = {"id": who, "resident_id": who}
    put(HelpRequest, **one, quarter_id=_of(land.ids, r.quarter[rows]), state=states.DONE, open_since=long_ago)
    moments = dict.fromkeys(("proposed_at", "accepted_at", "confirmed_at", "ended_at"), long_ago)
    put(
        Match,
        **one,
        **moments,
        request_id=who,
        volunteer_id=_of(people, r.known[rows]),
        state=states.COMPLETED,
        origin=Match.Origin.ROUND,
    )
