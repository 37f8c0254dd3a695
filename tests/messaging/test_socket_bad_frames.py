"""Whatever a client sends, the socket answers in words, stays, and in the end closes with a code that says why."""

import json
from uuid import uuid4

import pytest

from messaging.parsing import BadFrame, parse
from messaging.sockets import seats
from tests import people
from tests.messaging.sockets import Device, in_thread

pytestmark = pytest.mark.django_db(transaction=True)
KEY = str(uuid4())


def _frame(**fields) -> str:
    return json.dumps({"v": 1} | fields)


BAD = [
    "",
    " ",
    "{",
    "null",
    "[]",
    "7",
    '"hello"',
    "[" * 5000,
    '{"a":' * 3000 + "1" + "}" * 3000,
    '{"v":1,"type":"ping","n":' + "9" * 6000 + "}",
    '{"v":1,"type":"ping","n":NaN}',
    '{"v":1e999,"type":"ping"}',
    '{"v":1.0,"type":"ping"}',
    '{"v":true,"type":"ping"}',
    '{"v":2,"type":"ping"}',
    '{"type":"ping"}',
    '{"v":1}',
    _frame(type=None),
    _frame(type=["ping"]),
    _frame(type="\ud800"),
    _frame(type="wake"),
    _frame(type="on_beat"),
    _frame(type="__class__"),
    _frame(type="hello", cursors=[]),
    _frame(type="hello", cursors={"x": 1}),
    _frame(type="hello", cursors={KEY: -1}),
    _frame(type="hello", cursors={KEY: 2**63}),
    _frame(type="hello", cursors={KEY: "1"}),
    _frame(type="hello", epoch="\x00"),
    _frame(type="hello", epoch=7),
    _frame(type="send", conversation=KEY, client_id=KEY),
    _frame(type="send", conversation=KEY, client_id=KEY, body=7),
    _frame(type="send", conversation=KEY, client_id="\ud800", body="x"),
    _frame(type="send", conversation={"a": 1}, client_id=KEY, body="x"),
    _frame(type="read", conversation=KEY, seq=1.5),
    _frame(type="read", conversation=KEY, seq=True),
    _frame(type="read", conversation=KEY, seq=10**400),
    _frame(type="pull", conversation=KEY, after_seq=None),
    _frame(type="typing"),
    _frame(type="ping", fill="x" * 17_000),
]


@pytest.mark.parametrize("text", BAD, ids=range(len(BAD)))
def test_a_bad_frame_is_only_ever_that(text):
    with pytest.raises(BadFrame):
        parse(text)


def test_binary_is_a_bad_frame():
    with pytest.raises(BadFrame):
        parse(None)


async def test_a_bad_frame_is_answered_and_the_socket_goes_on():
    device = await Device(await in_thread(people.ada)).open()
    await device.hello()
    for text, data in [("{", None), (None, b"\x00\xff"), ("[" * 9000, None)]:
        await device.raw(text, data)
        assert (await device.hear("error"))["code"] == "bad_frame"
    await device.say("ping")
    assert await device.hear("pong")
    await device.close()


async def test_texts_that_cannot_be_stored_are_answered_with_their_id():
    from tests.messaging.talks import a_talk

    talk = await in_thread(a_talk)
    device = await Device(await in_thread(people.ada)).open()
    await device.hello()
    for body in ("", "   ", "x" * 4001, "a\0b", "a\ud800b"):
        await device.raw(_frame(type="send", conversation=str(talk.pk), client_id=KEY, body=body))
        error = await device.hear("error")
        assert (error["code"], error["client_id"]) == ("invalid", KEY)
    assert await in_thread(talk.messages.count) == 0
    await device.close()


async def test_bad_frames_again_and_again_close_with_4400():
    device = await Device(await in_thread(people.ada)).open()
    for _ in range(20):
        await device.raw("{")
    assert await device.code() == 4400
    assert len(seats) == 0


async def test_a_flood_closes_with_4429():
    device = await Device(await in_thread(people.ada)).open()
    for _ in range(150):
        await device.say("ping")
    assert await device.code(timeout=20) == 4429
    assert len(seats) == 0


async def test_before_hello_nothing_else_is_understood():
    device = await Device(await in_thread(people.ada)).open()
    await device.say("typing", conversation=KEY)
    assert (await device.hear("error"))["code"] == "bad_frame"
    await device.close()


async def test_after_many_dead_sockets_nobody_is_left_in_the_group():
    from channels.layers import get_channel_layer

    ada = await in_thread(people.ada)
    cookie = ""
    for _ in range(30):
        device = await Device(ada, cookie=cookie).open()
        cookie = device.cookie
        await device.raw("{")
        await device.close()
    layer = get_channel_layer()
    if hasattr(layer, "groups"):
        assert layer.groups == {}
        assert layer.channels == {}
    assert len(seats) == 0
