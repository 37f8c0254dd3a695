"""
Text messages leave by a gateway the operator names: a module with two functions (setting SMS_GATEWAY, a dotted path).

    send(*, number: str, text: str, key: str) -> str    E.164 number; returns what the gateway calls the message.
                                                        The same `key` again is the same message.
    check() -> None                                     at start-up; raises with words where its settings do not fit.

`send` raises Refused for what will never arrive, anything else for what may be tried again.
"""

from importlib import import_module
from typing import Any

from django.conf import settings


class Refused(Exception):
    """The gateway will never take this: the number does not exist, or belongs to no telephone that reads."""


def gateway() -> Any:
    """The module in use. Raises ImportError for a path that leads nowhere."""
    return import_module(settings.SMS_GATEWAY)


def send(*, number: str, text: str, key: str) -> str:
    if not settings.SMS_GATEWAY:
        raise Refused
    return str(gateway().send(number=number, text=text, key=key) or "")[:80]
