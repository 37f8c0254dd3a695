"""The way of joining: its pages in order, and what was typed so far, kept in the session."""

from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import week
from accounts.actions.joining import Joining
from accounts.checks import age_on
from accounts.forms import join as pages
from accounts.forms.parts import AddressForm
from accounts.rules import GROWN_UP

_KEY = "joining"
_KEPT_SECONDS = 24 * 3600  # nobody has agreed to anything yet
_LONGEST_VALUE, _MOST_VALUES = 300, 60
CHECK = "pruefen"
ROLES: dict[str, dict[str, tuple[type[forms.Form], str | Promise]]] = {
    "bewohner": {
        "name": (pages.NameForm, _("Wie heißen Sie?")),
        "kontakt": (pages.ReachForm, _("Wie erreichen wir Sie?")),
        "adresse": (AddressForm, _("Wo wohnen Sie?")),
        CHECK: (pages.ConsentForm, _("Stimmt alles?")),
    },
    "helfer": {
        "name": (pages.HelperNameForm, _("Wer sind Sie?")),
        "kontakt": (pages.ReachForm, _("Wie erreichen wir Sie?")),
        "adresse": (AddressForm, _("Wo wohnen Sie?")),
        "aufgaben": (pages.SkillsForm, _("Was tun Sie gern?")),
        "zeiten": (pages.TimesForm, _("Wann haben Sie Zeit?")),
        "umkreis": (pages.AroundForm, _("Wie weit, in welchen Sprachen?")),
        CHECK: (pages.ConsentForm, _("Stimmt alles?")),
    },
}


class Draft:
    """What somebody typed on the way so far, right or wrong; lives in the session and ends with it."""

    def __init__(self, request: HttpRequest, role: str) -> None:
        self.role, self.steps = role, ROLES[role]
        self._session = request.session
        self._kept: dict[str, dict[str, list[str]]] = request.session.get(_KEY, {})

    def keep(self, step: str, typed: QueryDict) -> None:
        """Remember this page as typed; steps both ways share (name, contact, address) are remembered for both."""
        fields = {name: field for name, field in self.steps[step][0].base_fields.items() if name in typed}
        values = {
            name: [value[:_LONGEST_VALUE] for value in typed.getlist(name)[-_most_values(field) :]]
            for name, field in fields.items()
        }
        self._kept = {**self._kept, step: values}
        self._session[_KEY] = self._kept
        self._session.set_expiry(_KEPT_SECONDS)

    def form(self, step: str, typed: QueryDict | None = None) -> forms.Form:
        """The form of a page: with what is typed now, else with what was typed before, else empty."""
        data = typed if typed is not None else self._before(step)
        kind = self.steps[step][0]
        return kind(data, minor=self.is_minor()) if kind is pages.SkillsForm else kind(data)

    def first_gap(self) -> str | None:
        """The first page before the last that is not yet answered well."""
        return next((step for step in self.steps if step != CHECK and not self.form(step).is_valid()), None)

    def answers(self) -> dict[str, Any]:
        """All cleaned answers together, and `address_form`; call it when there is no gap."""
        found: dict[str, Any] = {}
        for step in self.steps:
            form = self.form(step)
            if step != CHECK and form.is_valid():
                found |= form.cleaned_data | ({"address_form": form} if isinstance(form, AddressForm) else {})
        return found

    def is_minor(self) -> bool:
        form = self.form("name")
        born_on = form.cleaned_data.get("born_on") if form.is_valid() else None
        return bool(born_on and age_on(timezone.localdate(), born_on) < GROWN_UP)

    def forget(self) -> None:
        self._session.pop(_KEY, None)
        self._session.set_expiry(None)

    def _before(self, step: str) -> QueryDict | None:
        if step not in self._kept:
            return None
        data = QueryDict(mutable=True)
        for name, values in self._kept[step].items():
            data.setlist(name, values)
        return data


def _most_values(field: forms.Field) -> int:
    """Of a field with one answer the last counts, as the form reads it."""
    return _MOST_VALUES if isinstance(field, forms.MultipleChoiceField) else 1


def as_joining(answers: dict[str, Any], *, helps: bool, language: str) -> Joining:
    """What the verb needs out of the answers of all pages."""
    return Joining(
        quarter=answers["address_form"].home,
        first_name=answers["first_name"],
        last_name=answers["last_name"],
        phone=answers["phone"],
        born_on=answers.get("born_on"),
        language=language,
        languages=answers.get("languages", ["de"]),
        address=_address(answers),
        helps=helps,
        profile=_profile(answers) if helps else {},
        windows=week.windows_of(answers.get("times", [])),
    )


def _address(answers: dict[str, Any]) -> dict[str, Any]:
    house = answers["address_form"].house
    typed = {name: answers[name] for name in ("street", "number", "postcode", "hint")}
    return typed | {"house_id": house.pk if house else None}


def _profile(answers: dict[str, Any]) -> dict[str, Any]:
    return {"skills": dict.fromkeys(answers["skills"], 2), "radius_m": answers["radius_m"]}
