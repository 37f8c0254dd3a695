"""Small checks of what people type, shared by the verbs; each answers with a sentence beside the field."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.languages import CODES
from core.errors import Invalid

_NAMES = ("first_name", "last_name", "name")
_CONTACT = re.compile(r"(?:\+\d|\b0\d)[\d\s/().-]{5,}\d|@|https?:|\bwww\.", re.IGNORECASE)
_ADDRESS = re.compile(r"[@/<>]|www\.|\w\.[a-z]{2,6}\b|\d{3}", re.IGNORECASE)


def fill(row: Model, changes: dict[str, Any], *, allowed: Iterable[str]) -> list[str]:
    """
    Put checked values into a row (not saved) and return the names of the fields that changed hands.

    Raises Invalid with a sentence per field for unknown names, wrong types, too long or unreadable text.
    """
    problems: dict[str, list] = {name: [_("Das kann man hier nicht ändern.")] for name in set(changes) - set(allowed)}
    for name, value in changes.items():
        if name in problems:
            continue
        try:
            setattr(row, name, _cleaned(row, name, value))
        except ValidationError as wrong:
            problems[name] = list(wrong.messages)
    if problems:
        raise Invalid(fields=problems)
    return list(changes)


def is_readable(text: str) -> bool:
    """False for text no database can keep: zero bytes and halves of characters."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def a_name(text: str) -> None:
    """One line, no address and no number in it: names go into mails to strangers. Raises ValidationError."""
    if not text.isprintable() or _ADDRESS.search(text):
        raise ValidationError(_("Bitte geben Sie hier nur einen Namen an."))


def no_contact(text: str) -> None:
    """No telephone number and no address: read before anybody confirmed, it would lead past the talk. Raises."""
    if _CONTACT.search(text):
        raise ValidationError(
            _(
                "Bitte schreiben Sie hier keine Telefonnummer und keine Adresse. "
                "Nach der Zusage können Sie sich schreiben."
            )
        )


def languages(value: Any) -> list[str]:
    """Known language codes without doubles, in the order given; raises ValidationError."""
    if not isinstance(value, (list, tuple)) or any(code not in CODES for code in value if isinstance(code, str)):
        raise ValidationError(_("Bitte wählen Sie Sprachen aus der Liste."))
    if not all(isinstance(code, str) for code in value):
        raise ValidationError(_("Bitte wählen Sie Sprachen aus der Liste."))
    return list(dict.fromkeys(value))


def age_on(day: date, born_on: date) -> int:
    """Full years on that day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def birthday(born_on: date | None, *, today: date) -> None:
    """Raises ValidationError for a day to come or one nobody alive was born on."""
    if born_on and (born_on > today or age_on(today, born_on) > 120):
        raise ValidationError(_("Bitte prüfen Sie den Geburtstag. Dieser Tag kann nicht stimmen."))


def _cleaned(row: Model, name: str, value: Any) -> Any:
    field: Any = row._meta.get_field(name)
    if name == "languages":
        return languages(value)
    if isinstance(value, str):
        if not is_readable(value):
            raise ValidationError(_("Darin ist ein Zeichen, das wir nicht lesen können. Bitte schreiben Sie es neu."))
        value = value.strip()
        if name in _NAMES:
            a_name(value)
        if name == "about":
            no_contact(value)
    elif field.get_internal_type() in ("CharField", "EmailField") and not _is_phone(value):
        raise ValidationError(_("Bitte geben Sie hier einen Text ein."))
    try:
        return field.clean(value, row)
    except (OverflowError, ValueError, TypeError, ArithmeticError) as wrong:
        raise ValidationError(_("Dieser Wert passt hier nicht.")) from wrong


def _is_phone(value: Any) -> bool:
    return hasattr(value, "as_e164")
