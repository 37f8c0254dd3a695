"""However long somebody was away: they get all they missed, once, in order, a page at a time (D4)."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from config.forgetting import forget
from messaging.actions import messages, post_messages
from messaging.actions.messages import a_send
from messaging.consumers import TalkSocket
from tests import people
from tests.messaging.sockets import Device, in_thread
from tests.messaging.talks import a_talk

pytestmark = pytest.mark.django_db(transaction=True)
MISSED = 2 * messages.PAGE + 50
ABSENCES = [timedelta(seconds=1), timedelta(seconds=70), timedelta(hours=25), timedelta(days=40)]


def _write(talk, by, count: int) -> None:
    sends = [a_send(conversation_id=talk.pk, by=by, client_id=uuid4(), body=f"{number}") for number in range(count)]
    post_messages(sends, writers=lambda some, members: [send.by for send in some], now=timezone.now())


@pytest.mark.parametrize("away", ABSENCES, ids=str)
async def test_who_comes_back_gets_all_that_was_missed_once_and_in_order(away):
    talk, ben = await in_thread(a_talk), await in_thread(people.ben)
    phone = await Device(await in_thread(people.ada)).open()
    epoch = (await phone.hello())["epoch"]
    await phone.send(talk, "bis gleich")
    await phone.close()
    await in_thread(_write, talk, ben, MISSED)
    with time_machine.travel(timezone.now() + away, tick=True):
        await in_thread(forget, now=timezone.now())  # the night has passed, many times
        back = await Device(phone.person).open()
        assert (await back.hello(epoch, {str(talk.pk): 1}))["resync"] is False
        heard = await back.hear_all("message", MISSED)
        assert [frame["seq"] for frame in heard] == list(range(2, MISSED + 2))
        assert [frame["body"] for frame in heard] == [f"{number}" for number in range(MISSED)]
        assert await back.silence()
        await back.close()


async def test_a_socket_that_stayed_open_for_a_day_unwoken_hears_what_came_meanwhile(monkeypatch):
    """As after the layer forgot it: no wake comes, the heartbeat looks by itself."""
    monkeypatch.setattr(TalkSocket, "heartbeat_seconds", 0.5)
    woken = []
    monkeypatch.setattr("messaging.actions.storing.wake_all", woken.append)
    talk, ben = await in_thread(a_talk), await in_thread(people.ben)
    phone = await Device(await in_thread(people.ada)).open()
    await phone.hello()
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=True):
        await in_thread(_write, talk, ben, 3)
        assert [frame["seq"] for frame in await phone.hear_all("message", 3)] == [1, 2, 3]
        await phone.close()
    assert woken
