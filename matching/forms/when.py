"""When the help is wished: on which day, in which part of it, for how long."""

from datetime import date as Day  # WhenForm has a field `date`
from datetime import datetime
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from core import series
from core.words import full_day
from matching import timing
from matching.forms.steps import StepForm

DURATIONS = [
    (30, _("eine halbe Stunde")),
    (60, _("eine Stunde")),
    (90, _("anderthalb Stunden")),
    (120, _("zwei Stunden")),
    (180, _("drei Stunden")),
    (240, _("vier Stunden")),
]
DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
CLOCK_FORMATS = ["%H:%M", "%H.%M", "%H:%M:%S", "%H"]
LONGEST_AHEAD_DAYS = 180
NEEDED = {"other": "date", "weekly": "weekdays", "flexible": "until"}


class WhenForm(StepForm):
    """On which day, in which part of it, for how long."""

    when = forms.ChoiceField(
        label=_("An welchem Tag?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie einen Tag aus.")},
    )
    date = forms.DateField(
        label=_("Welcher Tag?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DAY_FORMATS,
        error_messages={
            "required": _("Bitte geben Sie den Tag an."),
            "invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026"),
        },
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("An welchen Wochentagen?"),
        required=False,
        coerce=int,
        choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens einen Wochentag aus.")},
    )
    rhythm = forms.ChoiceField(
        label=_("Wie oft?"), required=False, choices=series.CHOICES, initial="every", widget=forms.RadioSelect
    )
    begins = forms.DateField(
        label=_("Beginnend am"),
        required=False,
        help_text=_("Leer lassen, wenn es gleich losgehen kann."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DAY_FORMATS,
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026")},
    )
    ends = forms.DateField(
        label=_("Zum letzten Mal am"),
        required=False,
        help_text=_("Leer lassen, wenn es kein Ende gibt."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DAY_FORMATS,
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026")},
    )
    skips_holidays = forms.BooleanField(label=_("An Feiertagen nicht"), required=False, initial=True)
    until = forms.DateField(
        label=_("Bis zu welchem Tag?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=DAY_FORMATS,
        error_messages={
            "required": _("Bitte geben Sie an, bis zu welchem Tag es Zeit hat."),
            "invalid": _("Bitte schreiben Sie den Tag so: 24.12.2026"),
        },
    )
    parts = forms.MultipleChoiceField(
        label=_("Zu welcher Tageszeit?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("morning", _("vormittags, 8 bis 12 Uhr")),
            ("noon", _("mittags, 12 bis 14 Uhr")),
            ("afternoon", _("nachmittags, 14 bis 18 Uhr")),
            ("evening", _("abends, 18 bis 21 Uhr")),
        ],
    )
    start = forms.TimeField(
        label=_("von"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "kern-form-input__input"}, format="%H:%M"),
        input_formats=CLOCK_FORMATS,
        error_messages={"invalid": _("Bitte schreiben Sie die Uhrzeit so: 14:30")},
    )
    end = forms.TimeField(
        label=_("bis"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time", "class": "kern-form-input__input"}, format="%H:%M"),
        input_formats=CLOCK_FORMATS,
        error_messages={"invalid": _("Bitte schreiben Sie die Uhrzeit so: 14:30")},
    )
    duration = forms.TypedChoiceField(
        label=_("Wie lange ungefähr?"),
        coerce=int,
        choices=DURATIONS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, wie lange es etwa dauert.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["when"].choices = self._day_choices()
        for kind, name in NEEDED.items():  # only shown, and only needed, with its own choice
            self.fields[name].required = not self.is_bound or self.data.get("when") == kind
        duration = self.request.duration_minutes
        if duration and duration not in dict(DURATIONS):  # the office may have entered another length
            self.fields["duration"].choices = [*DURATIONS, (duration, _("%(count)s Minuten") % {"count": duration})]

    def saved(self) -> dict:
        chosen = timing.choice_of(self.request, today=self.today)
        for name in ("date", "until", "begins", "ends"):
            if chosen.get(name):
                chosen[name] = chosen[name].isoformat()  # what an input of type date reads
        plain = {"duration": self.request.duration_minutes or 60, "skips_holidays": self.request.skips_holidays}
        return plain | chosen

    def clean(self) -> dict:
        data = super().clean()
        if not self.errors:
            {"flexible": self._clean_until, "weekly": self._clean_weekly}.get(data["when"], self._clean_dated)(data)
        return data

    def changes(self) -> dict:
        data = self.cleaned_data
        duration = {"duration_minutes": data["duration"]}
        if data["when"] == "flexible":
            return duration | {"flexible_until": data["until"].isoformat()}
        if data["when"] == "weekly":
            return duration | {"weekly": self._weekly(data), "skips_holidays": data["skips_holidays"]}
        return duration | {"windows": [{"start": start, "end": end} for start, end in self._windows(data)]}

    def _day_choices(self) -> list[tuple[str, Any]]:
        sunday = timing.days_of("week", today=self.today)[-1]
        week = [("week", _("diese Woche, bis %(day)s") % {"day": full_day(sunday, today=self.today)})]
        return [
            ("today", _("heute")),
            ("tomorrow", _("morgen")),
            *(week if timing.offers_week(self.today) else []),
            ("other", _("an einem anderen Tag")),
            ("weekly", _("immer wieder, zum Beispiel jede Woche")),
            ("flexible", _("irgendwann bis zu einem Tag")),
        ]

    def _clean_until(self, data: dict) -> None:
        self._check_ahead("until", data["until"])

    def _clean_weekly(self, data: dict) -> None:
        for name in ("begins", "ends"):
            if data.get(name):
                self._check_ahead(name, data[name])
        if not self.errors and any(not self._comes(day, data) for day in data["weekdays"]):
            self.add_error("ends", _("Das endet, bevor es beginnt. Bitte wählen Sie einen späteren Tag."))
        hours = self._hours(data)
        if not self.errors and not any(last - first >= data["duration"] for first, last in hours):
            self.add_error(
                "duration", _("So lange Hilfe passt nicht in diese Tageszeit. Bitte wählen Sie mehr Zeit aus.")
            )

    def _clean_dated(self, data: dict) -> None:
        if data["when"] == "other":
            self._check_ahead("date", data["date"])
        self._hours(data)
        if not self.errors and not self._windows(data):
            self.add_error(
                "end" if data.get("end") else "parts",
                _(
                    "Diese Zeit ist schon vorbei oder zu kurz. "
                    "Bitte wählen Sie eine andere Tageszeit oder einen anderen Tag."
                ),
            )

    def _check_ahead(self, name: str, day: Day) -> None:
        if day < self.today:
            self.add_error(name, _("Dieser Tag ist schon vorbei. Bitte wählen Sie einen Tag, der noch kommt."))
        elif (day - self.today).days > LONGEST_AHEAD_DAYS:
            self.add_error(name, _("Dieser Tag ist noch weit weg. Bitte wählen Sie einen Tag im nächsten halben Jahr."))

    def _hours(self, data: dict) -> list[timing.Hours]:
        start, end = data.get("start"), data.get("end")
        if bool(start) != bool(end):
            self.add_error("end" if start else "start", _("Bitte geben Sie beides an: von wann und bis wann."))
        elif start and end and start >= end:
            self.add_error("end", _("Das Ende liegt vor dem Anfang. Bitte prüfen Sie die beiden Uhrzeiten."))
        elif start and end:
            return timing.hours_of([], (start.hour * 60 + start.minute, end.hour * 60 + end.minute))
        return timing.hours_of(data.get("parts", []))

    def _windows(self, data: dict) -> list[tuple[datetime, datetime]]:
        days = timing.days_of(data["when"], today=self.today, other=data.get("date"))
        return timing.windows_of(days, self._hours(data), now=self.now, minutes=data["duration"])

    def _weekly(self, data: dict) -> list[dict]:
        return [
            {"weekday": day, "start": _clock(first), "end": _clock(last)} | self._series(day, data)
            for day in data["weekdays"]
            for first, last in self._hours(data)
            if last - first >= data["duration"]
        ]

    def _series(self, weekday: int, data: dict) -> dict:
        return timing.series_of(
            weekday, data["rhythm"], today=self.today, begins=data.get("begins"), ends=data.get("ends")
        )

    def _comes(self, weekday: int, data: dict) -> bool:
        """Is there a day at all before it ends?"""
        said = self._series(weekday, data)
        return not said or series.comes(said["rule"], Day.fromisoformat(said["since"]), weekday)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
