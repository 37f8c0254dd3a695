"""A request on behalf of a caller, on one page."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import skills
from accounts.languages import LANGUAGES
from accounts.models import Skill
from core import series
from matching import timing
from matching.models import HelpRequest, RequestWindow

DAY_ROWS = 3  # or as many as a draft has already: the next week has seven
DURATIONS = (
    (30, _("eine halbe Stunde")),
    (60, _("1 Stunde")),
    (90, _("1 Stunde 30 Minuten")),
    (120, _("2 Stunden")),
    (180, _("3 Stunden")),
    (240, _("4 Stunden")),
)
HELPERS = tuple((number, str(number)) for number in range(1, 9))


def _day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def _time_field(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))


class RequestForm(forms.Form):
    """What is needed, when, and who should come; `changes()` says it in the keys of `change_request`."""

    skills = forms.MultipleChoiceField(
        label=_("Welche Hilfe?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie, welche Hilfe gebraucht wird.")},
    )
    description = forms.CharField(
        label=_("In eigenen Worten"),
        help_text=_("Bitte keine Krankheiten, keine Bankdaten."),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )
    timing = forms.ChoiceField(
        label=_("Wann?"), choices=HelpRequest.Timing, initial="flexible", widget=forms.RadioSelect
    )
    flexible_until = _day_field(_("Spätestens am"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Wochentage"),
        choices=WEEKDAYS.items(),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    weekly_from = _time_field(_("von"))
    weekly_to = _time_field(_("bis"))
    weekly_rhythm = forms.ChoiceField(label=_("Wie oft?"), choices=series.CHOICES, required=False, initial="every")
    weekly_begins = _day_field(_("Beginnend am"))
    weekly_ends = _day_field(_("Zum letzten Mal am"))
    skips_holidays = forms.BooleanField(label=_("An Feiertagen nicht"), required=False, initial=True)
    duration_minutes = forms.TypedChoiceField(label=_("Wie lange?"), choices=DURATIONS, coerce=int, initial=60)
    helpers_needed = forms.TypedChoiceField(label=_("Wie viele Menschen?"), choices=HELPERS, coerce=int, initial=1)
    urgency = forms.TypedChoiceField(label=_("Wie dringend?"), choices=HelpRequest.Urgency, coerce=int, initial=0)
    languages = forms.MultipleChoiceField(
        label=_("Eine dieser Sprachen"), required=False, widget=forms.CheckboxSelectMultiple
    )
    gender_wish = forms.ChoiceField(
        label=_("Soll es eine Frau oder ein Mann sein?"),
        required=False,
        choices=[("", _("Gleich")), ("woman", _("Frau")), ("man", _("Mann"))],
    )
    wishes_other_generation = forms.BooleanField(label=_("Gern eine andere Generation"), required=False)
    consent = forms.BooleanField(label=_("Vorgelesen, und am Telefon zugestimmt"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offered = list(skills.offered())
        self.fields["skills"].choices = [(skill.slug, skills.name(skill)) for skill in self._offered]
        self.fields["languages"].choices = LANGUAGES
        self._day_rows = range(1, max(DAY_ROWS, sum(name.startswith("day_") for name in self.initial)) + 1)
        for row in self._day_rows:
            self.fields[f"day_{row}"] = _day_field(_("Tag"))
            self.fields[f"from_{row}"] = _time_field(_("von"))
            self.fields[f"to_{row}"] = _time_field(_("bis"))

    def clean(self) -> dict:
        data = super().clean() or {}
        check = {"dated": self._clean_dated, "weekly": self._clean_weekly, "flexible": self._clean_flexible}
        check.get(data.get("timing", ""), lambda: None)()
        return data

    def changes(self) -> dict:
        """The same in the keys of the JSON API."""
        data = self.cleaned_data
        plain = ("skills", "description", "duration_minutes", "helpers_needed", "urgency", "languages", "gender_wish")
        return (
            {name: data[name] for name in plain}
            | {
                "wishes_other_generation": data["wishes_other_generation"],
            }
            | self._when()
        )

    @property
    def skill_groups(self) -> list[tuple[str, list[tuple[Skill, str, bool]]]]:
        """(group, [(skill, its name, chosen)]) for the page."""
        chosen = set(self["skills"].value() or [])
        return [
            (title, [(skill, skills.name(skill), skill.slug in chosen) for skill in members])
            for title, members in skills.in_groups(self._offered)
        ]

    @property
    def day_rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [(self[f"day_{row}"], self[f"from_{row}"], self[f"to_{row}"]) for row in self._day_rows]

    # --- when ----------
    def _when(self) -> dict:
        data = self.cleaned_data
        if data["timing"] == HelpRequest.Timing.FLEXIBLE:
            return {"flexible_until": data["flexible_until"]}
        if data["timing"] == HelpRequest.Timing.DATED:
            return {"windows": [{"start": _at(*row[:2]), "end": _at(row[0], row[2])} for row in self._rows()]}
        hours = {"start": f"{data['weekly_from']:%H:%M}", "end": f"{data['weekly_to']:%H:%M}"}
        rows = [{"weekday": weekday} | hours | self._series(weekday) for weekday in data["weekdays"]]
        return {"weekly": rows, "skips_holidays": data["skips_holidays"]}

    def _series(self, weekday: int) -> dict[str, str]:
        begins, ends = self.cleaned_data.get("weekly_begins"), self.cleaned_data.get("weekly_ends")
        rhythm = self.cleaned_data.get("weekly_rhythm", "")
        return timing.series_of(weekday, rhythm, today=timezone.localdate(), begins=begins, ends=ends)

    def _rows(self) -> list[tuple[date, time, time]]:
        """The day rows that are filled in; a day without hours means from 8 to 20 o'clock."""
        rows = []
        for row in self._day_rows:
            day, start, end = (self.cleaned_data.get(f"{name}_{row}") for name in ("day", "from", "to"))
            if day:
                rows.append((day, start or time(8), end or time(20)))
        return rows

    def _clean_flexible(self) -> None:
        if not self.cleaned_data.get("flexible_until") and "flexible_until" not in self.errors:
            self.add_error("flexible_until", gettext("Bitte sagen Sie, bis wann die Hilfe spätestens gebraucht wird."))

    def _clean_dated(self) -> None:
        rows = self._rows()
        if not rows and "day_1" not in self.errors:
            self.add_error("day_1", gettext("Bitte nennen Sie mindestens einen Tag."))
        if any(start >= end for _day, start, end in rows):
            self.add_error("to_1", gettext("Das Ende muss nach dem Anfang liegen."))

    def _clean_weekly(self) -> None:
        data = self.cleaned_data
        if not data.get("weekdays"):
            self.add_error("weekdays", gettext("Bitte wählen Sie mindestens einen Wochentag."))
        start, end = data.get("weekly_from"), data.get("weekly_to")
        if not (start and end):
            self.add_error("weekly_from", gettext("Bitte nennen Sie Anfang und Ende."))
        elif start >= end:
            self.add_error("weekly_to", gettext("Das Ende muss nach dem Anfang liegen."))
        begins, ends = data.get("weekly_begins"), data.get("weekly_ends")
        if ends and ends < (begins or timezone.localdate()):
            self.add_error("weekly_ends", gettext("Der letzte Tag liegt vor dem ersten."))


