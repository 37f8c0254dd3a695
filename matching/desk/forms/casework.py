"""Follow-ups, notes, hand-overs, deputies."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actions.casework import LONGEST_NOTE
from accounts.models import HandOver, User


def _day(label: object, *, required: bool = True, hint: object = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


class FollowUpForm(forms.Form):
    text = forms.CharField(label=_("Was ist zu tun?"), max_length=200)
    due_on = _day(_("Bis wann?"))


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Neue Notiz"), max_length=LONGEST_NOTE, widget=forms.Textarea({"rows": 5}))


class _Colleague(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person.full_name}, {person.quarter}" if person.quarter else person.full_name


class HandOverForm(forms.Form):
    taker = _Colleague(label=_("Wer darf die Notizen lesen?"), queryset=User.objects.none())
    purpose = forms.CharField(label=_("Wozu?"), max_length=200)
    way = forms.ChoiceField(label=_("Wie hat die Person zugestimmt?"), choices=HandOver.Way.choices)
    until = _day(_("Bis wann?"), required=False, hint=_("Leer lassen, wenn der Fall ganz übergeben wird."))

    def __init__(self, *args: object, colleagues: QuerySet[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taker"].queryset = colleagues.select_related("quarter")


class DeputyForm(forms.Form):
    deputy = _Colleague(label=_("Wer vertritt Sie?"), queryset=User.objects.none())
    first_day = _day(_("Von"))
    last_day = _day(_("Bis"))

    def __init__(self, *args: object, colleagues: QuerySet[User], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].queryset = colleagues.select_related("quarter")
