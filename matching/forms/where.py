"""Where the help happens: at home, at another address, or on the phone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.actions.meeting_places import own_place
from matching.forms.steps import StepForm

HOME, OTHER, PHONE = "home", "other", "phone"
NEEDS_STREET = _("Bitte geben Sie die Straße mit Hausnummer an. Wir finden sonst niemanden in der Nähe.")


class WhereForm(StepForm):
    """The place; `street` and friends count only for another address."""

    where = forms.ChoiceField(
        label=_("Wo brauchen Sie die Hilfe?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie aus, wo Sie die Hilfe brauchen.")},
    )
    street = forms.CharField(
        label=_("Straße und Hausnummer"),
        required=False,
        max_length=120,
        error_messages={"required": NEEDS_STREET, "max_length": _("Das ist zu lang. Bitte kürzen Sie die Angabe.")},
    )
    postcode = forms.CharField(label=_("Postleitzahl"), required=False, max_length=5)
    city = forms.CharField(label=_("Ort"), required=False, max_length=80)
    hint = forms.CharField(
        label=_("Wie findet man hin?"), required=False, max_length=200, help_text=_("Klingel, Etage, Hinterhaus")
    )

    house_id = forms.CharField(
        required=False, max_length=40, widget=forms.HiddenInput
    )  # after several houses were found

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.remote = all(skill.remote for skill in self.request.skills.all())
        self.fields["where"].choices = self._choices()
        chosen = self.data.get("where") if self.is_bound else OTHER
        self.fields["street"].required = chosen == OTHER and not self.keeps_other

    @property
    def keeps_other(self) -> bool:
        """Was another address given before?"""
        return own_place(self.request) is not None

    def saved(self) -> dict:
        own = self.request.resident.place_id
        if own and (self.request.step <= 3 or self.request.place_id == own):  # home is the usual
            return {"where": HOME}
        return {"where": OTHER if self.keeps_other else PHONE}

    def clean(self) -> dict:
        data = super().clean()
        typed = data.get("street", "")
        if data.get("where") == OTHER and self.has_address() and not any(letter.isdigit() for letter in typed):
            self.add_error("street", NEEDS_STREET)
        return data

    def changes(self) -> dict:
        return {}  # the place has verbs of its own

    def has_address(self) -> bool:
        """Was anything typed about another address?"""
        return any(self.cleaned_data.get(name) for name in ("street", "postcode", "city", "hint"))

    def address(self) -> dict:
        """street (with the number in it), postcode, city, hint: what the person typed."""
        return {name: self.cleaned_data[name] for name in ("street", "postcode", "city", "hint")}

    def _choices(self) -> list[tuple[str, Any]]:
        phone = [(PHONE, _("am Telefon"))] if self.remote else []
        home = [(HOME, _("bei mir zu Hause"))] if self.request.resident.place_id else []
        return [*home, (OTHER, _("an einem anderen Ort")), *phone]
