"""A device as static/js/talk.js behaves: sends one by one, keeps what has no tick, catches up by its cursor."""

import asyncio
import json
import random
import time
from uuid import uuid4

from bench._talks import Talker
from bench._wire import Wire
from tests.faults.history import Event, History

TAKEN_BACK = 0.15  # of the messages, right after their tick
TICK_SECONDS = 6.0  # without a tick for so long the line is given up


class Device:
    """`ports`: the processes of the house, one is tried after the other. `twice`: repeats every send once."""

    def __init__(self, name: str, talker: Talker, ports: list[int], history: History, dice: random.Random) -> None:
        self.name, self.talker, self.ports, self.history, self.dice = name, talker, ports, history, dice
        self.talk, self.person = str(talker.talk), str(talker.person)
        history.owners[name] = self.person
        self.cursor, self.epoch = 0, None
        self.outbox: list[Event] = []
        self.texts: dict[int, str] = history.showing.setdefault(name, {})
        self.ticked = self.lines = 0
        self.writing = True
        self.twice = False
        self.origin = ports[0]  # the address of the house
        self.detour: int | None = None  # the next line goes over this port
        self.clock = ""  # what this device takes for the time, if it says so
        self.code: int | None = None
        self._wire: Wire | None = None
        self._greeted, self._over, self._tick = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def live(self) -> None:
        """Until cancelled: connect, talk, lose the line, come back."""
        tries = 0
        while True:
            if await self._connect():
                tries = 0
                await self._talk()
            tries += 1
            await asyncio.sleep(0.1 + self.dice.random() * min(2.0, 0.2 * 2**tries))

    def cut(self) -> None:
        """The line is gone without a goodbye."""
        if self._wire is not None:
            self._wire.close()

    def read_all(self) -> None:
        """The person looks at everything that is there."""
        if self._wire is not None and self.cursor:
            self._say("read", conversation=self.talk, seq=self.cursor)

    @property
    def is_greeted(self) -> bool:
        return self._greeted.is_set() and not self._over.is_set()

    @property
    def idle(self) -> bool:
        return not self.outbox

    async def _connect(self) -> bool:
        port, self.detour = self.detour or self.ports[self.lines % len(self.ports)], None
        self.lines += 1
        self._greeted, self._over = asyncio.Event(), asyncio.Event()
        self._wire = Wire(self._hear, self._lost)
        headers = {"Cookie": self.talker.cookie, "Origin": f"http://127.0.0.1:{self.origin}"}
        if not await self._wire.open(port, "/ws/v1/", headers=headers, timeout=5):
            return False
        self._say("hello", epoch=self.epoch, cursors={self.talk: self.cursor})
        return await _within(self._greeted, 8)

    async def _talk(self) -> None:
        while not self._over.is_set():
            if not self.outbox and not self.writing:
                await _within(self._over, 0.3)
                continue
            if not self.outbox:
                self._want(body=str(uuid4()))
            self._tick = asyncio.Event()
            for _ in range(2 if self.twice else 1):
                self._send(self.outbox[0])
            if not await _within(self._tick, TICK_SECONDS):
                self.cut()
                return
            await _within(self._over, 0.1 + self.dice.random() * 0.4)

    def _want(self, *, body: str = "", deletes: int = 0) -> None:
        said = {"talk": self.talk, "client_id": body or str(uuid4()), "body": body, "deletes": deletes}
        self.outbox.append(self.history.note("invoke", self.name, **said))

    def _send(self, event: Event) -> None:
        if event.deletes:
            self._say("delete", conversation=self.talk, client_id=event.client_id, seq=event.deletes)
        else:
            self._say("send", conversation=self.talk, client_id=event.client_id, body=event.body)

    def _say(self, kind: str, **fields: object) -> None:
        assert self._wire is not None  # connected
        said = {"sent_at": self.clock} if self.clock else {}
        self._wire.send(json.dumps({"v": 1, "type": kind, **said, **fields}).encode())

    def _lost(self, _wire: Wire, code: int | None) -> None:
        self.code = code
        self._over.set()
        self._tick.set()

    def _hear(self, wire: Wire, text: bytes) -> None:
        if wire is not self._wire:
            return
        frame = json.loads(text)
        hear = getattr(self, f"_hear_{frame['type']}", None)
        if hear:
            hear(frame)

    def _hear_welcome(self, frame: dict) -> None:
        self.epoch = frame["epoch"]
        self._greeted.set()

    def _hear_ack(self, frame: dict) -> None:
        if self.outbox and frame["client_id"] == self.outbox[0].client_id:
            sent = self.outbox.pop(0)
            self.ticked += 1
            self.history.note("ok", self.name, talk=self.talk, client_id=sent.client_id, seq=frame["seq"])
            if not sent.deletes and self.writing and self.dice.random() < TAKEN_BACK:
                self._want(deletes=frame["seq"])
            self._tick.set()

    def _hear_error(self, frame: dict) -> None:
        if not self.outbox or frame.get("client_id") != self.outbox[0].client_id:
            return
        if frame["code"] not in ("busy", "away", "broken"):
            sent = self.outbox.pop(0)
            self.history.note("fail", self.name, talk=self.talk, client_id=sent.client_id, body=frame["code"])
        self._tick.set()

    def _hear_message(self, frame: dict) -> None:
        if frame["conversation"] != self.talk or frame["seq"] <= self.cursor:
            return None
        if frame["seq"] > self.cursor + 1:
            return self._say("pull", conversation=self.talk, after_seq=self.cursor)
        self.cursor = frame["seq"]
        self.texts[frame["deletes"] or frame["seq"]] = "" if frame["deletes"] or frame["deleted"] else frame["body"]
        self.history.note("shown", self.name, talk=self.talk, client_id=frame["client_id"], seq=frame["seq"])
        if frame["seq"] % 5 == 0:
            self._say("read", conversation=self.talk, seq=frame["seq"])
        return None

    def _hear_read(self, frame: dict) -> None:
        said = {"talk": frame["conversation"], "person": frame["person"], "seq": frame["seq"]}
        self.history.note("mark", self.name, **said)

    def _hear_heartbeat(self, frame: dict) -> None:
        if frame["cursors"].get(self.talk, 0) > self.cursor:
            self._say("pull", conversation=self.talk, after_seq=self.cursor)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def until(true, seconds: float) -> bool:
    last = time.monotonic() + seconds
    while not true():
        if time.monotonic() > last:
            return False
        await asyncio.sleep(0.1)
    return True
