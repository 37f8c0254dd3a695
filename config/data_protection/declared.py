"""Every table with personal data, what it declares, and whose rows are whose."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import FieldError
from django.db.models import CASCADE, ForeignKey, Model, Q, QuerySet

from accounts.models import User
from core.privacy import Privacy

OURS = ("core", "places", "accounts", "matching", "messaging", "config")
# Tables of packages cannot declare anything themselves. ("of" "": not by a key; see erasing.)
OF_PACKAGES: dict[str, Privacy] = {
    "account.EmailAddress": Privacy("the person", "P2", "to log in", "with the account", of=("user",)),
    "account.EmailConfirmation": Privacy(
        "the person",
        "P2",
        "to confirm an address",
        "with the account",
        of=("email_address__user",),
        kept_back="a secret",
    ),
    "mfa.Authenticator": Privacy(
        "the person", "P1", "the second factor", "with the account", of=("user",), leaves_out=("data",)
    ),
    "usersessions.UserSession": Privacy(
        "the person",
        "P2",
        "where they are logged in",
        "with the session",
        of=("user",),
        leaves_out=("session_key", "data"),
    ),
}
WITHOUT_PEOPLE = {
    "auth.Permission", "auth.Group", "contenttypes.ContentType", "sessions.Session",
}  # sessions: emptied by erasing.close_sessions and by their age; they hold keys only  # fmt: skip
ADD = """
    {label}: {what}
    Add to its privacy = Privacy(...), see core/privacy.py: {how}"""


@dataclass(frozen=True)
class Declared:
    model: type[Model]
    privacy: Privacy

    @property
    def label(self) -> str:
        return self.model._meta.label

    def rows_of(self, person: User) -> QuerySet:
        """The rows that speak of this person."""
        mine = Q()
        for lookup in self.privacy.of:
            mine |= Q(**{lookup: person.pk})
        return self.model._base_manager.filter(mine) if mine else self.model._base_manager.none()


def declared() -> list[Declared]:
    """All models that declare something, personal or not, in a fixed order."""
    found = [Declared(model, said) for model in apps.get_models() if (said := _said(model))]
    return sorted(found, key=lambda one: one.label)


def personal() -> list[Declared]:
    return [one for one in declared() if one.privacy.is_personal]


def problems() -> list[str]:
    """What is missing, each with what to add; empty when every table is declared in full."""
    return [said for model in apps.get_models() for said in _problems_of(model)]


def _said(model: type[Model]) -> Privacy | None:
    return model.__dict__.get("privacy") or OF_PACKAGES.get(model._meta.label)


def _problems_of(model: type[Model]) -> list[str]:
    label, said = model._meta.label, _said(model)
    if model._meta.auto_created or (model._meta.app_label not in OURS and label in WITHOUT_PEOPLE):
        return []
    if not isinstance(said, Privacy):
        where = "" if model._meta.app_label in OURS else " (in config/data_protection/declared.py, OF_PACKAGES)"
        return [ADD.format(label=label, what="says nothing" + where, how="owner, class, reason, until, of=(...)")]
    if not said.is_personal:
        return _named_although_nobodys(model, said)
    wrong = [] if said.of else [("does not say whose rows are whose", 'of=("person",), lookups to the people')]
    wrong += [(f"has no {name}", f'{name}="..."') for name in ("owner", "reason", "until") if not getattr(said, name)]
    wrong += [("has an unknown class", "P0 to P3")] * (said.data_class not in ("P0", "P1", "P2", "P3"))
    wrong += [(f"leaves out {name}, which it has not", "the names of its fields") for name in _unknown(model, said)]
    wrong += [
        (f"names {lookup}, which leads to nobody", "a lookup that ends at a person") for lookup in _lost(model, said)
    ]
    return [ADD.format(label=label, what=what, how=how) for what, how in wrong]


def _named_although_nobodys(model: type[Model], said: Privacy) -> list[str]:
    """A table of nobody's may say who of the office did something, and that goes with the person."""
    holders = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    people = [field for field in holders if field.related_model is User]
    wrong = [field.name for field in people if field.remote_field.on_delete is CASCADE]
    how = f"{', '.join(wrong)} belongs to a person: say whose data it is"
    return [ADD.format(label=model._meta.label, what="says it holds nobody's data", how=how)] if wrong else []


def _unknown(model: type[Model], said: Privacy) -> list[str]:
    return [name for name in said.leaves_out if name not in {field.name for field in model._meta.fields}]


def _lost(model: type[Model], said: Privacy) -> list[str]:
    return [lookup for lookup in said.of if not _leads_to_a_person(model, lookup)]


def _leads_to_a_person(model: type[Model], lookup: str) -> bool:
    try:
        str(model._base_manager.filter(**{lookup: "00000000-0000-4000-8000-000000000000"}).query)
    except (FieldError, ValueError, TypeError):
        return False
    return True
