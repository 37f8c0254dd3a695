"""Nobody floods the other: one pace for all of a person's devices and doors, and what was typed stays."""

from uuid import uuid4

import pytest
from django.urls import reverse

from core.errors import TooMany
from messaging import limits
from messaging.actions import messages, post_message
from messaging.limits import Pace
from messaging.models import Message
from tests import people
from tests.messaging.sockets import Device, in_thread
from tests.messaging.talks import a_talk, say
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def slow(monkeypatch):
    """Two messages at once, two a minute."""
    pace = Pace(2)
    monkeypatch.setattr(messages, "pace", pace)
    monkeypatch.setattr("messaging.consumers.pace", pace)


def test_after_a_minute_it_is_as_before_and_others_are_not_meant():
    clock, ada, ben = Clock(), uuid4(), uuid4()
    pace = Pace(2, clock)
    pace.take(ada), pace.take(ada), pace.take(ben)
    with pytest.raises(TooMany):
        pace.take(ada)
    clock.now = 60
    pace.take(ada)


def test_twenty_refused_and_a_minute_later_one_goes():
    clock, ada = Clock(), uuid4()
    pace = Pace(2, clock)
    pace.take(ada), pace.take(ada)
    for _ in range(20):
        with pytest.raises(TooMany):
            pace.take(ada)
    clock.now = 60
    pace.take(ada)


def test_people_who_rest_are_forgotten(monkeypatch):
    monkeypatch.setattr(limits, "PACES_KEPT", 3)
    clock = Clock()
    pace = Pace(2, clock)
    for _ in range(3):
        pace.take(uuid4())
    clock.now = 61
    pace.take(uuid4())
    assert len(pace._buckets) == 1


async def test_a_second_socket_is_no_second_pace(slow):
    ada, talk = await in_thread(people.ada), await in_thread(a_talk)
    one, other = (await Device(ada).open(), await Device(ada).open())
    for device in (one, other):
        await device.hello()
        await device.send(talk)
    await other.say("send", conversation=str(talk.pk), client_id=str(uuid4()), body="Und noch eine")
    assert (await other.hear("error"))["code"] == "too_many"
    assert await in_thread(Message.objects.count) == 2
    for device in (one, other):
        await device.close()


def test_api_and_form_say_it_and_keep_what_was_typed(slow, ada, page_as):
    talk = a_talk()
    for _ in range(2):
        say(talk, ada)
    with pytest.raises(TooMany):
        post_message(conversation_id=talk.pk, by=ada, client_id=uuid4(), body="Noch eine", now=NOW)
    form = {"body": "Das bleibt stehen", "client_id": str(uuid4())}
    page = page_as(ada).post(reverse("messaging:send", args=[talk.pk]), form)
    assert page.status_code == 429
    assert "Das bleibt stehen" in page.content.decode()
    assert "sehr oft" in page.content.decode()
    assert Message.objects.count() == 2
