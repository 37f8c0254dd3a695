"""What is typed on the pages of the talk. The verbs judge; these only read."""

from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from messaging.quick import SENTENCES


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
