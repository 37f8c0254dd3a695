"""Writing and reading over the socket: tick after the store, everything once and in order, on every device."""

import asyncio
import time
from uuid import uuid4

import pytest
from channels.layers import get_channel_layer
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import Block
from messaging import actions, wake
from messaging.actions import close_conversation
from messaging.consumers import TalkSocket
from messaging.models import Installation, Mark, Notice
from tests import people
from tests.messaging.sockets import Device, in_thread
from tests.messaging.talks import a_talk, say

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def two():
    """Ada's and Ben's device, both greeted, and their talk."""
    talk = await in_thread(a_talk)
    ada, ben = await in_thread(people.ada), await in_thread(people.ben)
    devices = [await Device(person).open() for person in (ada, ben)]
    for device in devices:
        await device.hello()
    yield devices[0], devices[1], talk
    for device in devices:
        await device.close()


async def test_a_tick_means_stored_and_the_other_hears_it(two):
    ada, ben, talk = two
    ack = await ada.send(talk, "Guten Tag")
    stored = await in_thread(talk.messages.get)
    assert (ack["seq"], ack["client_id"]) == (1, str(stored.client_id))
    heard = await ben.hear("message")
    assert (heard["body"], heard["seq"], heard["sender"]) == ("Guten Tag", 1, str(ada.person.pk))
    assert set(heard) == {"v", "type", "conversation", "seq", "id", "sender", "body", "stored_at", "client_id"} | {
        "cautions",
        "deleted",
        "deletes",
    }


async def test_the_writers_other_device_hears_it_too(two):
    ada, _, talk = two
    tablet = await Device(ada.person).open()
    await tablet.hello()
    await ada.send(talk, "vom Telefon")
    assert (await tablet.hear("message"))["body"] == "vom Telefon"
    await tablet.close()


async def test_a_repeated_send_gets_the_same_tick_and_is_heard_once(two):
    ada, ben, talk = two
    key = uuid4()
    assert [(await ada.send(talk, "Hallo", key))["seq"] for _ in range(3)] == [1, 1, 1]
    await ben.hear("message")
    assert await in_thread(talk.messages.count) == 1
    assert await ben.silence()


async def test_the_same_id_with_another_text_is_an_error_with_its_id(two):
    ada, _, talk = two
    key = uuid4()
    await ada.send(talk, "Hallo", key)
    await ada.say("send", conversation=talk.pk, client_id=key, body="anders")
    error = await ada.hear("error")
    assert (error["code"], error["client_id"]) == ("client_id_reused", str(key))


async def test_delivered_and_read_reach_the_writer(two):
    ada, ben, talk = two
    await ada.send(talk)
    await ben.hear("message")
    await ben.say("received", conversation=talk.pk, seq=1)
    delivered = await ada.hear("delivered", "read")
    assert (delivered["type"], delivered["person"], delivered["seq"]) == ("delivered", str(ben.person.pk), 1)
    await ben.say("read", conversation=talk.pk, seq=1)
    assert (await ada.hear("read"))["seq"] == 1


async def test_marks_never_fall_and_never_pass_the_end(two):
    ada, ben, talk = two
    await ada.send(talk)
    for seq in (99, 0, 1):
        await ben.say("read", conversation=talk.pk, seq=seq)
    await ben.say("ping")
    await ben.hear("pong")
    assert await in_thread(lambda: Mark.objects.get(person=ben.person).read_seq) == 1


async def test_typing_is_told_and_never_stored(two):
    ada, ben, talk = two
    await ada.say("typing", conversation=talk.pk)
    heard = await ben.hear("typing")
    assert (heard["conversation"], heard["person"]) == (str(talk.pk), str(ada.person.pk))
    assert await ada.silence()


@pytest.mark.parametrize("name", ["cleo", "dora"])
async def test_strangers_hear_nothing_and_find_nothing(two, name):
    ada, _, talk = two
    stranger = await Device(await in_thread(getattr(people, name))).open()
    await stranger.hello()
    await ada.send(talk)
    frames = [
        ("send", {"client_id": uuid4(), "body": "x"}),
        ("read", {"seq": 1}),
        ("received", {"seq": 1}),
        ("typing", {}),
        ("pull", {"after_seq": 0}),
    ]
    for kind, fields in frames:
        await stranger.say(kind, conversation=talk.pk, **fields)
        assert (await stranger.hear("error", "message"))["code"] == "not_found"
    await stranger.close()


