"""Somebody one must never meet: for the page of one's own and for the office on somebody's word."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.forms.parts import DAY_FORMATS


class KeepApartForm(forms.Form):
    """Nothing of it is filled in by the browser, and it is shown again only where something was wrong."""

    name = forms.CharField(
        label=_("Vorname und Nachname"),
        max_length=120,
        error_messages={"required": _("Bitte geben Sie den Namen dieser Person an, so weit Sie ihn kennen.")},
    )
    born_on = forms.DateField(
        label=_("Geburtstag"),
        required=False,
        input_formats=DAY_FORMATS,
        help_text=_("Zum Beispiel 24.12.1960"),
        widget=forms.DateInput(format="%d.%m.%Y", attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={"invalid": _("Bitte schreiben Sie den Tag so: 24.12.1960")},
    )
    phone = PhoneNumberField(
        label=_("Telefonnummer"),
        required=False,
        region="DE",
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel"}),
        error_messages={
            "invalid": _(
                "Diese Nummer ist nicht vollständig. Bitte schreiben Sie sie mit Vorwahl, zum Beispiel 0214 12345."
            )
        },
    )
    email = forms.EmailField(label=_("E-Mail-Adresse"), required=False, max_length=254)
    label = forms.CharField(
        label=_("Wie soll der Eintrag heißen?"),
        required=False,
        max_length=40,
        help_text=_("Nur das steht später hier. Leer heißt er „Person 1“."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
