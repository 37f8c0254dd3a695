"""A person without e-mail or login, an address to repair, a reason to open one, a check to record."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField

from accounts.actions.claims import NumberIsNew, uses_own_account
from accounts.languages import LANGUAGES
from accounts.models import AccessCode, User, VolunteerProfile
from places.models import House, Quarter

PHONE_HINT = _("Zum Beispiel 0214 123456. Leer lassen, wenn es kein eigenes Telefon gibt.")
NO_ADDRESS = _("Für einen Brief brauchen wir die Adresse.")
CALL_BACK = _(
    "Nennt ein Anruf eine neue Nummer: Rufen Sie erst unter der bisherigen zurück. Wer sich als jemand anderes "
    "ausgibt, bekäme sonst alles, was diese Person erfährt."
)


class SearchForm(forms.Form):
    """A few letters of a name or a street, or digits of a phone number."""

    q = forms.CharField(
        label=_("Name, Straße oder Telefonnummer"),
        help_text=_("Ein paar Buchstaben genügen."),
        max_length=80,
        widget=forms.TextInput({"autocomplete": "off", "type": "search"}),
    )


class AddressForm(forms.Form):
    """An address; `house` is the choice where several houses fit."""

    street = forms.CharField(label=_("Straße"), max_length=120, required=False)
    number = forms.CharField(label=_("Hausnummer"), max_length=12, required=False)
    postcode = forms.CharField(label=_("Postleitzahl"), max_length=5, required=False)
    hint = forms.CharField(label=_("Klingel, Etage, Hinterhaus"), max_length=200, required=False)
    house = forms.ChoiceField(label=_("Welches Haus ist es?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, houses: Sequence[House] = (), required: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["street"].required = required
        # What was offered is checked by set_place, among the houses that fit the address: any key passes here.
        self.fields["house"] = (
            forms.ChoiceField(
                label=_("Welches Haus ist es?"),
                required=False,
                widget=forms.RadioSelect,
                choices=[(str(house.pk), house_in_words(house)) for house in houses],
            )
            if houses
            else forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
        )

    @property
    def has_address(self) -> bool:
        return bool(self.cleaned_data.get("street"))

    def address(self) -> dict:
        """The keywords of `set_place`."""
        data = self.cleaned_data
        typed = {name: data.get(name, "") for name in ("street", "number", "postcode", "hint")}
        return typed | {"house_id": data.get("house") or None}


class PersonForm(AddressForm):
    """Name, phone, address and how the office reaches them: all that a call needs."""

    first_name = forms.CharField(label=_("Vorname"), max_length=60)
    last_name = forms.CharField(label=_("Nachname"), max_length=60)
    phone = PhoneNumberField(label=_("Telefonnummer"), required=False, help_text=PHONE_HINT)
    channel = forms.ChoiceField(
        label=_("Wie erreichen wir die Person?"),
        choices=[c for c in User.Channel.choices if c[0] != User.Channel.ONLINE],
        initial=User.Channel.PHONE,
        widget=forms.RadioSelect,
    )
    quarter = forms.ModelChoiceField(
        label=_("Quartier"),
        queryset=Quarter.objects.none(),
        empty_label=None,
        help_text=_("Gilt, wenn die Adresse nicht gefunden wird."),
    )
    call_time = forms.ChoiceField(label=_("Am besten anrufen"), choices=User.CallTime.choices, required=False)
    anyway = forms.BooleanField(required=False, widget=forms.HiddenInput)

    field_order = ("first_name", "last_name", "phone", "channel", "street", "number", "postcode", "hint", "quarter")

    def __init__(self, *args: Any, quarters: Sequence[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].queryset = Quarter.objects.filter(pk__in=[quarter.pk for quarter in quarters])
        self.fields["quarter"].initial = quarters[0].pk

    def clean(self) -> dict[str, Any]:
        """A letter needs an address, which is set after the person; that a call needs a number, the verb knows."""
        data = super().clean() or {}
        by_letter = data.get("channel") == User.Channel.LETTER
        if by_letter and not data.get("street") and "street" not in self.errors:
            self.add_error("street", NO_ADDRESS)
        return data

    def person(self) -> dict:
        data = self.cleaned_data
        return {name: data[name] for name in ("first_name", "last_name", "phone", "channel", "call_time")}


class ContactForm(forms.Form):
    """What the office may correct about a person."""

    first_name = forms.CharField(label=_("Vorname"), max_length=60)
    last_name = forms.CharField(label=_("Nachname"), max_length=60, required=False)
    phone = PhoneNumberField(label=_("Telefonnummer"), required=False, help_text=CALL_BACK)
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        required=False,
        max_length=254,
        help_text=_(
            "Mit einem Code, der dorthin geht, kommt die Person selbst herein. Tragen Sie sie nur ein, wenn Sie die "
            "Person sehen oder unter der bisherigen Nummer zurückgerufen haben."
        ),
    )
    seen = forms.BooleanField(label=_("Die Person steht vor mir"), required=False)
    born_on = forms.DateField(
        label=_("Geburtstag"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    gender = forms.ChoiceField(label=_("Geschlecht"), choices=User.Gender.choices, required=False)
    channel = forms.ChoiceField(
        label=_("Wie erreichen wir die Person?"), choices=User.Channel.choices, widget=forms.RadioSelect
    )
    call_time = forms.ChoiceField(label=_("Am besten anrufen"), choices=User.CallTime.choices, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Sprachen"), choices=LANGUAGES, required=False, widget=forms.CheckboxSelectMultiple
    )
    share_phone = forms.BooleanField(label=_("Nummer nach der Zusage zeigen"), required=False)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        held = {name: getattr(person, name) for name in self.base_fields if name != "seen"}
        super().__init__(*args, initial=held, **kwargs)
        if uses_own_account(person):  # theirs to change
            del self.fields["email"], self.fields["seen"]

    @property
    def new_email(self) -> str:
        return self.cleaned_data["email"] if "email" in self.changed_data else ""

    def changes(self) -> dict[str, Any]:
        """The keywords of `change_person`."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("email", "seen")}


