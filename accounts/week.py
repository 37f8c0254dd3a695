"""A volunteer's week: presets to start from, and how hours, series and holidays are said."""

from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.availability import Window
from accounts.models import Availability, AvailabilityException
from core.holidays import holidays_between, name_of
from core.series import next_day
from core.words import full_day, hours_in_words, series_in_words

HOLIDAY_WEEKS = 8  # so far ahead holidays are shown

WEEKDAYS = [
    _("Montag"),
    _("Dienstag"),
    _("Mittwoch"),
    _("Donnerstag"),
    _("Freitag"),
    _("Samstag"),
    _("Sonntag"),
]
_WORKDAYS, _WEEKEND, _EVERY_DAY = range(5), (5, 6), range(7)


class Preset(NamedTuple):
    """Hours many people have, under one name."""

    label: str | Promise
    windows: tuple[Window, ...]


def _daily(days: Iterable[int], start: int, end: int) -> tuple[Window, ...]:
    return tuple(Window(day, start * 60, end * 60) for day in days)


PRESETS = {
    "mornings": Preset(_("werktags vormittags, 9 bis 12 Uhr"), _daily(_WORKDAYS, 9, 12)),
    "afternoons": Preset(_("werktags nachmittags, 14 bis 18 Uhr"), _daily(_WORKDAYS, 14, 18)),
    "evenings": Preset(_("werktags abends, 18 bis 21 Uhr"), _daily(_WORKDAYS, 18, 21)),
    "weekend": Preset(_("am Wochenende, 10 bis 18 Uhr"), _daily(_WEEKEND, 10, 18)),
    "all_day": Preset(_("ganztags, jeden Tag von 8 bis 20 Uhr"), _daily(_EVERY_DAY, 8, 20)),
}


def windows_of(presets: Iterable[str]) -> list[Window]:
    """The windows of these presets together; unknown names are left out."""
    return [window for name in presets if name in PRESETS for window in PRESETS[name].windows]


def clock(minute: int) -> str:
    """Minutes since midnight as a form shows them: "09:30"; the end of the day is "24:00"."""
    return f"{minute // 60:02}:{minute % 60:02}"


def hours(window: Window | Availability | AvailabilityException) -> str:
    """ "14 bis 18 Uhr"."""
    return hours_in_words(_time(window.start_minute), _time(window.end_minute))


def series_of(rows: Iterable[Availability], *, today: date) -> list[dict[str, Any]]:
    """Windows with a rule as the page lists them: the `row`, what they say, and the day they come `next` (or None)."""
    return [
        {
            "row": row,
            "says": f"{series_in_words(row.rule, row.weekday, since=row.since, today=today)}, {hours(row)}",
            "next": next_day(row.rule, row.since, today=today),
        }
        for row in rows
        if row.rule and row.since
    ]


def holidays_ahead(today: date) -> list[str]:
    """The public holidays of the next weeks: "Karfreitag (Freitag, 3. April)"."""
    days = sorted(holidays_between(today, today + timedelta(weeks=HOLIDAY_WEEKS)))
    return [f"{name_of(day)} ({full_day(day, today=today)})" for day in days]


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