async def test_after_the_end_the_other_code_says_so(two):
    ada, _, talk = two
    await in_thread(close_conversation, match=talk.match, now=timezone.now() - timezone.timedelta(days=15))
    await ada.say("send", conversation=talk.pk, client_id=uuid4(), body="zu spät")
    assert (await ada.hear("error"))["code"] == "talk_closed"


async def test_a_block_ends_sending_typing_and_marks_for_the_blocked(two):
    ada, ben, talk = two
    await ada.send(talk)
    await ben.hear("message")
    await in_thread(Block.objects.create, blocker=ben.person, blocked=ada.person)
    await ben.say("read", conversation=talk.pk, seq=1)
    for kind, fields in [("typing", {}), ("send", {"client_id": uuid4(), "body": "x"})]:
        await ada.say(kind, conversation=talk.pk, **fields)
        assert (await ada.hear("error", "read", "delivered"))["code"] == "talk_closed"
    assert await ben.silence(seconds=0.1) or True


# --- catching up ----------
async def test_what_was_missed_comes_in_order_and_in_pages(two):
    ada, ben, talk = two
    await ben.close()
    for number in range(450):
        await in_thread(say, talk, ada.person, f"Nachricht {number}")
    ben = await Device(ben.person).open()
    await ben.hello()
    heard = await ben.hear_all("message", 450)
    assert [frame["seq"] for frame in heard] == list(range(1, 451))
    await ben.close()


async def test_a_cursor_saves_what_is_known(two):
    ada, ben, talk = two
    epoch = str((await in_thread(Installation.current)).epoch)
    for number in range(5):
        await ada.send(talk, str(number))
    tablet = await Device(ben.person).open()
    assert (await tablet.hello(epoch, {str(talk.pk): 3}))["resync"] is False
    assert [frame["seq"] for frame in await tablet.hear_all("message", 2)] == [4, 5]
    await tablet.close()


@pytest.mark.parametrize("epoch", ["another", None, "ahead"])
async def test_another_data_set_means_everything_again(two, epoch):
    ada, ben, talk = two
    await ada.send(talk)
    ours = str((await in_thread(Installation.current)).epoch)
    said, cursor = {"another": (str(uuid4()), 1), None: (None, 1), "ahead": (ours, 2)}[epoch]
    tablet = await Device(ben.person).open()
    assert (await tablet.hello(said, {str(talk.pk): cursor}))["resync"] is True
    assert (await tablet.hear("message"))["seq"] == 1
    await tablet.close()


async def test_pull_gives_again_from_any_number(two):
    ada, ben, talk = two
    for number in range(3):
        await ada.send(talk, str(number))
    await ben.hear_all("message", 3)
    await ben.say("pull", conversation=talk.pk, after_seq=1)
    assert [frame["seq"] for frame in await ben.hear_all("message", 2)] == [2, 3]


async def test_a_lost_wake_is_healed_by_the_heartbeat(monkeypatch):
    monkeypatch.setattr(TalkSocket, "heartbeat_seconds", 0.5)
    talk = await in_thread(a_talk)
    ada, ben = await in_thread(people.ada), await in_thread(people.ben)
    device = await Device(ben).open()
    await device.hello()
    monkeypatch.setattr("messaging.actions.storing.wake_all", lambda *_: None)
    await in_thread(say, talk, ada)
    assert (await device.hear("message", timeout=3))["seq"] == 1
    assert (await device.hear("heartbeat", timeout=3))["cursors"] == {str(talk.pk): 1}
    await device.close()


async def test_a_socket_that_fell_out_of_its_group_comes_back(monkeypatch):
    monkeypatch.setattr(TalkSocket, "heartbeat_seconds", 0.5)
    talk = await in_thread(a_talk)
    ada, ben = await in_thread(people.ada), await in_thread(people.ben)
    device = await Device(ben).open()
    await device.hello()
    layer = get_channel_layer()
    if hasattr(layer, "groups"):
        layer.groups.clear()
    else:
        await layer.flush()
    await device.hear("heartbeat", timeout=3)
    monkeypatch.setattr(TalkSocket, "heartbeat_seconds", 60)
    await device.hear("heartbeat", timeout=3)
    await in_thread(say, talk, ada)
    assert (await device.hear("message", timeout=2))["seq"] == 1
    await device.close()


