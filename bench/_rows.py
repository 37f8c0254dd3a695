"""The generated city as rows of the house's own database: what Django's ORM and a roster loaded from it look at."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import islice
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


def put(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert these rows; fields that are not named get their defaults. No signals, constraints as always."""
    base = connections[DEFAULT_DB_ALIAS]  # the proxy would be asked again for every value
    fields = {f.attname: f for f in model._meta.concrete_fields if f.attname in names or not f.primary_key}
    rest = [f for name, f in fields.items() if name not in names]
    usual = [f.get_db_prep_save(f.get_default(), base) for f in rest]
    columns = ", ".join(base.ops.quote_name(str(f.column)) for f in [*(fields[name] for name in names), *rest])
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {base.ops.quote_name(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    ready = [_ready(fields[name], base) for name in names]
    lines = ([make(value) for make, value in zip(ready, row, strict=True)] + usual for row in rows)
    with base.cursor() as cursor:
        while chunk := list(islice(lines, CHUNK)):
            cursor.executemany(sql, chunk)


def _ready(field: Field, base: BaseDatabaseWrapper) -> Callable[[Any], Any]:
    """How a value of this field is handed to the database."""
    target = field.target_field if isinstance(field, ForeignKey) else field
    if isinstance(target, IntegerField | FloatField | CharField | BooleanField):
        return lambda value: value
    if isinstance(target, UUIDField) and not base.features.has_native_uuid_field:
        return lambda value: value and value.hex
    return lambda value: target.get_db_prep_save(value, base)


@transaction.atomic
def write(land: Land, volunteers: Volunteers, requests: Requests | None = None) -> None:
    """Quarters, borders, volunteers with all they offer, and the open requests."""
    _land(land)
    people = ids(volunteers.high, volunteers.low)
    _people(land, volunteers, people)
    _offers(volunteers, people)
    _visits(land, volunteers, people)
    if requests is not None:
        _requests(land, requests, people)


def _land(land: Land) -> None:
    box = {"type": "Polygon", "coordinates": []}
    put(
        Quarter,
        ("id", "name", "slug", "boundary", "south", "west", "north", "east"),
        ((key, f"Quartier {n}", f"quartier-{n}", box, 51.0, 7.0, 51.1, 7.1) for n, key in enumerate(land.ids)),
    )
    put(
        Border,
        ("quarter_id", "neighbour_id", "barrier", "admitted"),
        (
            (land.ids[a], land.ids[b], "Autobahn" if barrier else "", None if admitted else False)
            for (a, b), barrier, admitted in zip(land.borders.tolist(), land.barrier, land.admitted, strict=True)
        ),
    )


def _people(land: Land, v: Volunteers, people: list[UUID]) -> None:
    places = _places(land, v.cell)
    put(
        User,
        (
            "id",
            "first_name",
            "quarter_id",
            "place_id",
            "languages",
            "gender",
            "born_on",
            "joined_at",
            "password",
            "email",
        ),
        (
            (
                key,
                "P",
                land.ids[home],
                place,
                named(speaks, LANGUAGES),
                GENDERS[g],
                day_of(born),
                moment(joined),
                "!",
                None,
            )
            for key, place, home, speaks, g, born, joined in zip(
                people, places, *_lists(v.home, v.languages, v.gender, v.born, v.joined), strict=True
            )
        ),
    )
    put(
        VolunteerProfile,
        (
            "id", "user_id", "radius_m", "hours_per_week", "capacity", "live_matches", "paused", "welcomed_at",
            "helps_on_holidays", "wishes_other_generation", "last_asked_at", "ask_wish",
        ),
        (
            (key, key, radius, hours, capacity, live, paused, NOW if ready else None, holidays, other, moment(asked), wish)
            for key, radius, hours, capacity, live, paused, ready, holidays, other, asked, wish in zip(
                people,
                *_lists(v.radius_m, v.hours, v.capacity, v.live, v.paused, v.ready, v.holidays, v.other_generation),
                *_lists(v.asked, v.ask_wish),
                strict=True,
            )
        ),
    )  # fmt: skip
    through = VolunteerProfile.served_quarters.through
    served = np.repeat(np.arange(len(v)), np.diff(v.serves_from)).tolist()
    rows = ((people[row], land.ids[quarter]) for row, quarter in zip(served, v.serves.tolist(), strict=True))
    put(through, ("volunteerprofile_id", "quarter_id"), rows)


def _places(land: Land, cells: Array) -> list[UUID]:
    dice = np.random.default_rng(len(cells))
    high, low = (dice.integers(0, 2**64, len(cells), np.uint64) for _half in range(2))
    keys = ids(high, low)
    rows = (
        (key, land.ids[land.quarter[cell]], land.cells[cell]) for key, cell in zip(keys, cells.tolist(), strict=True)
    )
    put(Place, ("id", "quarter_id", "cell"), rows)
    return keys


def _lists(*columns: Array) -> Iterator[list]:
    return (column.tolist() for column in columns)


def _offers(v: Volunteers, people: list[UUID]) -> None:
    put(OfferedSkill, ("profile_id", "skill_id", "level"), _skills(v, people))
    put(
        Availability,
        ("profile_id", "weekday", "start_minute", "end_minute"),
        ((people[row], *window) for row, *window in v.windows.tolist()),
    )
    put(
        AvailabilityException,
        ("profile_id", "first_day", "last_day", "start_minute", "end_minute", "available"),
        (
            (people[row], date.fromordinal(first), date.fromordinal(last), start, end, bool(there))
            for row, first, last, start, end, there in v.exceptions.tolist()
        ),
    )
    on = NOW.date() - timedelta(days=30)
    vetted = v.vetted.tolist()
    put(
        Vetting,
        ("id", "user_id", "kind", "on", "valid_until"),
        (
            (UUID(int=(person.int + number + 1) % 2**128), person, KINDS[number], on, day_of(until))
            for person, row in zip(people, vetted, strict=True)
            for number, until in enumerate(row)
            if until != NEVER
        ),
    )


def _skills(v: Volunteers, people: list[UUID]) -> Iterator[tuple[UUID, str, int]]:
    for number, skill in enumerate(SKILLS):
        bit = np.uint64(number)
        one = np.uint64(1)
        rows = np.nonzero(v.skills >> bit & one)[0]
        levels = (v.level_1[rows] >> bit & one) + np.uint64(2) * (v.level_2[rows] >> bit & one)
        yield from (
            (people[row], skill["slug"], level) for row, level in zip(rows.tolist(), levels.tolist(), strict=True)
        )


def _visits(land: Land, v: Volunteers, people: list[UUID]) -> None:
    """A filled request of one person per quarter for each live match, and the agreed hour of it."""
    keys = _places(land, np.array([np.flatnonzero(land.quarter == q)[0] for q in range(len(land.ids))], np.int32))
    put(
        User,
        ("id", "first_name", "quarter_id", "password", "email"),
        ((key, "R", land.ids[q], "!", None) for q, key in enumerate(keys)),
    )
    table = v.visits.tolist()
    spots = _places(land, v.visits[:, 4].astype(np.int32))
    homes = v.home.tolist()
    put(
        HelpRequest,
        (
            "id",
            "resident_id",
            "quarter_id",
            "place_id",
            "state",
            "open_since",
            "helpers_needed",
            "confirmed_helpers",
            "accepted_helpers",
        ),
        (
            (spot, keys[homes[row[0]]], land.ids[homes[row[0]]], spot, states.FILLED, NOW, 1, 1, 1)
            for spot, row in zip(spots, table, strict=True)
        ),
    )
    put(
        Match,
        (
            "id",
            "request_id",
            "resident_id",
            "volunteer_id",
            "state",
            "origin",
            "asked_at",
            "deadline",
            "accepted_at",
            "confirmed_at",
        ),
        (
            (spot, spot, keys[homes[row[0]]], people[row[0]], states.CONFIRMED, Match.Origin.ROUND, NOW, NOW, NOW, NOW)
            for spot, row in zip(spots, table, strict=True)
        ),
    )
    put(
        Appointment,
        ("id", "match_id", "start", "end", "state"),
        (
            (
                spot,
                spot,
                *times.local_interval(date.fromordinal(row[1]), row[2], row[3], ZONE),
                Appointment.State.AGREED,
            )
            for spot, row in zip(spots, table, strict=True)
        ),
    )


def _requests(land: Land, r: Requests, people: list[UUID]) -> None:
    keys, residents = ids(r.high, r.low), ids(r.resident_high, r.resident_low)
    places = _places(land, r.cell)
    put(
        User,
        ("id", "first_name", "quarter_id", "languages", "born_on", "password", "email"),
        (
            (key, "A", land.ids[quarter], named(speaks, LANGUAGES), day_of(born), "!", None)
            for key, quarter, speaks, born in zip(residents, *_lists(r.quarter, r.speaks, r.born), strict=True)
        ),
    )
    timing = {DATED: "dated", WEEKLY: "weekly", FLEXIBLE: "flexible"}
    put(
        HelpRequest,
        (
            "id", "resident_id", "quarter_id", "place_id", "state", "open_since", "timing", "flexible_until", "urgency",
            "duration_minutes", "helpers_needed", "languages", "gender_wish", "wishes_other_generation",
        ),
        (
            (key, resident, land.ids[q], place, states.OPEN, moment(since), timing[kind], day_of(until), urgency, minutes,
             needed, named(asks, LANGUAGES), GENDERS[gender], other)
            for key, resident, place, q, since, kind, until, urgency, minutes, needed, asks, gender, other in zip(
                keys, residents, places,
                *_lists(r.quarter, r.open_since, r.timing, r.until, r.urgency, r.minutes, r.needed, r.languages, r.gender,
                        r.other_generation),
                strict=True,
            )
        ),
    )  # fmt: skip
    through = HelpRequest.skills.through
    masks = r.skills.tolist()
    wanted = (
        (keys[n], skill["slug"]) for b, skill in enumerate(SKILLS) for n, mask in enumerate(masks) if mask >> b & 1
    )
    put(through, ("helprequest_id", "skill_id"), wanted)
    put(RequestWindow, ("request_id", "start", "end", "weekday", "start_minute", "end_minute"), _windows(r, keys))
    blocked = [(residents[n], people[row]) for n, row in enumerate(r.blocked.tolist()) if row >= 0]
    put(Block, ("id", "blocker_id", "blocked_id"), ((one, one, other) for one, other in blocked))
    _known(land, r, residents, people)


def _windows(r: Requests, keys: list[UUID]) -> Iterator[tuple]:
    for row, day, start, end in r.windows.tolist():
        if r.timing[row] == WEEKLY:
            yield keys[row], None, None, day, start, end
        else:
            yield keys[row], *times.local_interval(date.fromordinal(day), start, end, ZONE), None, None, None


def _known(land: Land, r: Requests, residents: list[UUID], people: list[UUID]) -> None:
    """Pairs that completed a match before: a request that is done, and its match."""
    rows = [(n, residents[n], people[row]) for n, row in enumerate(r.known.tolist()) if row >= 0]
    long_ago = datetime(2025, 11, 3, 9, tzinfo=UTC)
    put(
        HelpRequest,
        ("id", "resident_id", "quarter_id", "state", "open_since"),
        ((one, one, land.ids[r.quarter[n]], states.DONE, long_ago) for n, one, _other in rows),
    )
    put(
        Match,
        (
            "id",
            "request_id",
            "resident_id",
            "volunteer_id",
            "state",
            "origin",
            "proposed_at",
            "accepted_at",
            "confirmed_at",
            "ended_at",
        ),
        (
            (one, one, one, other, states.COMPLETED, Match.Origin.ROUND, long_ago, long_ago, long_ago, long_ago)
            for _n, one, other in rows
        ),
    )