class AccessCodeForm(forms.Form):
    """How the person gets their code; not on the telephone where the number on record is none to trust."""

    way = forms.ChoiceField(
        label=_("Wie bekommt die Person den Code?"),
        choices=AccessCode.Way.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Bitte sagen Sie, wie die Person den Code bekommt."),
            "invalid_choice": NumberIsNew.detail,
        },
    )

    def __init__(self, *args: Any, by_phone: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_phone:
            self.fields["way"].choices = [way for way in AccessCode.Way.choices if way[0] != AccessCode.Way.PHONE]
            self.fields["way"].help_text = "" if self.is_bound else NumberIsNew.detail  # then it is the error's to say


class ReadingForm(forms.Form):
    """Why an exact address is opened; kept with the reading."""

    REASONS = (
        ("visit", _("Besuch oder Begleitung")),
        ("letter", _("Brief schreiben")),
        ("call", _("Nachfrage am Telefon")),
        ("repair", _("Adresse richtigstellen")),
        ("danger", _("Sorge um die Person")),
    )
    reason = forms.ChoiceField(
        label=_("Warum öffnen Sie die Adresse?"),
        choices=[("", _("Bitte wählen")), *REASONS],
        error_messages={"required": _("Bitte nennen Sie einen Grund. Er wird mit Ihrem Namen festgehalten.")},
    )


class TrustForm(forms.Form):
    """Whom the resident trusts, as they say on the telephone."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-Mail-Adresse"), max_length=254)
    seen = forms.BooleanField(label=_("Die Person steht vor mir"), required=False)
    agreed = forms.BooleanField(
        label=_("Die Bewohnerin oder der Bewohner hat das selbst gesagt"),
        error_messages={"required": _("Nur wer hier wohnt, kann jemandem vertrauen. Bitte fragen Sie nach.")},
    )

    def named(self) -> dict[str, Any]:
        """The keywords of `name_trusted_person`."""
        return {key: self.cleaned_data[key] for key in ("name", "email", "seen")}


class AskWishForm(forms.Form):
    """How often a volunteer wants to be asked, as they say on the phone."""

    ask_wish = forms.TypedChoiceField(
        label=_("Wie oft dürfen wir fragen?"),
        coerce=int,
        choices=VolunteerProfile.AskWish.choices,
        widget=forms.RadioSelect,
    )


def house_in_words(house: House) -> str:
    """'Lindenstraße 12, 51300 Musterstadt'."""
    town = f"{house.postcode} {house.city}".strip()
    street = f"{house.street} {house.number}".strip()
    return f"{street}, {town}" if town else street
