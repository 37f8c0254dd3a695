"""A volunteer's week: presets to start from, and how hours are typed and said."""

from collections.abc import Iterable
from datetime import time
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.profiles import Window
from accounts.models import Availability, AvailabilityException
from core.words import hours_in_words

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


def _time(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
