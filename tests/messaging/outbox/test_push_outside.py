"""What leaves the house: sealed for one browser, and to no address inside."""

from base64 import urlsafe_b64decode
from time import monotonic, sleep

import pytest

from core.errors import Invalid
from messaging import actions
from messaging.models import PushSubscription
from messaging.outbox import sealed, strangers_address
from tests.messaging.outbox.push_service import HOST
from tests.messaging.outbox.pushing import DOOR, MINUTE, NOON, a_device, a_notice, state_after

pytestmark = pytest.mark.django_db


# --- sealing ----------
def test_the_example_of_rfc_8291():
    """Its keys, its salt, its message; byte for byte its result."""
    body = sealed.seal(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=urlsafe_b64decode("DGv6ra1nlYgDCS1FRnbzlw=="),
        own=sealed.read_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        padded_to=0,
    )
    assert sealed.packed(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("x" * 87, "BTBZMqHH6r4Tts7J_aSIgg"),  # no point of the curve
        ("BCVxsr7N", "BTBZMqHH6r4Tts7J_aSIgg"),
        ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "kurz"),
        ("äöü" * 29, "BTBZMqHH6r4Tts7J_aSIgg"),
    ],
)
def test_keys_that_are_none_are_refused_with_a_sentence(p256dh, auth, ada, push_to):
    with pytest.raises(Invalid):
        actions.add_device(
            by=ada,
            endpoint=push_to.browser("x")["endpoint"],
            p256dh=p256dh,
            auth=auth,
            label="",
            session_key="s",
            now=NOON,
        )


# --- the address a stranger names ----------
@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://2130706433/x",
        "https://user@push.example.org/x",
        "https://push.example.org:6379/x",
        "https://push.example.org:99999/x",
        "https://push.example.org/x#y",
        "https://push.example.org/a b",
        "https://push.example.org/\r\nHost: x",
        "https://pusch.exämple.org/",
        "file:///etc/passwd",
        "https://push.example.org/" + "x" * 1000,
        "https://[push/",
        "",
    ],
)
def test_an_address_that_is_none_of_a_push_service_is_refused(address, ada, push_to, page_as):
    said = push_to.browser("x") | {"endpoint": address}
    assert page_as(ada).post(DOOR, said, content_type="application/json").status_code == 400
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("127.0.0.1", False),
        ("10.0.0.5", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::1", False),
    ],
)
def test_only_addresses_of_the_open_net_are_called(address, is_public):
    assert strangers_address.is_public(address) == is_public


def test_a_name_that_leads_inside_is_never_called(monkeypatch):
    """One of its addresses inside is enough."""
    found = [(0, 0, 0, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.5")]
    monkeypatch.setattr(strangers_address.socket, "getaddrinfo", lambda *_a, **_w: found)
    monkeypatch.setattr(strangers_address.socket, "create_connection", lambda *_a, **_w: pytest.fail("called"))
    with pytest.raises(strangers_address.NotOutside):
        strangers_address.post("https://push.example.org/x", b"", {})


def test_a_redirect_is_not_followed(ada, push_to):
    a_device(ada, push_to)
    push_to.answers["phone"] = 307
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sending", "push")
    assert push_to.taken == []


def test_a_service_that_drips_is_cut_after_some_seconds(ada, push_to, monkeypatch):
    monkeypatch.setattr(strangers_address, "SECONDS", 0.5)
    push_to.before, push_to.answers["phone"] = lambda _device: sleep(2), 500
    assert _seconds_until_given_up(push_to) < 1.8


def test_a_name_that_is_looked_up_for_ever_is_given_up(push_to, monkeypatch):
    monkeypatch.setattr(strangers_address, "SECONDS", 0.2)
    monkeypatch.setattr(strangers_address, "public_addresses", lambda _host, _port: sleep(2) or ["127.0.0.1"])
    assert _seconds_until_given_up(push_to) < 1.5


def _seconds_until_given_up(push_to) -> float:
    began = monotonic()
    with pytest.raises(TimeoutError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    return monotonic() - began


def test_a_connection_that_comes_after_the_cut_is_closed(push_to, monkeypatch):
    monkeypatch.setattr(strangers_address, "SECONDS", 0.2)
    reached, made = strangers_address.socket.create_connection, []

    def late(*args, **_words):
        sleep(0.6)
        made.append(reached(*args))
        return made[0]

    monkeypatch.setattr(strangers_address.socket, "create_connection", late)
    with pytest.raises(TimeoutError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    assert made[0].fileno() == -1


def test_of_many_addresses_two_are_tried(push_to, monkeypatch):
    tried = []
    monkeypatch.setattr(strangers_address, "public_addresses", lambda _host, _port: [f"8.8.8.{n}" for n in range(9)])

    def refused(address, **_words):
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(strangers_address.socket, "create_connection", refused)
    with pytest.raises(ConnectionRefusedError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    assert tried == ["8.8.8.0", "8.8.8.1"]


def test_a_certificate_of_another_name_is_refused(push_to):
    other = push_to.browser("x")["endpoint"].replace(HOST, "other.example.org")
    with pytest.raises(OSError):
        strangers_address.post(other, b"x", {})
