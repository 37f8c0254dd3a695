"""Forms of the own profile: the person, the trusted people, what a volunteer offers."""

from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import rules, skills
from accounts.actions.people import SEEN_BY_THE_OFFICE
from accounts.forms import parts
from accounts.languages import LANGUAGES
from accounts.models import User, VolunteerProfile
from places.boundaries import neighbours
from places.models import Quarter

LEVELS = [(1, _("probiere ich gern")), (2, _("kann ich")), (3, _("kann ich sehr gut"))]


def _languages() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Welche Sprachen sprechen Sie?"),
        choices=LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Bitte wählen Sie Sprachen aus der Liste.")},
    )


class PersonForm(forms.Form):
    is_met = False
    first_name = parts.first_name()
    last_name = parts.last_name(required=False)
    born_on = parts.birthday(required=False)
    gender = forms.ChoiceField(
        label=_("Geschlecht"),
        choices=User.Gender.choices,
        required=False,
        help_text=_("Manche möchten lieber Hilfe von einer Frau oder einem Mann."),
    )
    phone = parts.phone()
    share_phone = forms.BooleanField(
        label=_("Nach einer festen Zusage darf die andere Person meine Nummer sehen"), required=False
    )
    channel = forms.ChoiceField(
        label=_("Wie sollen wir Ihnen Bescheid geben?"), choices=User.Channel.choices, widget=forms.RadioSelect
    )
    languages = _languages()
    wants_help = forms.BooleanField(label=_("Ich möchte selbst um Hilfe bitten können"), required=False)
    text_size = forms.ChoiceField(label=_("Schriftgröße"), choices=settings.TEXT_SIZES, widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Sprache der Seiten"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    @classmethod
    def of(cls, person: User, data: Any = None) -> "PersonForm":
        """The form showing this person; whom the office met finds in it only what they may change themselves."""
        shown = {name: getattr(person, name) for name in cls.base_fields}
        form = cls(data, initial=shown | {"phone": getattr(person.phone, "as_national", person.phone)})
        form.is_met = rules.was_met(person)
        for name in SEEN_BY_THE_OFFICE if form.is_met else ():
            del form.fields[name]
        return form

    def clean_born_on(self) -> Any:
        return parts.check_birthday(self.cleaned_data["born_on"])


class TrustForm(forms.Form):
    name = forms.CharField(
        label=_("Wie heißt die Person?"),
        max_length=120,
        error_messages={"required": _("Bitte geben Sie den Namen an.")},
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse der Person"),
        max_length=254,
        help_text=_("Mit dieser Adresse kann sie sich anmelden und für Sie handeln."),
        error_messages={
            "required": _("Bitte geben Sie die E-Mail-Adresse an."),
            "invalid": _("Diese E-Mail-Adresse ist nicht vollständig. Sie sieht zum Beispiel so aus: name@beispiel.de"),
        },
    )


class BirthdayForm(forms.Form):
    """Before somebody begins to help."""

    born_on = parts.birthday()

    def clean_born_on(self) -> Any:
        return parts.check_birthday(self.cleaned_data["born_on"])


class HelpingForm(forms.Form):
    skills = forms.MultipleChoiceField(
        label=_("Was tun Sie gern für andere?"),
        required=False,
        widget=parts.TileSelect,
        error_messages={"invalid_choice": _("Diese Hilfe gibt es hier nicht. Bitte wählen Sie aus der Liste.")},
    )
    languages = _languages()
    radius_m = forms.TypedChoiceField(label=_("Wie weit möchten Sie kommen?"), coerce=int, widget=forms.RadioSelect)
    served_quarters = forms.ModelMultipleChoiceField(
        label=_("In welchen Quartieren möchten Sie helfen?"),
        queryset=Quarter.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Bitte wählen Sie mindestens ein Quartier.")},
    )
    hours_per_week = forms.DecimalField(
        label=_("Wie viele Stunden in der Woche höchstens?"),
        min_value=Decimal("0.5"),
        max_value=40,
        decimal_places=1,
        max_digits=4,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "short"}),
        error_messages={
            "required": _("Bitte geben Sie eine Zahl an, zum Beispiel 2."),
            "invalid": _("Bitte geben Sie eine Zahl an, zum Beispiel 2 oder 2,5."),
            "min_value": _("Bitte geben Sie mindestens eine halbe Stunde an."),
            "max_value": _("Bitte geben Sie höchstens 40 Stunden an."),
        },
    )
    capacity = forms.TypedChoiceField(
        label=_("Wie vielen Menschen möchten Sie zur gleichen Zeit helfen?"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, 13)],
    )
    ask_wish = forms.TypedChoiceField(
        label=_("Wie oft dürfen wir fragen?"),
        coerce=int,
        choices=VolunteerProfile.AskWish.choices,
        widget=forms.RadioSelect,
        help_text=_("Sie können jedes Mal Nein sagen. Das schadet Ihnen nie."),
    )
    about = forms.CharField(
        label=_("Ein paar Worte über Sie"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Das liest, wem Sie zugesagt haben. Höchstens 300 Zeichen, keine Adresse und keine Nummer."),
    )
    wishes_other_generation = forms.BooleanField(
        label=_("Ich freue mich besonders über Menschen aus einer anderen Generation"), required=False
    )
    helps_on_holidays = forms.BooleanField(
        label=_("Ich helfe auch an Feiertagen"),
        required=False,
        help_text=_("Sonst gelten Ihre wöchentlichen Zeiten an Feiertagen nicht."),
    )

    def __init__(self, profile: VolunteerProfile, data: Any = None, *, is_minor: bool = False) -> None:
        person = profile.user
        self.levels_before = {row.skill_id: row.level for row in profile.offered_skills.all()}
        super().__init__(data, initial=self._shown(profile, person))
        rows = skills.offered().filter(minors_may=True) if is_minor else skills.offered()
        self.groups = skills.in_groups(list(rows))
        self.fields["skills"].choices = [(one.slug, skills.name(one)) for _title, group in self.groups for one in group]
        self.fields["radius_m"].choices = _steps_with(profile.radius_m)
        self.fields["served_quarters"].queryset = _quarters_around(profile, person)

    def levels(self) -> dict[str, int]:
        """Level of every skill as typed now, else as before, else 2."""
        return {slug: self._level(slug) for slug, _name in self.fields["skills"].choices}

    def tile_groups(self) -> list[dict[str, Any]]:
        """`title`, `tiles` and how many are `chosen`, per group; a tile holds the skill, whether chosen, its level."""
        chosen, levels = set(self["skills"].value() or ()), self.levels()
        return [
            {
                "title": title,
                "tiles": [{"skill": one, "chosen": one.slug in chosen, "level": levels[one.slug]} for one in members],
                "chosen": sum(one.slug in chosen for one in members),
            }
            for title, members in self.groups
        ]

    def changes(self) -> dict[str, Any]:
        """For `save_profile`."""
        typed, levels = self.cleaned_data, self.levels()
        return typed | {
            "skills": {slug: levels[slug] for slug in typed["skills"]},
            "served_quarters": [quarter.pk for quarter in typed["served_quarters"]],
        }

    def _level(self, slug: str) -> int:
        typed = self.data.get(f"level-{slug}", "") if self.is_bound else ""
        return int(typed) if typed in ("1", "2", "3") else self.levels_before.get(slug, 2)

    def _shown(self, profile: VolunteerProfile, person: User) -> dict[str, Any]:
        names = ("radius_m", "capacity", "about", "wishes_other_generation", "helps_on_holidays", "ask_wish")
        hours = profile.hours_per_week
        return {name: getattr(profile, name) for name in names} | {
            "hours_per_week": int(hours) if hours == int(hours) else hours,
            "skills": list(self.levels_before),
            "languages": person.languages,
            "served_quarters": list(profile.served_quarters.values_list("pk", flat=True)),
        }


def _steps_with(radius_m: int) -> list[tuple[int, Any]]:
    """The steps in words; a radius set elsewhere keeps its own row."""
    known = dict(parts.RADIUS_STEPS)
    words = gettext("wie bisher, etwa %(km)s Kilometer") % {
        "km": number_format(radius_m / 1000, 1 if radius_m % 1000 else 0)
    }
    return parts.RADIUS_STEPS if radius_m in known else sorted([*parts.RADIUS_STEPS, (radius_m, words)])


def _quarters_around(profile: VolunteerProfile, person: User) -> Any:
    near = {quarter.pk for quarter in profile.served_quarters.all()}
    if person.quarter:
        near |= {person.quarter.pk, *neighbours(person.quarter).values_list("pk", flat=True)}
    return Quarter.objects.filter(pk__in=near).order_by("name")
