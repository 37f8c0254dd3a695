"""Weights of a quarter, tried and switched on: whole numbers from 0 to 100, because a comma is easily mistyped."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from matching.replay import PERIODS, USUAL_DAYS
from matching.scoring import WEIGHTS

MOST = 100  # a weight of 1
WORDS: dict[str, tuple[Any, Any]] = {
    "nearness": (_("Nähe"), _("Wie nah beide beieinander wohnen, gemessen daran, wie weit die Person gehen mag.")),
    "time_slack": (_("Zeit"), _("Wie viel Zeit beide gemeinsam haben.")),
    "skill_depth": (_("Können"), _("Wie gut sich jemand mit dieser Hilfe auskennt.")),
    "language": (_("Sprache"), _("Ob beide dieselben Sprachen sprechen.")),
    "continuity": (_("Bekanntschaft"), _("Ob beide sich schon kennen.")),
    "fair_turn": (_("An der Reihe"), _("Wer lange nicht gefragt wurde oder wenig zu tun hat.")),
    "generations": (_("Generationen"), _("Ob Jung und Alt zusammenkommen, wo es gewünscht ist.")),
}


class WeightsForm(forms.Form):
    """The seven weights and how far to look back."""

    tage = forms.TypedChoiceField(
        label=_("Wie weit zurück"),
        coerce=int,
        choices=[(days, _("%(weeks)s Wochen") % {"weeks": days // 7}) for days in PERIODS],
        initial=USUAL_DAYS,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part, (label, hint) in WORDS.items():
            widget = forms.NumberInput({"inputmode": "numeric", "step": 1})
            self.fields[part] = forms.IntegerField(
                label=label, help_text=hint, min_value=0, max_value=MOST, widget=widget
            )
        self.order_fields([*WORDS, "tage"])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors and not any(said[part] for part in WORDS):
            raise forms.ValidationError(_("Mindestens ein Gewicht muss größer als 0 sein."))
        return said

    @property
    def weights(self) -> dict[str, float]:
        """Part of the fit -> 0..1, of a form that is valid."""
        return {part: self.cleaned_data[part] / MOST for part in WORDS}


class SwitchOnForm(WeightsForm):
    """The weights that were tried, with a note and a tick; the numbers themselves are hidden."""

    note = forms.CharField(
        label=_("Notiz für das Team"),
        help_text=_("Zum Beispiel, warum Sie das ändern."),
        max_length=200,
        required=False,
    )
    sure = forms.BooleanField(label=_("Ja, ab der nächsten Runde soll so gewichtet werden."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in (*WORDS, "tage"):
            self.fields[name].widget = forms.HiddenInput()


def as_numbers(weights: Mapping[str, float]) -> dict[str, int]:
    """Weights as the form shows them."""
    return {part: round(MOST * float(weights.get(part, 0))) for part in WEIGHTS}
