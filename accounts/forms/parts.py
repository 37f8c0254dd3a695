"""Fields and tile widgets that several forms of people share."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts import checks
from core.errors import Invalid
from places.actions import addresses as places
from places.geocoding import in_words
from places.models import House, Quarter

DAY_FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
RADIUS_STEPS = [
    (500, _("nur ein paar Straßen weiter")),
    (1000, _("bis etwa 15 Minuten zu Fuß")),
    (2000, _("bis etwa 30 Minuten zu Fuß")),
    (5000, _("bis etwa 20 Minuten mit dem Rad oder Bus")),
    (15000, _("in der ganzen Stadt")),
]


def first_name() -> forms.CharField:
    return forms.CharField(
        label=_("Ihr Vorname"),
        max_length=60,
        validators=[checks.a_name],
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Vornamen an. So können wir Sie ansprechen.")},
    )


def last_name(*, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Ihr Nachname"),
        max_length=60,
        required=required,
        validators=[checks.a_name],
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": _("Bitte geben Sie Ihren Nachnamen an. Andere sehen ihn erst nach der Zusage.")},
    )


def birthday(*, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=_("Ihr Geburtstag"),
        required=required,
        input_formats=DAY_FORMATS,
        help_text=_("Zum Beispiel 24.12.1960"),
        widget=forms.DateInput(
            format="%d.%m.%Y", attrs={"autocomplete": "bday", "inputmode": "numeric", "class": "short"}
        ),
        error_messages={
            "required": _("Bitte geben Sie Ihren Geburtstag an. Manche Hilfe ist erst ab 18 möglich."),
            "invalid": _("Bitte schreiben Sie den Tag so: 24.12.1960"),
        },
    )


def check_birthday(value: Any) -> Any:
    """The birthday, or a sentence why it cannot be one."""
    checks.birthday(value, today=timezone.localdate())
    return value


def phone(*, required: bool = False) -> PhoneNumberField:
    return PhoneNumberField(
        label=_("Ihre Telefonnummer"),
        required=required,
        region="DE",
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={
            "invalid": _(
                "Diese Nummer ist nicht vollständig. Bitte schreiben Sie sie mit Vorwahl, zum Beispiel 0214 12345."
            )
        },
    )


class TileSelect(forms.CheckboxSelectMultiple):
    """Tick boxes drawn as tiles by the page; without a template of its own it is a plain list."""


class AddressForm(forms.Form):
    """
    Street and number; asks back when several houses fit, accepts what cannot be found and then asks for the quarter.

    After `is_valid`: `asks_house` / `asks_quarter` say which question to show, `house` is the one House or None,
    `home` the Quarter the address is in.
    """

    street = forms.CharField(
        label=_("Straße"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
        error_messages={
            "required": _("Bitte geben Sie die Straße mit Hausnummer an. Wir finden sonst niemanden in Ihrer Nähe.")
        },
    )
    number = forms.CharField(label=_("Hausnummer"), max_length=12, widget=forms.TextInput(attrs={"class": "short"}))
    postcode = forms.RegexField(
        label=_("Postleitzahl"),
        regex=r"^\d{5}$",
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric", "class": "short"}),
        error_messages={"invalid": _("Eine Postleitzahl hat fünf Ziffern. Sie können das Feld auch leer lassen.")},
    )
    hint = forms.CharField(
        label=_("Klingel, Etage oder Hinterhaus"),
        max_length=200,
        required=False,
        help_text=_("Das sieht nur, wer zu Ihnen kommt, und Ihr Quartiersbüro."),
    )
    house = forms.ChoiceField(label=_("Welches Haus meinen Sie?"), required=False, widget=forms.RadioSelect)
    quarter = forms.ModelChoiceField(
        label=_("In welchem Quartier wohnen Sie?"),
        queryset=Quarter.objects.none(),
        required=False,
        empty_label=_("Bitte wählen"),
        error_messages={"invalid_choice": _("Dieses Quartier kennen wir nicht. Bitte wählen Sie aus der Liste.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_house = self.asks_quarter = False
        self.house: House | None = None
        self.home: Quarter | None = None
        self.fields["number"].error_messages["required"] = gettext("Bitte geben Sie auch die Hausnummer an.")
        self.fields["quarter"].queryset = self._quarters()
        self._houses = self._find_houses() if self.is_bound else []
        self.fields["house"].choices = [(str(house.pk), _with_quarter(house)) for house in self._houses]

    def clean(self) -> dict:
        typed = super().clean() or {}
        if not self.errors:
            self._choose_house(typed)
            self._choose_quarter(typed)
        return typed

    def _choose_house(self, typed: dict) -> None:
        chosen = {str(house.pk): house for house in self._houses}.get(typed.get("house", ""))
        self.house = chosen or (self._houses[0] if len(self._houses) == 1 else None)
        self.asks_house = self.fields["house"].required = len(self._houses) > 1
        if self.asks_house and not chosen:
            self.add_error("house", gettext("Diese Adresse gibt es mehrmals. Bitte wählen Sie Ihr Haus aus."))

    def _choose_quarter(self, typed: dict) -> None:
        if self.asks_house and not self.house:
            return
        self.home = (self.house and self.house.quarter) or typed.get("quarter")
        self.asks_quarter = self.fields["quarter"].required = not (self.house and self.house.quarter)
        if self.home is None:
            self.add_error("quarter", self._where_then())

    def _where_then(self) -> str:
        if self.house:
            return gettext("Ihr Haus liegt in keinem unserer Quartiere. Bitte wählen Sie das nächste aus.")
        return gettext(
            "Wir kennen diese Adresse noch nicht. Das ist nicht schlimm: Bitte wählen Sie Ihr Quartier, "
            "das Büro prüft die Adresse dann."
        )

    def _find_houses(self) -> list[House]:
        typed = {name: str(self.data.get(self.add_prefix(name), "")) for name in ("street", "number", "postcode")}
        try:
            return places.find_houses(places.read_address_fields(**typed))
        except Invalid as wrong:
            self._wrong = wrong
            return []

    def _quarters(self) -> QuerySet[Quarter]:
        return Quarter.objects.order_by("name")


def _with_quarter(house: House) -> str:
    return f"{in_words(house)} ({house.quarter.name})" if house.quarter else in_words(house)


def add_problems(form: forms.Form, wrong: Invalid) -> None:
    """The sentences of a verb, beside the fields they belong to."""
    for name, sentences in wrong.fields.items():
        form.add_error(name if name in form.fields else None, [ValidationError(str(one)) for one in sentences])
    if not wrong.fields:
        form.add_error(None, str(wrong.detail))
