"""
The questions of a request for help, one form each; time and place have files of their own.

A form reads what was saved (`saved`) and says what to change (`changes`), in the keys of `change_request`.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import skills
from accounts.languages import LANGUAGES
from core.errors import Invalid
from matching.models import HelpRequest

FIELD_OF = {  # the verb's names -> ours
    "windows": "parts",
    "weekly": "weekdays",
    "flexible_until": "until",
    "duration_minutes": "duration",
    "place_id": "where",
    "place": "where",
}


class StepForm(forms.Form):
    """What the four have in common: the request they belong to and the moment they are read."""

    def __init__(self, *args: Any, request: HelpRequest, now: datetime, **kwargs: Any) -> None:
        self.request, self.now, self.today = request, now, timezone.localdate(now)
        super().__init__(*args, **kwargs)
        self.initial = self.saved() | self.initial

    def saved(self) -> dict:
        """The answers given before, as initial values."""
        raise NotImplementedError

    def changes(self) -> dict:
        """What `change_request` shall change; only after `is_valid()`."""
        raise NotImplementedError

    def take(self, misfit: Invalid) -> None:
        """What the verb refused becomes a sentence at the field it belongs to."""
        for name, sentences in misfit.fields.items():
            known = FIELD_OF.get(name, name)
            self.add_error(known if known in self.fields else None, [str(sentence) for sentence in sentences])
        if not misfit.fields:
            self.add_error(None, str(misfit.detail))


class WhatForm(StepForm):
    """Which kinds of help."""

    skills = forms.MultipleChoiceField(
        label=_("Wobei möchten Sie Hilfe?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Bitte wählen Sie aus, wobei Sie Hilfe möchten."),
            "invalid_choice": _("Diese Hilfe gibt es hier nicht. Bitte wählen Sie eine andere."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(skills.offered())
        self.fields["skills"].choices = [(skill.slug, skills.name(skill)) for skill in self.offered]

    def saved(self) -> dict:
        return {"skills": [skill.slug for skill in self.request.skills.all()] if self.request.pk else []}

    def changes(self) -> dict:
        return {"skills": self.cleaned_data["skills"]}


class MoreForm(StepForm):
    """Free text, wishes, how many and how urgent."""

    description = forms.CharField(
        label=_("Was sollte Ihre Helferin oder Ihr Helfer wissen?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"max_length": _("Das ist etwas zu lang. Bitte kürzen Sie auf 1000 Zeichen.")},
    )
    urgency = forms.TypedChoiceField(
        label=_("Wie eilig ist es?"), coerce=int, choices=HelpRequest.Urgency.choices, widget=forms.RadioSelect
    )
    helpers_needed = forms.IntegerField(
        label=_("Wie viele Menschen sollen helfen?"),
        min_value=1,
        max_value=8,
        error_messages={
            "required": _("Bitte geben Sie eine Zahl von 1 bis 8 an."),
            "invalid": _("Bitte geben Sie eine Zahl von 1 bis 8 an."),
            "min_value": _("Bitte geben Sie eine Zahl von 1 bis 8 an."),
            "max_value": _("Bitte geben Sie eine Zahl von 1 bis 8 an."),
        },
    )
    languages = forms.MultipleChoiceField(
        label=_("In welcher Sprache möchten Sie reden?"),
        required=False,
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
    )
    gender_wish = forms.ChoiceField(
        label=_("Wer soll kommen?"),
        required=False,
        choices=[("", _("Das ist mir gleich")), ("woman", _("lieber eine Frau")), ("man", _("lieber ein Mann"))],
        widget=forms.RadioSelect,
    )
    wishes_other_generation = forms.BooleanField(
        label=_("Gern jemand aus einer anderen Generation: jünger oder älter als ich"), required=False
    )

    def saved(self) -> dict:
        names = ("description", "urgency", "helpers_needed", "languages", "gender_wish", "wishes_other_generation")
        return {name: getattr(self.request, name) for name in names}

    def changes(self) -> dict:
        return dict(self.cleaned_data)
