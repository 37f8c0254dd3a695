"""
Text messages leave by a gateway the operator names: a module of functions (setting SMS_GATEWAY, a dotted path).

    send(*, number: str, text: str, key: str) -> str    E.164 number; returns what the gateway calls the message.
                                                        The same `key` again is the same message.
    check() -> None                                     at start-up; raises with words where its settings do not fit.

Where the gateway knows whether they arrived, one or both of

    report(*, reference: str) -> str                    "delivered", "failed", or "" while it is not known.
    read(body: bytes, *, content_type: str)             what it calls back with, as (reference, "delivered"/"failed")
        -> Iterable[tuple[str, str]]                    pairs; raises anything for what it does not understand.

`send` raises Refused for what will never arrive, anything else for what may be tried again.
"""

from collections.abc import Iterable
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac


class Refused(Exception):
    """The gateway will never take this: the number does not exist, or belongs to no telephone that reads."""


DELIVERED, FAILED = "delivered", "failed"
FIRST_ASKED = timedelta(minutes=2)  # after it was sent
_SALT = "messaging.sms.report"


def gateway() -> Any:
    """The module in use. Raises ImportError for a path that leads nowhere."""
    return import_module(settings.SMS_GATEWAY)


def send(*, number: str, text: str, key: str) -> str:
    if not settings.SMS_GATEWAY:
        raise Refused
    return str(gateway().send(number=number, text=text, key=key) or "")[:80]


def can_be_asked() -> bool:
    """Does this gateway say, when asked, whether a message arrived?"""
    return bool(settings.SMS_GATEWAY) and hasattr(gateway(), "report")


def report(reference: str) -> str:
    """DELIVERED, FAILED, or "" while nobody knows. Raises whatever the gateway throws."""
    said = str(gateway().report(reference=reference) or "") if can_be_asked() else ""
    return said if said in (DELIVERED, FAILED) else ""


def read(body: bytes, *, content_type: str) -> Iterable[tuple[str, str]]:
    """What the gateway called back with. Raises whatever it throws, ValueError where it has no such function."""
    understand = getattr(gateway(), "read", None) if settings.SMS_GATEWAY else None
    if understand is None:
        raise ValueError("this gateway reads no reports")
    return [(str(reference)[:80], str(state)) for reference, state in understand(body, content_type=content_type)]


def secret(key: str = "") -> str:
    """What stands in the address for reports. It changes with SECRET_KEY, and stays good while that is a fallback."""
    return salted_hmac(_SALT, "", secret=key or settings.SECRET_KEY, algorithm="sha256").hexdigest()[:40]


def is_secret(text: str) -> bool:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return any(constant_time_compare(text, secret(key)) for key in keys)
