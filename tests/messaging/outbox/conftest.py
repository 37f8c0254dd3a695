"""The gateway of these tests: what would be a text message is a row of a list."""

import ssl
import sys
from types import ModuleType

import pytest

from messaging.outbox import sealed, strangers_address
from tests.messaging.outbox import push_service


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


@pytest.fixture(scope="session")
def _push_server(tmp_path_factory):
    service = push_service.PushService()
    file = push_service.certificate(tmp_path_factory.mktemp("push"))
    server = push_service.served(service, file)
    yield service, file
    server.shutdown()
    server.server_close()


@pytest.fixture
def push_to(_push_server, settings, monkeypatch) -> push_service.PushService:
    """Hints are switched on; the one push service there is runs here, found by its name, with a CA of its own."""
    service, file = _push_server
    service.taken, service.answers, service.before = [], {}, lambda _device: None
    settings.PUSH_KEY, settings.OPERATOR_EMAIL = sealed.new_key(), "buero@example.org"
    monkeypatch.setattr(strangers_address, "PORTS", (443, service.port))
    monkeypatch.setattr(strangers_address, "public_addresses", lambda _host, _port: ["127.0.0.1"])
    context = ssl.create_default_context(cafile=str(file))
    monkeypatch.setattr(strangers_address, "trusted", lambda: context)
    return service
