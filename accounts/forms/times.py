"""The week as plain rows of from and to, series, dated exceptions; the grid of the page writes into the plain rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_time
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import week
from accounts.actions.availability import Window
from accounts.forms import parts
from core import series

_MOST_ROWS = 12  # a day


@dataclass
class Row:
    """One from-to pair as typed; `error` is a sentence or ""."""

    start: str = ""
    end: str = ""
    error: str = ""


class WeekForm:
    """
    Rows per weekday, named `start-<weekday>-<n>` and `end-<weekday>-<n>`; an empty row counts for nothing.

    `days`: seven lists of Row for the page, each ending in an empty one; `windows` after `is_valid`.
    """

    def __init__(self, data: QueryDict | None = None, *, windows: Iterable[Any] = ()) -> None:
        self.days = _typed_rows(data) if data is not None else _rows_of(windows)
        self.windows: list[Window] = []

    def is_valid(self) -> bool:
        self.windows = [window for day, rows in enumerate(self.days) for row in rows if (window := _read(day, row))]
        return not any(row.error for rows in self.days for row in rows)

    def add_preset(self, name: str) -> None:
        """Put the hours of a preset beside what is typed; "none" empties the week."""
        if name == "none":
            self.days = [[] for _day in range(7)]
        for window in week.windows_of([name]):
            row = Row(week.clock(window.start_minute), week.clock(window.end_minute))
            rows = self.days[window.weekday]
            if not any((one.start, one.end) == (row.start, row.end) for one in rows):
                rows.append(row)

    def add_row(self, weekday: str) -> None:
        if weekday.isdecimal() and int(weekday) < 7 and len(self.days[int(weekday)]) < _MOST_ROWS:
            self.days[int(weekday)].append(Row())

    def shown(self) -> list[dict[str, Any]]:
        """Per weekday: `number`, `name`, `rows`; at least one row to type into."""
        names = [str(name) for name in week.WEEKDAYS]
        return [
            {"number": day, "name": names[day], "rows": rows if rows and not rows[-1].start else [*rows, Row()]}
            for day, rows in enumerate(self.days)
        ]

    def problems(self) -> list[dict[str, str]]:
        """Sentences with the anchor of their row."""
        return [
            {"anchor": f"start-{day}-{number}", "text": f"{week.WEEKDAYS[day]}: {row.error}"}
            for day, rows in enumerate(self.days)
            for number, row in enumerate(rows)
            if row.error
        ]


def _typed_rows(data: QueryDict) -> list[list[Row]]:
    days = []
    for day in range(7):
        pairs = [(data.get(f"start-{day}-{n}", ""), data.get(f"end-{day}-{n}", "")) for n in range(_MOST_ROWS)]
        days.append([Row(start.strip()[:8], end.strip()[:8]) for start, end in pairs if start.strip() or end.strip()])
    return days


def _rows_of(windows: Iterable[Any]) -> list[list[Row]]:
    days: list[list[Row]] = [[] for _day in range(7)]
    for window in windows:
        if not window.rule:
            days[window.weekday].append(Row(week.clock(window.start_minute), week.clock(window.end_minute)))
    return days


def _read(day: int, row: Row) -> Window | None:
    if not row.start and not row.end:
        return None
    start, end = minute_of(row.start), minute_of(row.end, is_end=True)
    if start is None or end is None:
        row.error = gettext("Bitte geben Sie beide Uhrzeiten an, zum Beispiel 14:00 und 16:30.")
    elif start >= end:
        row.error = gettext("Das Ende muss nach dem Anfang liegen.")
    return None if row.error else Window(day, start or 0, end or 0)


def minute_of(text: str, *, is_end: bool = False) -> int | None:
    """Minutes since midnight of "14", "14:30" or "14.30"; midnight as an end is 1440; None for anything else."""
    plain = text.strip().replace(".", ":").replace("Uhr", "").strip()
    if plain in ("24", "24:00"):
        return 1440 if is_end else None
    if not plain.isascii():
        return None
    try:
        at: time | None = parse_time(f"{plain}:00" if plain.isdecimal() else plain)
    except ValueError:
        return None
    if at is None:
        return None
    minute = at.hour * 60 + at.minute
    return 1440 if is_end and minute == 0 else minute


def _clock_field(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=8, widget=forms.TextInput(attrs={"type": "time"}), **kwargs)


def _day_field(label: Any, missing: Any, **kwargs: Any) -> forms.DateField:
    messages = {"required": missing, "invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026")}
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return forms.DateField(
        label=label, input_formats=parts.DAY_FORMATS, widget=widget, error_messages=messages, **kwargs
    )


class SeriesForm(forms.Form):
    """Hours that come back, but not every week, or only until a day."""

    rhythm = forms.ChoiceField(label=_("Wie oft?"), choices=series.CHOICES, initial="second", widget=forms.RadioSelect)
    weekday = forms.TypedChoiceField(
        label=_("An welchem Wochentag?"), coerce=int, choices=list(enumerate(week.WEEKDAYS))
    )
    start = _clock_field(_("Von"), error_messages={"required": _("Bitte geben Sie an, ab wann Sie Zeit haben.")})
    end = _clock_field(_("Bis"), error_messages={"required": _("Bitte geben Sie an, bis wann Sie Zeit haben.")})
    since = _day_field(_("Beginnend am"), _("Bitte geben Sie an, wann es das erste Mal ist."))
    until = _day_field(_("Zum letzten Mal am"), "", required=False, help_text=_("Leer lassen, wenn es kein Ende gibt."))

    def clean(self) -> dict:
        typed = super().clean() or {}
        self._check_hours(typed)
        first, last = typed.get("since"), typed.get("until")
        if first and last and last < first:
            self.add_error("until", gettext("Der letzte Tag liegt vor dem ersten."))
        if first and not self.errors and self._counts_weeks and first.weekday() != typed["weekday"]:
            self.add_error("since", self._wrong_day(first, typed["weekday"]))
        return typed

    def window(self) -> Window:
        """For `add_series`; every week without a later beginning or an end is a plain window."""
        typed = self.cleaned_data
        later = typed["since"] > timezone.localdate()
        rule = series.rule_of(typed["rhythm"], weekday=typed["weekday"], until=typed["until"], later=later)
        return Window(typed["weekday"], typed["start"], typed["end"], rule, typed["since"] if rule else None)

    @property
    def _counts_weeks(self) -> bool:
        return series.RHYTHMS[self.cleaned_data["rhythm"]].interval > 1

    def _check_hours(self, typed: dict) -> None:
        for name in ("start", "end"):
            text = typed.get(name)
            typed[name] = minute_of(text, is_end=name == "end") if text else None
            if text and typed[name] is None:
                self.add_error(name, gettext("Bitte schreiben Sie die Uhrzeit so: 14:30"))
        start, end = typed.get("start"), typed.get("end")
        if start is not None and end is not None and start >= end:
            self.add_error("end", gettext("Das Ende muss nach dem Anfang liegen."))

    def _wrong_day(self, day: Any, weekday: int) -> str:
        return gettext("Dieser Tag ist ein %(day)s und kein %(wanted)s. Bitte prüfen Sie Tag und Wochentag.") % {
            "day": week.WEEKDAYS[day.weekday()],
            "wanted": week.WEEKDAYS[weekday],
        }


class ExceptionForm(forms.Form):
    """Days away, or days with more time than usual."""

    available = forms.TypedChoiceField(
        label=_("Was ist an diesen Tagen?"),
        coerce=lambda value: value == "yes",
        choices=[("no", _("Ich bin nicht da")), ("yes", _("Ich bin zusätzlich da"))],
        initial="no",
        widget=forms.RadioSelect,
    )
    first_day = _day_field(_("Erster Tag"), _("Bitte geben Sie den ersten Tag an."))
    last_day = _day_field(_("Letzter Tag"), "", required=False, help_text=_("Leer lassen, wenn es nur ein Tag ist."))
    start = _clock_field(_("Von"), required=False, help_text=_("Leer lassen für den ganzen Tag."))
    end = _clock_field(_("Bis"), required=False)

    def clean(self) -> dict:
        typed = super().clean() or {}
        for name, is_end in (("start", False), ("end", True)):
            text = typed.get(name) or ("24:00" if is_end else "00:00")
            typed[f"{name}_minute"] = minute_of(text, is_end=is_end)
            if typed[f"{name}_minute"] is None:
                self.add_error(name, gettext("Bitte schreiben Sie die Uhrzeit so: 14:30"))
        return typed

    def changes(self) -> dict[str, Any]:
        """For `add_exception`."""
        names = ("available", "first_day", "last_day", "start_minute", "end_minute")
        return {name: self.cleaned_data[name] for name in names}


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("Pause bis einschließlich"),
        required=False,
        help_text=_("Leer lassen, wenn Sie noch nicht wissen, wie lange."),
        input_formats=parts.DAY_FORMATS,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026")},
    )
