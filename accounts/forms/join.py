"""One form per page of joining; the last one hands over to allauth."""

from typing import Any

from allauth.account.forms import SignupForm
from allauth.account.models import EmailAddress
from allauth.account.utils import setup_user_email
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import rules, skills, week
from accounts.actions.joining import Joining, join
from accounts.checks import age_on
from accounts.forms import parts
from accounts.languages import LANGUAGES
from accounts.models import User


class NameForm(forms.Form):
    first_name = parts.first_name()
    last_name = parts.last_name()


class HelperNameForm(NameForm):
    born_on = parts.birthday()

    def clean_born_on(self) -> Any:
        born_on = parts.check_birthday(self.cleaned_data["born_on"])
        if age_on(timezone.localdate(), born_on) < rules.YOUNGEST_HELPER:
            raise forms.ValidationError(
                gettext("Helfen kann man bei uns ab 13 Jahren. Wir freuen uns, wenn Sie später wiederkommen.")
            )
        return born_on


class ReachForm(forms.Form):
    email = forms.EmailField(
        label=_("Ihre E-Mail-Adresse"),
        max_length=254,
        help_text=_("Dorthin schicken wir Ihnen gleich einen Code."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Bitte geben Sie Ihre E-Mail-Adresse an. Haben Sie keine? Dann rufen Sie uns einfach an."),
            "invalid": _("Diese E-Mail-Adresse ist nicht vollständig. Sie sieht zum Beispiel so aus: name@beispiel.de"),
        },
    )
    phone = parts.phone()


class SkillsForm(forms.Form):
    skills = forms.MultipleChoiceField(
        label=_("Was tun Sie gern für andere?"),
        widget=parts.TileSelect,
        error_messages={
            "required": _("Bitte wählen Sie mindestens eine Sache aus. Sie können das später jederzeit ändern."),
            "invalid_choice": _("Diese Hilfe gibt es hier nicht. Bitte wählen Sie aus der Liste."),
        },
    )

    def __init__(self, *args: Any, minor: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = skills.offered().filter(minors_may=True) if minor else skills.offered()
        self.groups = skills.in_groups(list(rows))
        self.fields["skills"].choices = [(one.slug, skills.name(one)) for _title, group in self.groups for one in group]


class TimesForm(forms.Form):
    times = forms.MultipleChoiceField(
        label=_("Wann haben Sie meistens Zeit?"),
        required=False,
        choices=[(slug, preset.label) for slug, preset in week.PRESETS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Sie können mehreres wählen. Genaue Zeiten tragen Sie später in Ihrem Profil ein."),
    )


class AroundForm(forms.Form):
    languages = forms.MultipleChoiceField(
        label=_("Welche Sprachen sprechen Sie?"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens eine Sprache.")},
    )
    radius_m = forms.TypedChoiceField(
        label=_("Wie weit möchten Sie kommen?"),
        coerce=int,
        choices=parts.RADIUS_STEPS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wie weit Sie kommen möchten.")},
    )


class ConsentForm(forms.Form):
    consent = forms.BooleanField(
        label=_("Ich habe die Hinweise zum Datenschutz gelesen und bin einverstanden."),
        error_messages={
            "required": _("Bitte setzen Sie das Häkchen. Ohne Ihr Einverständnis dürfen wir nichts speichern.")
        },
    )


class JoinForm(SignupForm):
    """allauth's sign-up with everything the steps collected; a known address takes allauth's silent way."""

    def __init__(self, joining: Joining, email: str) -> None:
        super().__init__({"email": email})
        self.joining = joining

    def save(self, request: HttpRequest) -> User:
        person = join(self.joining, email=self.cleaned_data["email"], now=timezone.now())
        setup_user_email(request, person, [EmailAddress(email=person.email)])
        return person
