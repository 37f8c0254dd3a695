"""
From rows to columns, for everybody or for a few people whose rows changed; a number of queries that does not grow.

Read twice the same: a full load and a change go through the same lines. People are told apart by the text their key has
in the database (`_who`): to make a UUID of it for each of a million rows takes longer than to read them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from operator import attrgetter
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from accounts.models import Availability, AvailabilityException, OfferedSkill, Vetting, VolunteerProfile
from core.holidays import is_holiday
from core.series import series_days
from matching import taken, times
from matching.roster import bits, young
from matching.roster.columns import ALWAYS, GENDERS, KINDS, NEVER, WEEKS, Columns, Rows, key_of

DATED_AHEAD = 400  # days: nobody asks for a certain day further ahead
CHUNK = 500  # keys in one question, below what SQLite takes
PROFILE = (
    "user_id", "user__quarter_id", "user__place__cell", "radius_m", "hours_per_week", "capacity", "live_matches",
    "paused", "paused_until", "welcomed_at", "user__is_active", "user__suspended_at", "helps_on_holidays",
    "wishes_other_generation", "user__languages", "user__gender", "user__born_on", "last_asked_at", "user__joined_at",
    "ask_wish",
)  # fmt: skip


def everybody(*, now: datetime, zone: tzinfo) -> Columns:
    """Columns of all volunteers there are."""
    columns = Columns(max(VolunteerProfile.objects.count(), 16))
    columns.monday = times.week_of(now, zone).toordinal()
    _read(columns, None, now=now, zone=zone)
    return columns


def some(columns: Columns, people: Sequence[UUID], *, now: datetime, zone: tzinfo) -> None:
    """These people anew; new ones get a row, those who are gone a dead one."""
    for first in range(0, len(people), CHUNK):
        _read(columns, people[first : first + CHUNK], now=now, zone=zone)


def _read(columns: Columns, people: Sequence[UUID] | None, *, now: datetime, zone: tzinfo) -> None:
    profiles = list(_of(VolunteerProfile.objects.all(), "user", people).values_list(*PROFILE))
    rows = _rows(columns, [profile[0] for profile in profiles], people)
    text = _texts()
    row_of = {text(profile[0]): row for profile, row in zip(profiles, rows.tolist(), strict=True)}
    reset = np.union1d(rows, _known(columns, people)).astype(np.int32)
    for name in ("skills", "level_1", "level_2", "vetted", "week", "taken", "special", "busy", "ready", "here"):
        getattr(columns, name)[reset] = 0
    _plain(columns, rows, profiles, now=now, zone=zone)
    _skills(columns, row_of, people)
    _checks(columns, row_of, people)
    young.prepare(columns, rows)
    _week(columns, row_of, people)
    _days(columns, row_of, reset, people, now=now, zone=zone)
    _visits(columns, row_of, reset, people, now=now, zone=zone)
    _hours(columns, row_of, people, now=now, zone=zone)
    columns.forget_around(_groups(columns, row_of, reset, people))


def _of(rows: "QuerySet[Any]", path: str, people: Sequence[UUID] | None) -> "QuerySet[Any]":
    return rows if people is None else rows.filter(**{f"{path}__in": people})


def _who(path: str) -> Cast:
    """The key behind this path as the text that `_texts` makes of it."""
    return Cast(path, CharField())


def _texts() -> Callable[[UUID], str]:
    """How this database writes a key as text."""
    return str if connection.features.has_native_uuid_field else attrgetter("hex")


def _rows(columns: Columns, found: list[UUID], people: Sequence[UUID] | None) -> Rows:
    """The row of each person found, fresh ones at the end."""
    rows = np.full(len(found), -1, np.int32) if people is None else columns.rows_of(found)
    new = np.nonzero(rows < 0)[0]
    if len(new):
        rows[new] = columns.grow(len(new))
        for half, shift in (("high", 64), ("low", 0)):
            values = [found[index].int >> shift & (1 << 64) - 1 for index in new]
            getattr(columns, half)[rows[new]] = np.array(values, np.uint64)
        columns.forget_order()
    return rows


def _known(columns: Columns, people: Sequence[UUID] | None) -> Rows:
    rows = columns.rows_of(people or [])
    return rows[rows >= 0]


def _plain(columns: Columns, rows: Rows, profiles: list[tuple], *, now: datetime, zone: tzinfo) -> None:
    """What stands in the profile and the person's own row."""
    today = now.astimezone(zone).date()
    people = [dict(zip(PROFILE, profile, strict=True)) for profile in profiles]
    for name, value in _PLAIN.items():
        kind = getattr(columns, name).dtype
        getattr(columns, name)[rows] = np.array([value(columns, person, today) for person in people], kind)


