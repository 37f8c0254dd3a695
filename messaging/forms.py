"""What is typed on the pages of the talk. The verbs judge; these only read."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.models import Report
from messaging.quick import SENTENCES
from places.models import Quarter


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


class ReportForm(forms.Form):
    """What felt wrong; nothing of it has to be said."""

    reason = forms.ChoiceField(
        label=_("Was war es?"), choices=Report.Reason.choices, required=False, widget=forms.RadioSelect, initial=""
    )
    text = forms.CharField(
        label=_("Möchten Sie etwas dazu sagen?"),
        help_text=_("Ihre Worte liest nur das Quartiersbüro."),
        required=False,
        max_length=2000,
        error_messages={"max_length": _("Das ist zu lang. Möglich sind 2000 Zeichen.")},
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )
    with_messages = forms.BooleanField(
        label=_("Die letzten zehn Nachrichten dem Büro zeigen"), required=False, initial=True
    )
    block = forms.BooleanField(
        label=_("Ich möchte keinen Kontakt mehr"),
        help_text=_("Dann kann hier niemand mehr schreiben. Warum, erfährt die andere Person nicht."),
        required=False,
    )


class OutsideForm(forms.Form):
    """A report that comes from no talk, perhaps from somebody without an account."""

    text = forms.CharField(
        label=_("Was ist passiert?"),
        help_text=_("In Ihren Worten. Sie müssen nichts beweisen."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
        error_messages={
            "required": _("Bitte schreiben Sie in ein paar Worten, was los ist."),
            "max_length": _("Das ist zu lang. Möglich sind 2000 Zeichen."),
        },
    )
    reason = forms.ChoiceField(
        label=_("Worum geht es?"), choices=Report.Reason.choices, required=False, widget=forms.RadioSelect, initial=""
    )
    quarter = forms.ModelChoiceField(
        label=_("In welchem Quartier?"),
        queryset=Quarter.objects.all(),
        to_field_name="slug",
        empty_label=_("Bitte wählen"),
        error_messages={
            "required": _("Bitte wählen Sie das Quartier. Im Zweifel das, in dem Sie wohnen."),
            "invalid_choice": _("Bitte wählen Sie das Quartier. Im Zweifel das, in dem Sie wohnen."),
        },
    )
    contact = forms.CharField(
        label=_("Wie erreichen wir Sie?"),
        help_text=_("Telefon oder E-Mail. Nur, wenn Sie möchten."),
        max_length=120,
        required=False,
    )


class NumberForm(forms.Form):
    """The number of a report."""

    number = forms.CharField(
        label=_("Nummer Ihrer Meldung"),
        max_length=20,
        error_messages={"required": _("Bitte geben Sie die Nummer ein.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
