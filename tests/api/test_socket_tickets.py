"""An app opens a socket with a ticket: once, within 30 seconds, on its own running session."""

from datetime import timedelta

import pytest
from channels.testing import WebsocketCommunicator
from django.utils import timezone

from config.asgi import application
from messaging.models import SocketTicket
from messaging.tickets import issue_ticket, redeem_ticket

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_ticket_opens_once_and_only_for_30_seconds(ada):
    now = timezone.now()
    text = issue_ticket(user=ada, session_key="abc", now=now)
    assert redeem_ticket(text, now=now + timedelta(seconds=29)) == "abc"
    assert redeem_ticket(text, now=now) == ""
    late = issue_ticket(user=ada, session_key="abc", now=now)
    assert redeem_ticket(late, now=now + timedelta(seconds=31)) == ""
    assert redeem_ticket("\0\ud800") == ""


def test_the_text_of_a_ticket_is_not_kept(door, ada):
    says = door(ada)
    ticket = says.post("socket-tickets/")
    assert (says.status, ticket["seconds"]) == (201, 30)
    assert ticket["ticket"] not in str(SocketTicket.objects.values())


def test_nobody_without_login_gets_a_ticket(door, db):
    nobody = door()
    assert nobody.post("socket-tickets/")["code"] == "not_authenticated"
    assert nobody.status == 401


async def test_a_socket_opens_with_a_ticket_and_without_a_page_and_a_second_one_does_not(door, ada):
    from asgiref.sync import sync_to_async

    ticket = (await sync_to_async(lambda: door(ada).post("socket-tickets/"))())["ticket"]
    first = await _open(ticket)
    await first.send_json_to({"v": 1, "type": "hello"})
    assert (await first.receive_json_from())["type"] == "welcome"
    await first.disconnect()
    second = await _open(ticket)
    assert (await second.receive_output())["code"] == 4401


async def _open(ticket: str) -> WebsocketCommunicator:
    socket = WebsocketCommunicator(application, f"/ws/v1/?ticket={ticket}")
    connected, _protocol = await socket.connect()
    assert connected
    return socket
