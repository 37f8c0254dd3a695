"""What is typed on the pages of the talk. The verbs judge; these only read."""

from datetime import datetime, timedelta
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import words
from messaging.quick import SENTENCES

DURATIONS = (30, 60, 90, 120, 180, 240)  # minutes


class MessageForm(forms.Form):
    """`client_id` is made with the page, so that a form sent twice is stored once."""

    body = forms.CharField(
        label=_("Ihre Nachricht"),
        strip=False,
        error_messages={"required": _("Bitte schreiben Sie zuerst etwas.")},
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 4000, "autocomplete": "off"}),
    )
    client_id = forms.CharField(widget=forms.HiddenInput, required=False)
    quick = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("quick") in SENTENCES:
            self.fields["body"].required = False

    @classmethod
    def empty(cls) -> "MessageForm":
        return cls(initial={"client_id": uuid4()})

    def text(self) -> str:
        """The quick sentence that was tapped, else what was typed."""
        quick = SENTENCES.get(self.cleaned_data.get("quick") or "")
        return str(quick) if quick else self.cleaned_data.get("body", "")


class AppointmentForm(forms.Form):
    """A day, a time of day and how long."""

    day = forms.DateField(label=_("Tag"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    start = forms.TimeField(
        label=_("Uhrzeit"), widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
    )
    minutes = forms.TypedChoiceField(label=_("Wie lange ungefähr"), coerce=int, initial=60)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].choices = [(length, words.minutes_in_words(length)) for length in DURATIONS]

    def span(self) -> tuple[datetime, datetime]:
        """Start and end as aware moments in local time."""
        read = self.cleaned_data
        start = timezone.make_aware(datetime.combine(read["day"], read["start"]))
        return start, start + timedelta(minutes=read["minutes"])
