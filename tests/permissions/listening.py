"""A device of each kind of person on the real ASGI application, and the word for what it hears."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.models import User
from matching import actions
from matching.models import Match
from messaging.models import Conversation
from tests.messaging.sockets import Device, cookie_of, in_thread
from tests.people import a_match, a_request
from tests.permissions.frames import Frame
from tests.permissions.world import NOBODY, World, build

WORDS = {"not_found": "absent", "not_allowed": "no", "suspended": "no", "bad_frame": "bad", "invalid": "bad"}
BY_ITSELF = ("message", "delivered", "read", "typing", "event", "heartbeat")  # nobody's answer
_LONG = 5.0  # seconds for what must come
_SHORT = 1.5  # for what must come to two and to nobody else


def a_world() -> World:
    """The world of the other tables, and a talk of two of whom one does not want the other any more."""
    world = build()
    ada, bodo, now = world.people["resident"], world.people["blocked"], timezone.now()
    match = a_match(a_request(by=ada, now=now), bodo, state="confirmed")
    talk = Conversation.objects.create(match=match, last_seq=1)
    talk.messages.create(seq=1, sender=bodo, client_id=match.pk, body="Bis Montag")
    ended, fritz = Conversation.objects.get(pk=world.things["conversation_ended"]), world.people["formerly"]
    ended.messages.create(seq=1, sender=fritz, client_id=ended.pk, body="Das war schön")
    Conversation.objects.filter(pk=ended.pk).update(last_seq=1)
    world.things["conversation_apart"] = talk.pk
    return world


class Listener:
    """One kind of person's device. `closed`: with which code it was turned away, None while it is open."""

    def __init__(self, kind: str, world: World, cookie: str = "") -> None:
        self.kind, self.world, self.closed = kind, world, None
        self.device = Device(None, cookie=cookie or world.sessions[kind])

    async def open(self) -> "Listener":
        await self.device.open()
        await self._say({"v": 1, "type": "hello", "epoch": None, "cursors": {}})
        first = await self._next()
        if first is None or first["type"] != "welcome":
            return self
        self.epoch = first["epoch"]
        return self

    async def word(self, frame: Frame) -> str:
        """
        ok; login (closed with 4401); absent, no, conflict, bad - with "=" where the very same bytes come for a talk
        that does not exist.
        """
        key = str(uuid4())
        talk = self.world.things.get(frame.talk, "")
        real = await self._answers(frame, talk, key)
        if self.closed is not None:
            return "login" if self.closed == 4401 else str(self.closed)
        word = _word(frame, real, str(talk))
        if word == "ok" or not frame.talk:
            return word
        none = await self._answers(frame, NOBODY, key)
        return word + ("=" if [_bytes(one, talk) for one in real] == [_bytes(one, NOBODY) for one in none] else "")

    async def _answers(self, frame: Frame, talk: UUID | str, key: str) -> list[dict]:
        """What came back on this frame, up to the answer of a `ping` sent behind it."""
        if self.closed is not None:
            return []
        await self._say(frame.fields(talk, key, self.epoch))
        if frame.kind != "ping":
            await self._say({"v": 1, "type": "ping"})
        heard: list[dict] = []
        while (said := await self._next()) is not None:
            wanted = frame.followed == said["type"] and said.get("conversation") == str(talk)
            if wanted or said["type"] not in BY_ITSELF:
                heard.append(said)
            if said["type"] == "pong":
                break
        if frame.followed == "message" and not any(one["type"] in ("error", "message") for one in heard):
            heard += [one for one in await self.heard("message", str(talk)) if one]
        return [one for one in heard if one["type"] != "pong" or frame.kind == "ping"]

    async def heard(self, kind: str, about: str, seconds: float = _LONG) -> list[dict]:
        """The first frame of this kind about this thing, within so many seconds; else nothing."""
        until = asyncio.get_running_loop().time() + seconds
        while self.closed is None and (left := until - asyncio.get_running_loop().time()) > 0:
            if await self.device.line.receive_nothing(timeout=left, interval=0.01):
                return []
            said = await self._next()
            if said and said["type"] == kind and about in json.dumps(said):
                return [said]
        return []

    async def quiet(self) -> None:
        """Put aside whatever came until now."""
        while self.closed is None and not await self.device.line.receive_nothing(timeout=0.05, interval=0.01):
            await self._next()

    async def _say(self, frame: dict[str, Any]) -> None:
        await self.device.raw(json.dumps(frame))

    async def _next(self) -> dict | None:
        said = await self.device.line.receive_output(timeout=10)
        if said["type"] == "websocket.close":
            self.closed = said["code"]
            return None
        return json.loads(said["text"])

    async def close(self) -> None:
        if self.closed is None:
            await self.device.close()