def _paused_until(p: dict[str, Any], today: date) -> int:
    if not p["paused"]:
        return NEVER
    return p["paused_until"].toordinal() if p["paused_until"] else ALWAYS


def _is_here(p: dict[str, Any]) -> bool:
    return p["user__is_active"] and p["user__suspended_at"] is None


_PLAIN: dict[str, Callable[[Columns, dict[str, Any], date], Any]] = {
    "home": lambda c, p, _: c.quarters.number(p["user__quarter_id"]) if p["user__quarter_id"] else -1,
    "cell": lambda c, p, _: c.cells.number(p["user__place__cell"]) if p["user__place__cell"] else -1,
    "radius_m": lambda c, p, _: p["radius_m"],
    "hours": lambda c, p, _: p["hours_per_week"],
    "capacity": lambda c, p, _: p["capacity"],
    "live": lambda c, p, _: p["live_matches"],
    "paused_until": lambda c, p, today: _paused_until(p, today),
    "ready": lambda c, p, _: bool(p["welcomed_at"]) and _is_here(p),
    "here": lambda c, p, _: _is_here(p),
    "holidays": lambda c, p, _: p["helps_on_holidays"],
    "other_generation": lambda c, p, _: p["wishes_other_generation"],
    "languages": lambda c, p, _: c.language_names.mask(p["user__languages"]),
    "gender": lambda c, p, _: GENDERS.get(p["user__gender"], 0),
    "born": lambda c, p, _: p["user__born_on"].toordinal() if p["user__born_on"] else NEVER,
    "asked": lambda c, p, _: p["last_asked_at"].timestamp() if p["last_asked_at"] else -np.inf,
    "joined": lambda c, p, _: p["user__joined_at"].timestamp(),
    "ask_wish": lambda c, p, _: p["ask_wish"],
}


def _with_rows(found: Iterable[tuple], row_of: dict[str, int]) -> Iterator[tuple]:
    """(row, rest ...) of everybody who has a row."""
    return ((row_of[who], *rest) for who, *rest in found if who in row_of)


def _skills(columns: Columns, row_of: dict[str, int], people: Sequence[UUID] | None) -> None:
    found = _of(OfferedSkill.objects.all(), "profile__user", people).values_list(
        _who("profile__user_id"), "skill_id", "level"
    )
    rows = list(_with_rows(found.iterator(), row_of))
    if not rows:
        return
    at, skills, levels = zip(*rows, strict=True)
    columns.skill_names.mask(set(skills))  # all of them fit into one word, or say so
    bit = np.uint64(1) << np.array([columns.skill_names.number(skill) for skill in skills], np.uint64)
    level = np.array(levels)
    where = np.array(at)
    for name, mask in (("skills", bit), ("level_1", bit * (level & 1 > 0)), ("level_2", bit * (level & 2 > 0))):
        np.bitwise_or.at(getattr(columns, name), where, mask.astype(np.uint64))


def _checks(columns: Columns, row_of: dict[str, int], people: Sequence[UUID] | None) -> None:
    """The newest check of a kind counts, a "not suitable" too: as `accounts.trust.holding`."""
    found = _of(Vetting.objects.all(), "user", people).order_by("on", "noted_at", "-suitable")
    rows = list(_with_rows(found.values_list(_who("user_id"), "kind", "suitable", "valid_until").iterator(), row_of))
    last = {(row, kind): (suitable, until) for row, kind, suitable, until in rows}
    for (row, kind), (suitable, until) in last.items():
        columns.vetted[row, KINDS.index(kind)] = (until.toordinal() if until else ALWAYS) if suitable else NEVER


def _week(columns: Columns, row_of: dict[str, int], people: Sequence[UUID] | None) -> None:
    found = _of(Availability.objects.filter(rule="").order_by(), "profile__user", people)
    rows = found.values_list(_who("profile__user_id"), "weekday", "start_minute", "end_minute").iterator()
    for row, weekday, start, end in _with_rows(rows, row_of):
        columns.week[row, weekday] |= np.uint64(bits.word(start, end))


