"""The small forms of a case: one move, a withdrawal."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid
from matching.rules import SPOKEN_MOVES

NEEDS_REASON = ("reject", "end")
REJECT_REASONS = (
    ("passt_nicht", _("Passt aus unserer Sicht nicht")),
    ("zu_viel", _("Hat gerade zu viel")),
    ("wunsch", _("Wunsch einer der beiden")),
    ("anderer", _("Anderer Grund")),
)


class MoveForm(forms.Form):
    """What comes with a move: a reason, the version of the page, the resident's word on the phone."""

    reason = forms.CharField(required=False, max_length=200)
    version = forms.IntegerField(required=False, min_value=0, max_value=2_000_000_000)
    spoken = forms.BooleanField(required=False)

    def for_move(self, move: str) -> dict[str, Any]:
        """The keywords of `move_match`. Raises Invalid with a sentence where something is missing."""
        if not self.is_valid():
            raise Invalid(fields=dict(self.errors))
        data = self.cleaned_data
        if move in NEEDS_REASON and not data["reason"].strip():
            raise Invalid(gettext("Bitte nennen Sie einen Grund."))
        if move in SPOKEN_MOVES and not data["spoken"]:
            raise Invalid(gettext("Bitte setzen Sie das Häkchen, wenn die Person am Telefon zugesagt hat."))
        return {"reason": data["reason"].strip(), "version": data["version"], "spoken": data["spoken"]}


class WithdrawForm(forms.Form):
    """Why a request is taken back."""

    reason = forms.CharField(label=_("Grund"), max_length=40, required=False)
