"""Why somebody must stay away, in words the person will read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Suspension


class SuspendForm(forms.Form):
    cause = forms.ChoiceField(label=_("Worum geht es?"), choices=Suspension.Cause.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Grund in einfachen Worten"),
        max_length=1000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Die Person liest das. Bitte nennen Sie nicht, wer etwas gemeldet hat."),
        error_messages={"required": _("Bitte schreiben Sie in einfachen Worten, warum.")},
    )