def _days(
    columns: Columns,
    row_of: dict[str, int],
    reset: Rows,
    people: Sequence[UUID] | None,
    *,
    now: datetime,
    zone: tzinfo,
) -> None:
    """Days that differ from the week: series on some weeks only, dated exceptions, holidays somebody helps on."""
    today = now.astimezone(zone).date()
    words: dict[int, dict[date, int]] = defaultdict(dict)
    for row, day, word, away in _changes(row_of, people, today, columns):
        before = words[row].get(day)
        before = _usual(columns, row, day) if before is None else before
        words[row][day] = before & ~word if away else before | word
    keys = [key_of(row, day.toordinal()) for row, days in words.items() for day in days]
    columns.days.put(reset, keys, word=[word for days in words.values() for word in days.values()])
    columns.special[list(words)] = True


def _usual(columns: Columns, row: int, day: date) -> int:
    if not columns.holidays[row] and is_holiday(day):
        return 0
    return int(columns.week[row, day.weekday()])


def _changes(
    row_of: dict[str, int], people: Sequence[UUID] | None, today: date, columns: Columns
) -> Iterator[tuple[int, date, int, bool]]:
    """(row, day, quarters, away?) in the order in which they count: series, then extra hours, then absences."""
    last = today + timedelta(days=times.HORIZON_DAYS)
    series = _of(Availability.objects.exclude(rule="").order_by("id"), "profile__user", people)
    fields = (_who("profile__user_id"), "rule", "since", "start_minute", "end_minute")
    for row, rule, since, start, end in _with_rows(series.values_list(*fields).iterator(), row_of):
        for day in series_days(rule, since, today, last):
            if columns.holidays[row] or not is_holiday(day):
                yield row, day, bits.word(start, end), False
    gaps = _of(AvailabilityException.objects.filter(last_day__gte=today), "profile__user", people)
    names = (_who("profile__user_id"), "first_day", "last_day", "start_minute", "end_minute", "available")
    for row, first, end_day, start, end, there in _with_rows(
        gaps.order_by("-available", "id").values_list(*names).iterator(), row_of
    ):
        word = bits.word(start, end, outwards=not there)
        for day in times.days(max(first, today), min(end_day, today + timedelta(days=DATED_AHEAD))):
            yield row, day, word, not there


def _visits(
    columns: Columns,
    row_of: dict[str, int],
    reset: Rows,
    people: Sequence[UUID] | None,
    *,
    now: datetime,
    zone: tzinfo,
) -> None:
    """Agreed appointments still to come, of these people in either role, with the cell where they are."""
    keys: list[int] = []
    minutes: list[tuple[int, int]] = []
    cells: list[int] = []
    text = _texts()
    for person, start, end, cell in taken.visits(people, now=now):
        row = row_of.get(text(person))
        if row is None:
            continue
        columns.busy[row] = True
        number = columns.cells.number(cell) if cell else -1
        for day, first, last in times.local_days(start, end, zone):
            keys.append(key_of(row, day.toordinal()))
            minutes.append((first, last))
            cells.append(number)
    firsts, lasts = ([one[side] for one in minutes] for side in (0, 1))
    columns.visits.put(reset, keys, start=firsts, end=lasts, cell=cells)


def _hours(
    columns: Columns, row_of: dict[str, int], people: Sequence[UUID] | None, *, now: datetime, zone: tzinfo
) -> None:
    text = _texts()
    for person, monday, hours in taken.promised(people, now=now):
        week = columns.week_of(monday.toordinal())
        row = row_of.get(text(person))
        if row is not None and 0 <= week < WEEKS:
            columns.taken[row, week] += hours


def _groups(columns: Columns, row_of: dict[str, int], reset: Rows, people: Sequence[UUID] | None) -> set[int] | None:
    """Who serves and lives where; the quarters that one of these people serves or served. None: all of them."""
    through = VolunteerProfile.served_quarters.through.objects.all()
    names = _who("volunteerprofile__user_id"), _who("quarter_id")
    found = list(_with_rows(_of(through, "volunteerprofile__user", people).values_list(*names).iterator(), row_of))
    numbers = {text: columns.quarters.number(UUID(text)) for text in {quarter for _row, quarter in found}}
    pairs = [(row, numbers[quarter]) for row, quarter in found]
    if people is None:
        rows, quarters = (np.array(side, np.int32) for side in zip(*pairs, strict=True)) if pairs else ([], [])
        columns.serving.fill(np.asarray(quarters, np.int32), np.asarray(rows, np.int32))
        columns.living.fill(columns.home[: columns.size], np.arange(columns.size, dtype=np.int32))
        return None
    alive = set(row_of.values())
    touched: set[int] = set()
    for row in reset.tolist():
        touched |= columns.serving.move(row, {quarter for one, quarter in pairs if one == row})
        columns.living.move(row, {int(columns.home[row])} if row in alive else set())
    return touched
