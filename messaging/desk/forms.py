"""How a report ends."""

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging import states
from messaging.models import Report


class EndForm(forms.Form):
    """One outcome of those that go with a move, and a sentence to the reporter."""

    def __init__(self, move: str, *args, **kwargs) -> None:
        super().__init__(*args, auto_id=f"{move}_%s", **kwargs)
        outcomes = [(key, Report.Outcome(key).label) for key in states.OUTCOMES[move]]
        self.fields["outcome"] = forms.ChoiceField(
            label=_("Wie ist es ausgegangen?"),
            choices=outcomes,
            widget=forms.RadioSelect,
            error_messages={"required": _("Bitte wählen Sie, wie es ausgegangen ist.")},
        )
        self.fields["answer"] = forms.CharField(
            label=_("Ein Satz an die Person, die gemeldet hat"),
            help_text=_("Bitte nichts über die andere Person, was nicht für fremde Augen ist."),
            required=False,
            max_length=400,
            widget=forms.Textarea(attrs={"rows": 2, "maxlength": 400}),
        )