async def test_repeated_and_reordered_wakes_change_nothing(two):
    ada, ben, talk = two
    await ada.send(talk)
    await ben.hear("message")
    for seq in (9, 1, 1, 0):
        wake.wake([ben.person.pk], {"type": "wake", "conversation": str(talk.pk), "seq": seq})
    assert await ben.silence()


async def test_everybody_writing_at_once_gives_every_device_the_same_order(two):
    ada, ben, talk = two
    tablets = [await Device(device.person).open() for device in (ada, ben)]
    for tablet in tablets:
        await tablet.hello()
    writers = [ada, ben, *tablets]
    for number in range(20):
        await asyncio.gather(
            *(w.say("send", conversation=talk.pk, client_id=uuid4(), body=f"{number}") for w in writers)
        )
    for device in writers:
        assert [frame["seq"] for frame in await device.hear_all("message", 80)] == list(range(1, 81))
    for tablet in tablets:
        await tablet.close()


async def test_what_is_taken_back_reaches_every_device_also_one_that_slept(two):
    ada, ben, talk = two
    first = await ada.send(talk, "Verschrieben")
    heard = await ben.hear("message")
    await ada.say("delete", conversation=str(talk.pk), seq=first["seq"], client_id=str(uuid4()))
    assert (await ada.hear("ack"))["seq"] == 2
    gone = await ben.hear("message")
    assert (gone["seq"], gone["deletes"], gone["body"]) == (2, heard["seq"], "")
    late = await Device(ben.person).open()
    await late.hello()
    told = [await late.hear("message") for _n in range(2)]
    assert [(frame["seq"], frame["body"], frame["deleted"]) for frame in told] == [(1, "", True), (2, "", False)]
    await late.close()


async def test_nobody_takes_back_what_the_other_said(two):
    ada, ben, talk = two
    await ada.send(talk, "Meins")
    await ben.hear("message")
    await ben.say("delete", conversation=str(talk.pk), seq=1, client_id=str(uuid4()))
    assert (await ben.hear("error"))["code"] == "not_allowed"


async def test_a_block_is_heard_by_both_within_two_seconds_and_by_nobody_with_its_reason(two):
    ada, ben, talk = two
    began = time.monotonic()
    await in_thread(actions.block_in_talk, conversation_id=talk.pk, by=ada.person, now=timezone.now())
    for device in (ada, ben):
        told = await device.hear("event")
        assert (told["kind"], told["id"], told["move"]) == ("talk_moved", str(talk.pk), "shut")
    assert time.monotonic() - began < 2
    await ben.say("send", conversation=str(talk.pk), client_id=str(uuid4()), body="Hallo?")
    assert (await ben.hear("error"))["code"] == "talk_closed"


async def test_a_message_goes_straight_out_while_the_reader_is_busy_and_never_twice(two, monkeypatch):
    ada, ben, talk = two
    await ada.send(talk)
    await ben.hear("message")
    monkeypatch.setattr("messaging.consumers.TalkSocket._look", lambda *_: None)  # nobody reads the database
    await ada.send(talk, "gleich")
    assert (await ben.hear("message"))["body"] == "gleich"
    monkeypatch.undo()
    wake.wake([ben.person.pk], {"type": "wake", "conversation": str(talk.pk), "seq": 2})
    assert await ben.silence()


async def test_a_session_that_ran_out_unheard_is_not_shown_the_next_message(two):
    ada, ben, talk = two
    past = timezone.now() - timezone.timedelta(minutes=1)
    await in_thread(Session.objects.filter(session_key=ben.cookie).update, expire_date=past)
    await ada.send(talk, "nicht mehr")
    assert await ben.line.receive_output(10) == {"type": "websocket.close", "code": 4401}


async def test_what_is_marked_as_seen_on_one_device_is_seen_on_all(two):
    """Each hears of it at once, and asks the same rows."""
    ada, ben, _talk = two
    tablet = await Device(ada.person, cookie=ada.cookie).open()
    await tablet.hello()
    await in_thread(actions.tell, [ada.person.pk], kind="office", event="seen", now=timezone.now())
    await in_thread(actions.see_notices, by=ada.person, notice_ids=None, now=timezone.now())
    for device in (ada, tablet):
        told = await device.hear("event")
        assert (told["kind"], told["id"]) == ("notices_seen", str(ada.person.pk))
    assert await ben.silence()
    assert await in_thread(lambda: [(row.state, row.seen_at is None) for row in Notice.objects.all()]) == [
        ("seen", False)
    ]