def initial_of(request: HelpRequest) -> dict[str, Any]:
    """What the form shows for a request that is there already."""
    names = ("description", "timing", "flexible_until", "duration_minutes", "helpers_needed", "urgency")
    names += ("languages", "gender_wish", "wishes_other_generation", "skips_holidays")
    shown = {name: getattr(request, name) for name in names}
    rows = list(request.windows.all())
    return shown | {"skills": [skill.slug for skill in request.skills.all()]} | _dated_rows(rows) | _weekly_row(rows)


def _dated_rows(rows: Sequence[RequestWindow]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for number, row in enumerate((row for row in rows if row.start and row.end), start=1):
        start, end = timezone.localtime(row.start), timezone.localtime(row.end)
        shown |= {f"day_{number}": start.date(), f"from_{number}": start.time(), f"to_{number}": end.time()}
    return shown


def _weekly_row(rows: Sequence[RequestWindow]) -> dict[str, Any]:
    """One pair of hours for all weekdays: what this form can hold."""
    weekly = [row for row in rows if row.weekday is not None]
    if not weekly:
        return {}
    first, last = (minute or 0 for minute in (weekly[0].start_minute, weekly[0].end_minute))
    hours = {
        "weekly_from": time(first // 60, first % 60),
        "weekly_to": time(min(last, 1439) // 60, min(last, 1439) % 60),
    }
    chosen = {f"weekly_{name}": value for name, value in timing.rhythm_chosen(weekly).items()}
    return hours | chosen | {"weekdays": [row.weekday for row in weekly]}


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def in_two_weeks(now: datetime) -> date:
    """What a caller without a wish gets asked for."""
    return timezone.localdate(now) + timedelta(days=14)