def _word(frame: Frame, heard: list[dict], talk: str) -> str:
    errors = [one["code"] for one in heard if one["type"] == "error"]
    if errors:
        return WORDS.get(errors[0], "conflict")
    if frame.kind == "hello":  # nobody is refused: does the greeting know this talk?
        return "ok" if heard[0]["resync"] or talk in heard[0]["stands"] else "absent"
    followed = not frame.followed or any(one["type"] == frame.followed for one in heard)
    return "ok" if followed else "silent"


def _bytes(frame: dict, talk: Any) -> str:
    return json.dumps(frame).replace(str(talk), "KEY")


# --- whose way in ends while the socket is open ----------
def _log_out(person: User, cookie: str) -> None:
    Session.objects.filter(session_key=cookie).delete()


def _suspend(person: User, cookie: str) -> None:
    User.objects.filter(pk=person.pk).update(suspended_at=timezone.now())


ENDS = {"logged out": _log_out, "suspended": _suspend}


async def word_after(end: str, frame: Frame, kind: str, world: World) -> str:
    """What this person hears on a socket that was open before their way in ended. The way in is given back."""
    person = world.people[kind]
    cookie = await in_thread(cookie_of, person)
    one = await Listener(kind, world, cookie).open()
    assert one.closed is None
    await in_thread(ENDS[end], person, cookie)
    word = await one.word(frame)
    await one.close()
    # a heartbeat may close the socket while its frame still waits for the writer: by then this session must be gone
    await in_thread(_log_out, person, cookie)
    await in_thread(User.objects.filter(pk=person.pk).update, suspended_at=None)
    return word


# --- what comes by itself ----------
async def _message(world: World, ben: Listener) -> None:
    talk = str(world.things["conversation"])
    await ben._say({"v": 1, "type": "send", "conversation": talk, "client_id": str(uuid4()), "body": "Ich komme"})


async def _delivered(world: World, ben: Listener) -> None:
    await ben._say({"v": 1, "type": "received", "conversation": str(world.things["conversation"]), "seq": 1000})


async def _read(world: World, ben: Listener) -> None:
    await ben._say({"v": 1, "type": "read", "conversation": str(world.things["conversation"]), "seq": 1000})


async def _typing(world: World, ben: Listener) -> None:
    await ben._say({"v": 1, "type": "typing", "conversation": str(world.things["conversation"])})


async def _moved(world: World, ben: Listener) -> None:
    def end() -> None:
        match = Match.objects.get(pk=world.things["match"])
        actions.end_match(match_id=match.pk, by=world.people["matched"], reason="Umzug", now=timezone.now())

    await in_thread(end)


async def _nothing(world: World, ben: Listener) -> None:
    """The heartbeat comes without anybody's doing."""


DEEDS = {
    "message": (_message, "conversation"),
    "delivered": (_delivered, "conversation"),
    "read": (_read, "conversation"),
    "typing": (_typing, "conversation"),
    "heartbeat": (_nothing, "conversation"),
    "event": (_moved, "match"),
}


async def who_hears(kind: str, world: World, devices: dict[str, Listener]) -> dict[str, str]:
    """Kind of person -> ok (heard it) or silent, when the volunteer of the talk does what makes this frame."""
    deed, thing = DEEDS[kind]
    for one in devices.values():
        await one.quiet()
    about = str(world.things[thing])
    waiting = {name: asyncio.ensure_future(one.heard(kind, about, _SHORT)) for name, one in devices.items()}
    await deed(world, devices["matched"])
    found = {name: await heard for name, heard in waiting.items()}
    return {name: _heard(devices[name], heard) for name, heard in found.items()}


def _heard(one: Listener, heard: list[dict]) -> str:
    return "login" if one.closed == 4401 else "ok" if heard else "silent"
