"""What is typed to propose or move an appointment. The verbs judge; this only reads."""

from copy import copy
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import words
from matching.actions.corrections import MOST_MINUTES
from matching.models import Meet

DURATIONS = (30, 60, 90, 120, 180, 240)  # minutes

_HOW_LONG = _("Bitte geben Sie die Dauer in Minuten an, zum Beispiel 90. Höchstens zwölf Stunden sind 720 Minuten.")


class DurationForm(forms.Form):
    """How long a visit really took."""

    minutes = forms.IntegerField(
        label=_("Dauer in Minuten"),
        min_value=1,
        max_value=MOST_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), _HOW_LONG),
    )


class AppointmentForm(forms.Form):
    """
    A day, a time of day, how long, where; up to two more times to choose from, or every week.

    `more`: without it only one time is asked, as for moving an appointment.
    """

    OTHERS = ("2", "3")

    day = forms.DateField(label=_("Tag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(
        label=_("Uhrzeit"), widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
    )
    minutes = forms.TypedChoiceField(label=_("Wie lange ungefähr"), coerce=int, initial=60)
    place = forms.ChoiceField(label=_("Wo"), choices=Meet.choices, initial=Meet.HOME, required=False)
    repeat = forms.TypedChoiceField(
        label=_("Wie oft"),
        coerce=int,
        empty_value=0,
        initial=0,
        required=False,
        choices=[(0, _("einmal")), (1, _("jede Woche")), (2, _("alle zwei Wochen"))],
    )

    def __init__(self, *args, more: bool = True, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        lengths = sorted({*DURATIONS, self.initial.get("minutes", 60)})
        self.fields["minutes"].choices = [(length, words.minutes_in_words(length)) for length in lengths]
        for number in self.OTHERS if more else ():
            self._add_time(number)
        if not more:
            del self.fields["repeat"]

    def _add_time(self, number: str) -> None:
        """Another time to choose from; both fields or none."""
        day, start = self.base_fields["day"].widget, self.base_fields["start"].widget
        names = {"number": number}
        self.fields[f"day{number}"] = forms.DateField(
            label=_("%(number)s. Vorschlag: Tag") % names, required=False, widget=copy(day)
        )
        self.fields[f"start{number}"] = forms.TimeField(
            label=_("%(number)s. Vorschlag: Uhrzeit") % names, required=False, widget=copy(start)
        )

    def clean(self) -> dict:
        read = super().clean() or self.cleaned_data
        for number in self.OTHERS:
            day, start = read.get(f"day{number}"), read.get(f"start{number}")
            if day and not start:
                self.add_error(f"start{number}", _("Bitte geben Sie auch die Uhrzeit an."))
            if start and not day:
                self.add_error(f"day{number}", _("Bitte geben Sie auch den Tag an."))
        return read

    def first(self) -> list:
        """What everybody is asked."""
        return [self[name] for name in ("day", "start", "minutes", "place", "repeat") if name in self.fields]

    def others(self) -> list:
        """What stays folded until somebody wants to offer a choice."""
        return [self[f"{name}{number}"] for number in self.OTHERS for name in ("day", "start")]

    def span(self) -> tuple[datetime, datetime]:
        """Start and end as aware moments in local time."""
        return self._span("")

    def spans(self) -> list[tuple[datetime, datetime]]:
        """Every time that was filled in."""
        filled = [number for number in ("", *self.OTHERS) if self.cleaned_data.get(f"day{number}")]
        return [self._span(number) for number in filled]

    def _span(self, number: str) -> tuple[datetime, datetime]:
        read = self.cleaned_data
        start = timezone.make_aware(datetime.combine(read[f"day{number}"], read[f"start{number}"]))
        return start, start + timedelta(minutes=read["minutes"])
