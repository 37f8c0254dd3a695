"""The forms of a call: who it is, what is needed in a few keys, another time, a word for the next call."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import skills
from accounts.models import User
from core.words import full_day
from matching import timing
from matching.desk.forms.requests import DURATIONS
from matching.models import HelpRequest

DAY = timedelta(days=1)
DAYS = ("today", "tomorrow", "week", "next")  # windows on days; the others are open until their last day
OPEN_DAYS = {"fortnight": 14, "month": 28}
FRIDAY = 4
USUAL_MINUTES = 60


class CallerForm(forms.Form):
    """Who is calling: a few letters of a name or a street, or digits of a number."""

    q = forms.CharField(
        label=_("Name, Straße oder Telefonnummer"),
        help_text=_("Ein paar Buchstaben genügen. Kleine Tippfehler schaden nicht."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off", "type": "search", "autofocus": True}),
    )


class QuickRequestForm(forms.Form):
    """A request in a few keys: everything has a sensible value already, only the consent is left to hear."""

    skill = forms.ChoiceField(label=_("Welche Hilfe?"), widget=forms.Select({"autofocus": True}))
    when = forms.ChoiceField(label=_("Wann?"))
    duration_minutes = forms.TypedChoiceField(label=_("Wie lange?"), choices=DURATIONS, coerce=int)
    description = forms.CharField(
        label=_("In eigenen Worten"),
        help_text=_("Bitte keine Krankheiten, keine Bankdaten."),
        required=False,
        max_length=1000,
    )
    consent = forms.BooleanField(label=_("Vorgelesen, und am Telefon zugestimmt"), required=False)

    def __init__(self, *args: Any, now: datetime, before: HelpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.today = now, timezone.localdate(now)
        last = before.skills.first() if before else None
        self.fields["skill"].choices = [(skill.slug, skills.name(skill)) for skill in skills.offered()]
        self.fields["when"].choices = _days_to_choose(self.today)
        minutes = before.duration_minutes if before else USUAL_MINUTES
        usual: dict[str, Any] = {"duration_minutes": minutes if minutes in dict(DURATIONS) else USUAL_MINUTES}
        usual["when"] = "week" if self.today.weekday() < FRIDAY else "next"  # then few mean the last two days
        self.initial = usual | ({"skill": last.slug} if last else {}) | self.initial

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and data["when"] in DAYS and not self._windows():
            self.add_error("when", gettext("Dafür reicht die Zeit nicht mehr. Bitte wählen Sie einen späteren Tag."))
        return data

    def changes(self) -> dict[str, Any]:
        """In the keys of `change_request`."""
        data = self.cleaned_data
        plain = {"skills": [data["skill"]], "duration_minutes": data["duration_minutes"]}
        return plain | {"description": data["description"]} | self._when()

    def _when(self) -> dict[str, Any]:
        """The same words mean the same as on the resident's own page: both ask `matching.timing`."""
        if self.cleaned_data["when"] in DAYS:
            return {"windows": [{"start": start, "end": end} for start, end in self._windows()]}
        return {"flexible_until": self.today + DAY * OPEN_DAYS[self.cleaned_data["when"]]}

    def _windows(self) -> list[tuple[datetime, datetime]]:
        data = self.cleaned_data
        days = timing.days_of(data["when"], today=self.today)
        return timing.windows_of(days, timing.hours_of([]), now=self.now, minutes=data["duration_minutes"])


class TimeForm(forms.Form):
    """Another time, as the person wishes it on the telephone."""

    day = forms.DateField(label=_("Tag"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    clock = forms.TimeField(label=_("Uhrzeit"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.cleaned_data["day"], self.cleaned_data["clock"]))


class NoteForm(forms.Form):
    """A word for the next call, and who makes it."""

    note = forms.CharField(
        label=_("Notiz"), required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"})
    )
    to = forms.ChoiceField(label=_("Kollegin oder Kollege"), required=False)

    def __init__(self, *args: Any, colleagues: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(str(one.pk), one.full_name) for one in colleagues]


class TryForm(forms.Form):
    """When to try again."""

    SOON, TOMORROW = "hour", "tomorrow"
    again = forms.ChoiceField(
        label=_("Nächster Versuch"),
        required=False,
        choices=[("", _("Zur passenden Zeit")), (SOON, _("In einer Stunde")), (TOMORROW, _("Morgen früh"))],
    )

    def next_at(self, now: datetime) -> datetime | None:
        """None: whatever suits the person."""
        if not self.is_valid():
            return None
        tomorrow = timezone.make_aware(datetime.combine(timezone.localdate(now) + DAY, time(9)))
        return {self.SOON: now + timedelta(hours=1), self.TOMORROW: tomorrow}.get(self.cleaned_data["again"])


def named(typed: str) -> dict[str, str]:
    """What was typed to find somebody, as the beginning of a new person: a number, or first and last name."""
    if any(letter.isdigit() for letter in typed):
        return {"phone": typed}
    first, _space, last = typed.strip().rpartition(" ")
    return {"first_name": first, "last_name": last}


def last_request(person: User) -> HelpRequest | None:
    """What they asked for most recently; its kind and length are offered again."""
    rows = HelpRequest.objects.filter(resident=person).prefetch_related("skills")
    return rows.order_by("-created_at", "id").first()


def _days_to_choose(today: date) -> list[tuple[str, str]]:
    """With the days themselves, so that both on the telephone mean the same week."""
    sunday, monday = timing.days_of("week", today=today)[-1], timing.days_of("next", today=today)[0]
    week = gettext("Diese Woche, bis %(day)s") % {"day": full_day(sunday, today=today)}
    return [
        *([("week", week)] if timing.offers_week(today) else []),
        ("today", gettext("Heute")),
        ("tomorrow", gettext("Morgen")),
        ("next", gettext("Nächste Woche, ab %(day)s") % {"day": full_day(monday, today=today)}),
        ("fortnight", gettext("In den nächsten zwei Wochen")),
        ("month", gettext("In den nächsten vier Wochen")),
    ]
