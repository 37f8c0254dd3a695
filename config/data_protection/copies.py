"""The copy of one's own data (Art. 15 and 20 GDPR): everything the declarations say is theirs, nothing of others."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Field, ForeignKey, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Skill, User
from config.data_protection.declared import Declared, personal
from config.data_protection.field_words import field_in_words, value_in_words
from config.data_protection.words import table_in_words
from places.models import Quarter

MACHINERY = ("id", "delete_on", "version")
SHOWN_BY_NAME = (Quarter, Skill)  # whatever else a row points to is itself in the copy, or somebody else's
OTHER = "another person"
# The office reads no talk, and an address only for a reason that is noted; a report is open to those who look into it
# and a sealed note to its writer. All of these are in the copy one fetches oneself.
NOT_FOR_THE_OFFICE = (
    "messaging.Message", "messaging.Report", "accounts.Block", "accounts.CaseNote", "accounts.HandOver",
    "places.ExactAddress",
)  # fmt: skip


def copy_of(person: User, *, now: datetime, for_office: bool = False) -> dict[str, Any]:
    """
    {"service", "made_at", "tables": [{"table", "name", "reason", "until", "rows": [{field: value}]}]}.

    Other people are never named: a key to one reads "another person", to oneself "you". `for_office`: without what a
    worker may not read either.
    """
    hidden = NOT_FOR_THE_OFFICE if for_office else ()
    tables = [_table(one, person) for one in personal() if not one.privacy.kept_back and one.label not in hidden]
    return {
        "service": settings.SERVICE_NAME,
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "tables": [table for table in tables if table["rows"]],
    }


def readable(person: User, *, now: datetime, for_office: bool = False) -> list[dict[str, Any]]:
    """The same for reading: [{"name", "rows": [[(field in words, value in words)]]}], empty fields left away."""
    return [_in_words(table) for table in copy_of(person, now=now, for_office=for_office)["tables"]]


def _table(one: Declared, person: User) -> dict[str, Any]:
    fields = [field for field in one.model._meta.concrete_fields if _is_shown(field, one)]
    shown = {f"{name}__isnull": True for name in one.privacy.hides}
    rows = one.rows_of(person).filter(**shown).distinct().order_by("pk").iterator()
    return {
        "table": one.label,
        "name": table_in_words(one.model),
        "reason": one.privacy.reason,
        "until": one.privacy.until,
        "rows": [{field.name: _value(row, field, person) for field in fields} for row in rows],
    }


def _is_shown(field: Field, one: Declared) -> bool:
    if field.name in MACHINERY or field.name in one.privacy.leaves_out:
        return False
    return not isinstance(field, ForeignKey) or field.related_model in (User, *SHOWN_BY_NAME)


def _value(row: Model, field: Field, person: User) -> Any:
    value = getattr(row, field.attname)
    if value is None or value == "":
        return None
    if isinstance(field, ForeignKey):
        if field.related_model is User:
            return "you" if value == person.pk else OTHER
        return str(getattr(row, field.name))
    return value if isinstance(value, bool | int | float | list | dict) else _as_text(value)


def _as_text(value: Any) -> str:
    return timezone.localtime(value).isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _in_words(table: dict[str, Any]) -> dict[str, Any]:
    fields = {field.name: field for field in apps.get_model(table["table"])._meta.concrete_fields}
    rows = [
        [(field_in_words(name), _said(fields[name], value)) for name, value in row.items() if _is_said(value)]
        for row in table["rows"]
    ]
    return {"name": table["name"], "rows": [row for row in rows if row]}


def _is_said(value: Any) -> bool:
    return value is not None and value != [] and value != {}


def _said(field: Field, value: Any) -> str:
    if isinstance(field, ForeignKey) and value in ("you", OTHER):
        return _("Sie selbst") if value == "you" else _("eine andere Person")
    return value_in_words(field, value)
