"""The gateway of these tests: what would be a text message is a row of a list."""

import sys
from types import ModuleType

import pytest


@pytest.fixture
def texts(settings, monkeypatch) -> list[tuple[str, str]]:
    """(number, text) of everything sent; a text with `broken` set in the list's place raises it."""
    sent: list[tuple[str, str]] = []
    gateway = ModuleType("a_gateway")

    def send(*, number: str, text: str, key: str) -> str:
        sent.append((number, text))
        return f"text-{len(sent)}"

    gateway.send, gateway.check = send, lambda: None
    monkeypatch.setitem(sys.modules, "a_gateway", gateway)
    settings.SMS_GATEWAY = "a_gateway"
    return sent
