"""The forms of a call: who it is, what is needed in a few keys, another time, a word for the next call."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import skills
from accounts.models import User
from matching.desk.forms.requests import DURATIONS
from matching.models import HelpRequest

DAY = timedelta(days=1)
FIRST, LAST = time(8), time(20)
WHEN = (
    ("week", _("Diese Woche")),
    ("today", _("Heute")),
    ("tomorrow", _("Morgen")),
    ("next", _("Nächste Woche")),
    ("fortnight", _("In den nächsten zwei Wochen")),
    ("month", _("In den nächsten vier Wochen")),
)
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
    when = forms.ChoiceField(label=_("Wann?"), choices=WHEN, initial="week")
    duration_minutes = forms.TypedChoiceField(label=_("Wie lange?"), choices=DURATIONS, coerce=int)
    description = forms.CharField(
        label=_("In eigenen Worten"),
        help_text=_("Bitte keine Krankheiten, keine Bankdaten."),
        required=False,
        max_length=1000,
    )
    consent = forms.BooleanField(label=_("Vorgelesen, und am Telefon zugestimmt"), required=False)

    def __init__(self, *args: Any, before: HelpRequest | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = before.skills.first() if before else None
        self.fields["skill"].choices = [(skill.slug, skills.name(skill)) for skill in skills.offered()]
        minutes = before.duration_minutes if before else USUAL_MINUTES
        usual = {"duration_minutes": minutes if minutes in dict(DURATIONS) else USUAL_MINUTES}
        self.initial = usual | ({"skill": last.slug} if last else {}) | self.initial

    def changes(self, now: datetime) -> dict[str, Any]:
        """In the keys of `change_request`."""
        data = self.cleaned_data
        plain = {"skills": [data["skill"]], "duration_minutes": data["duration_minutes"]}
        return plain | {"description": data["description"]} | _when(data["when"], now)


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


def _when(chosen: str, now: datetime) -> dict[str, Any]:
    """One day is a window from eight to eight; everything else is open until its last day."""
    today = timezone.localdate(now)
    if chosen in ("today", "tomorrow"):
        day = today if chosen == "today" else today + DAY
        start = max(timezone.make_aware(datetime.combine(day, FIRST)), now)
        end = timezone.make_aware(datetime.combine(day, LAST))
        return {"windows": [{"start": start, "end": end}]} if start < end else {"flexible_until": day + DAY}
    sunday = today + DAY * (6 - today.weekday())
    until = {
        "week": sunday if today.weekday() < 4 else sunday + 7 * DAY,  # on a Friday nobody means the last two days
        "next": sunday + 7 * DAY,
        "fortnight": today + 14 * DAY,
        "month": today + 28 * DAY,
    }
    return {"flexible_until": until[chosen]}
