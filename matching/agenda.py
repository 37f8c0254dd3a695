"""One person's appointments of one month, as days with rows: the same for the list and for the grid."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.holidays import holidays_between
from core.words import day_in_words, hours_in_words
from matching import states, words
from matching.models import Appointment

STATES = (states.PROPOSED, states.AGREED, states.DONE_VISIT)
FIRST_YEAR, LAST_YEAR = 2020, 2099


@dataclass(frozen=True)
class Entry:
    """One appointment: "10 bis 11 Uhr", with whom (first name), about what, where, and how firm it is."""

    row: Appointment
    hours: str
    clock: str
    who: str
    kinds: str
    state: str
    tone: str


@dataclass(frozen=True)
class Day:
    day: date
    name: str
    entries: list[Entry]
    is_today: bool
    is_past: bool
    is_holiday: bool
    in_month: bool


@dataclass(frozen=True)
class Month:
    """`weeks`: whole weeks for the grid; `days`: those with entries, for the list. `before`, `after`: "2026-04"."""

    name: str
    before: str
    after: str
    weeks: list[list[Day]]
    days: list[Day]

    @property
    def ahead(self) -> list[Day]:
        """Today and what comes: on top of the list."""
        return [day for day in self.days if not day.is_past]

    @property
    def past(self) -> list[Day]:
        return [day for day in self.days if day.is_past]


def month_of(user: User, first: date, *, now: datetime) -> Month:
    first = first.replace(year=min(max(first.year, FIRST_YEAR), LAST_YEAR))
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    start, end = weeks[0][0], weeks[-1][-1]
    entries = _entries(user, start, end)
    holidays = holidays_between(start, end)
    today = timezone.localdate(now)

    def a_day(day: date) -> Day:
        return Day(
            day=day,
            name=day_in_words(day, today=today),
            entries=entries.get(day, []),
            is_today=day == today,
            is_past=day < today,
            is_holiday=day in holidays,
            in_month=day.month == first.month,
        )

    grid = [[a_day(day) for day in week] for week in weeks]
    return Month(
        name=date_format(first, "F Y"),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{first + timedelta(days=32):%Y-%m}",
        weeks=grid,
        days=[day for week in grid for day in week if day.in_month and day.entries],
    )


def _entries(user: User, first: date, last: date) -> dict[date, list[Entry]]:
    start = timezone.make_aware(datetime.combine(first, time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), time()))
    rows = Appointment.objects.of(user).filter(start__gte=start, start__lt=end, state__in=STATES)
    found: dict[date, list[Entry]] = defaultdict(list)
    for row in rows.for_lists():
        found[timezone.localdate(row.start)].append(_entry(row, user))
    return found


def _entry(row: Appointment, user: User) -> Entry:
    start, end = timezone.localtime(row.start), timezone.localtime(row.end)
    helps = row.match.volunteer_id == user.pk
    said = {
        states.PROPOSED: (_("vorgeschlagen"), "careful"),
        states.AGREED: (_("Termin steht"), "good"),
        states.DONE_VISIT: (_("war schon"), "calm"),
    }
    state, tone = said[row.state]
    return Entry(
        row=row,
        hours=hours_in_words(start.time(), end.time()),
        clock=f"{start:%H:%M}",
        who=row.match.resident.first_name if helps else row.match.volunteer.first_name,
        kinds=words.kinds(row.match.request.skills.all()),
        state=state,
        tone=tone,
    )
