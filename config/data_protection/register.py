"""The register of processing (Art. 30 GDPR) and what is needed beside it, read from the declarations."""

from typing import Any

from django.conf import settings

from config.data_protection.declared import Declared, personal
from config.data_protection.words import said_in_words, table_in_words


def rows() -> list[dict[str, str]]:
    """One row per table with personal data: table, owner, class, reason, until, stays, copy; in words."""
    return [_row(one) for one in personal()]


def responsible() -> dict[str, Any]:
    return {
        "carrier": settings.CARRIER_NAME,
        "operator": settings.OPERATOR_NAME or settings.CARRIER_NAME,
        "operator_address": settings.OPERATOR_ADDRESS,
        "privacy_contact": settings.PRIVACY_CONTACT or settings.OPERATOR_EMAIL,
    }


def _row(one: Declared) -> dict[str, Any]:
    said = one.privacy
    return {
        "label": one.label,
        "table": table_in_words(one.model),
        "owner": said_in_words(said.owner),
        "class": said.data_class,
        "reason": said_in_words(said.reason),
        "until": said_in_words(said.until),
        "stays": said_in_words(said.stays),
        "copy": not said.kept_back,
    }
