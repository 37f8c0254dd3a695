"""The code from the office, the own address, the code from the mail."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ClaimForm(forms.Form):
    """What the office gave, and where the person wants to be reached from now on."""

    code = forms.CharField(
        label=_("Code vom Quartiersbüro"),
        help_text=_("Zum Beispiel K7QM-4XPT-2A. Groß oder klein ist gleich."),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Bitte tippen Sie den Code ein, den Sie vom Quartiersbüro haben.")},
    )
    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        help_text=_("Damit melden Sie sich künftig an."),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email"}),
        error_messages={"required": _("Bitte geben Sie Ihre E-Mail-Adresse an.")},
    )


class MailedCodeForm(forms.Form):
    """The code that came by mail."""

    mailed = forms.CharField(
        label=_("Code aus der E-Mail"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "one-time-code", "spellcheck": "false"}),
        error_messages={"required": _("Bitte tippen Sie den Code aus der E-Mail ein.")},
    )
