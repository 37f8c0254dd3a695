"""One run of one set-up: open the house, let people talk, break things by the dice, wait for quiet, fetch, judge."""

import asyncio
import random
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bench._talks import Talker
from bench._wire import Wire
from tests.faults.checker import Complaint, complaints
from tests.faults.devices import Device, until
from tests.faults.history import History, Stored
from tests.faults.houses import House

QUIET_SECONDS = 60.0
TALKS = 4
CROWD = 150  # sockets that come at once in a storm


@dataclass(frozen=True)
class SetUp:
    name: str
    processes: int
    postgres: bool


@dataclass
class Outcome:
    name: str
    seed: int
    history: History
    schedule: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    kills: int = 0
    shut_out: float = 0.0

    @property
    def acknowledged(self) -> int:
        return sum(1 for _ in self.history.of("ok"))

    @property
    def worst_delay(self) -> float:
        sent = {event.client_id: event.at for event in self.history.of("invoke")}
        return max((event.at - sent[event.client_id] for event in self.history.of("shown")), default=0.0)


async def run(set_up: SetUp, *, seed: int, seconds: float, only: tuple[str, ...] = ()) -> Outcome:
    """`only`: names of faults; all that the set-up knows where empty."""
    house = House(processes=set_up.processes, postgres=set_up.postgres)
    try:
        await asyncio.to_thread(house.open)
        people = await asyncio.to_thread(_people)
        for number in range(set_up.processes):
            house.start(number)
        for number in range(set_up.processes):
            await asyncio.to_thread(house.wait, number)
        return await _Run(set_up, house, people, seed).play(seconds, only)
    finally:
        await asyncio.to_thread(house.shut)


class _Run:
    def __init__(self, set_up: SetUp, house: House, people: list[Talker], seed: int) -> None:
        self.house, self.people, self.dice = house, people, random.Random(seed)
        self.history = History()
        self._beside: asyncio.Task | None = None
        self.outcome = Outcome(set_up.name, seed, self.history)
        self.devices = [self._device(index, copy) for index in range(2 * TALKS) for copy in range(1 + index % 2)]
        for index in range(TALKS):
            pair = people[2 * index], people[2 * index + 1]
            self.history.members[str(pair[0].talk)] = [str(one.person) for one in pair]

    def _device(self, index: int, copy: int) -> Device:
        ports = self.house.ports[index % len(self.house.ports) :] + self.house.ports[: index % len(self.house.ports)]
        device = Device(f"p{index}.{copy}", self.people[index], ports, self.history, random.Random(index * 10 + copy))
        device.origin = self.house.ports[0]
        device.twice = copy == 1
        return device

    async def play(self, seconds: float, only: tuple[str, ...]) -> Outcome:
        lives = [asyncio.create_task(device.live()) for device in self.devices]
        try:
            await asyncio.sleep(2)
            await self._break_things(seconds, only or tuple(self._faults()))
            await self._quiet()
            await self._fetch()
        finally:
            for life in lives:
                life.cancel()
            await asyncio.gather(*lives, return_exceptions=True)
        self.outcome.complaints += complaints(self.history)
        return self.outcome

    def _faults(self) -> dict[str, Callable[[], Awaitable[None]]]:
        """What can be done to this set-up; the numbers are those of live.md."""
        found = {
            "kill": self.kill_server,  # F1, F2, F3
            "shut_out": self.shut_out,  # D10
            "pause": self.pause_server,  # F9
            "cut": self.cut_lines,  # F10, F13
            "deaf": self.deaf_reader,  # F11
            "storm": self.storm,  # F16
            "rolling": self.rolling_restart,  # F17, with one and the same code
        }
        if self.house.redis:
            found |= {"redis_empty": self.empty_redis, "redis_kill": self.kill_redis}  # F6, F7
        if self.house.postgres:
            found["postgres_stop"] = self.stop_postgres  # F4
        return found

    async def _break_things(self, seconds: float, names: tuple[str, ...]) -> None:
        last, faults, waiting = time.monotonic() + seconds, self._faults(), list(names)
        while time.monotonic() < last:
            name = waiting.pop(0) if waiting else self.dice.choice(names)  # each once, then by the dice
            if name == "shut_out" and self.history.shut:
                continue
            self.outcome.schedule.append(name)
            await faults[name]()
            await asyncio.sleep(0.3 + self.dice.random() * 1.5)

    # --- the faults ----------
    def _any(self) -> int:
        return self.dice.randrange(len(self.house.ports))

    async def kill_server(self) -> None:
        number = self._any()
        await asyncio.to_thread(self.house.kill, number)
        self.outcome.kills += 1
        await asyncio.sleep(self.dice.random())
        await self._up(number)

    async def pause_server(self) -> None:
        number = self._any()
        self.house.signal(number, signal.SIGSTOP)
        await asyncio.sleep(2 + self.dice.random() * 6)
        self.house.signal(number, signal.SIGCONT)

    async def cut_lines(self) -> None:
        for device in self.dice.sample(self.devices, len(self.devices) // 2):
            device.cut()

    async def deaf_reader(self) -> None:
        """A socket that greets, takes nothing in and confirms nothing, while the others go on."""
        wire = Wire(lambda *_: None)
        talker = self.people[0]
        await wire.open(self.house.ports[0], "/ws/v1/", headers=self._headers(talker))
        wire.send(b'{"v": 1, "type": "hello", "cursors": {}}')
        await asyncio.sleep(0.1)
        if wire.transport is not None and not wire.transport.is_closing():
            wire.transport.pause_reading()
        asyncio.get_running_loop().call_later(20, wire.close)

    async def storm(self) -> None:
        """Everybody at once, and a crowd beside them."""
        for device in self.devices:
            device.cut()
        crowd = [Wire(lambda *_: None) for _ in range(CROWD)]
        opening = [
            wire.open(
                self.dice.choice(self.house.ports), "/ws/v1/", headers=self._headers(self.dice.choice(self.people))
            )
            for wire in crowd
        ]
        await asyncio.gather(*opening)
        for wire in crowd:
            wire.close()

    async def rolling_restart(self) -> None:
        for number in range(len(self.house.ports)):
            await asyncio.to_thread(self.house.stop, number)
            await self._up(number)

    async def empty_redis(self) -> None:
        assert self.house.redis is not None  # only then is this a fault
        await asyncio.to_thread(self.house.redis.empty)

    async def kill_redis(self) -> None:
        assert self.house.redis is not None  # only then is this a fault
        await asyncio.to_thread(self.house.redis.kill)
        self.outcome.kills += 1
        await asyncio.sleep(1 + self.dice.random() * 2)
        await asyncio.to_thread(self.house.redis.start)

    async def stop_postgres(self) -> None:
        assert self.house.postgres is not None  # only then is this a fault
        await asyncio.to_thread(self.house.postgres.stop_at_once)
        self.outcome.kills += 1
        await asyncio.sleep(self.dice.random() * 2)
        await asyncio.to_thread(self.house.postgres.start)

    async def shut_out(self) -> None:
        """The last person is logged out from elsewhere: nothing written from then on may reach their devices."""
        person = self.devices[-1].person
        gone = [device for device in self.devices if device.person == person]
        await asyncio.to_thread(_end_session, gone[0].talker)
        now = time.monotonic()
        self.history.shut |= {device.name: now for device in gone}
        for device in gone:
            device.writing = False
            device.outbox.clear()
        self._beside = asyncio.create_task(self._see_out(gone, now))

    async def _see_out(self, gone: list[Device], since: float) -> None:
        if not await until(lambda: all(device.code == 4401 for device in gone), 60):
            self.outcome.complaints.append(("I6", "a socket outlived its session"))
        self.outcome.shut_out = time.monotonic() - since

    # --- the end ----------
    async def _up(self, number: int) -> None:
        self.house.start(number)
        await asyncio.to_thread(self.house.wait, number)

    async def _quiet(self) -> None:
        """No more faults and no new messages: everything has to arrive now."""
        if self._beside:
            await self._beside
        for device in self.devices:
            device.writing = False
        there = [device for device in self.devices if device.name not in self.history.shut]
        if not await until(lambda: all(device.idle for device in there), QUIET_SECONDS):
            self.outcome.complaints.append(("I1", "not everything was ticked after the faults"))
        last = await asyncio.to_thread(_last_seqs)
        await until(lambda: all(device.cursor >= last[device.talk] for device in there), QUIET_SECONDS)

    async def _fetch(self) -> None:
        """Every device loads everything anew, as after the loss of its memory."""
        self.history.stored = await asyncio.to_thread(_stored)
        ends = await asyncio.to_thread(_last_seqs)
        for device in self.devices:
            if device.name not in self.history.shut:
                seen = await self._all_of(device, ends[device.talk])
                self.history.fetched[device.name] = {device.talk: seen}

    async def _all_of(self, device: Device, count: int) -> list[tuple[int, str]]:
        import json

        seen: list[tuple[int, str]] = []

        def hear(wire: Wire, text: bytes) -> None:
            frame = json.loads(text)
            if frame["type"] == "message":
                seen.append((frame["seq"], frame["client_id"]))

        wire = Wire(hear)
        await wire.open(device.ports[0], "/ws/v1/", headers=self._headers(device.talker))
        wire.send(b'{"v": 1, "type": "hello", "cursors": {}}')
        await until(lambda: len(seen) >= count, 20)
        wire.close()
        return seen

    def _headers(self, talker: Talker) -> dict[str, str]:
        return {"Cookie": talker.cookie, "Origin": f"http://127.0.0.1:{self.house.ports[0]}"}


# --- the database, in a thread ----------
def _people() -> list[Talker]:
    import django
    from django.apps import apps
    from django.core.management import call_command
    from django.db import connections

    if not apps.ready:
        django.setup()
    _point_here()
    call_command("migrate", verbosity=0)
    from bench._talks import talkers

    found = talkers(2 * TALKS)
    connections.close_all()
    return found


def _point_here() -> None:
    """The second set-up of one command runs in a process whose Django knows the first."""
    import os

    import environ
    from django.conf import settings
    from django.db import connections

    wanted = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    connections.close_all()
    options = {} if "sqlite" not in wanted["ENGINE"] else settings.DATABASES["default"].get("OPTIONS", {})
    settings.DATABASES["default"].update(wanted | {"OPTIONS": options})
    connections.settings = connections.configure_settings(settings.DATABASES)
    del connections["default"]


def _stored() -> list[Stored]:
    from django.db import connections

    from messaging.models import Message

    rows = Message.objects.order_by("conversation", "seq").values_list(
        "conversation", "seq", "client_id", "sender", "body"
    )
    found = [Stored(str(talk), seq, str(key), str(who), body) for talk, seq, key, who, body in rows]
    connections.close_all()
    return found


def _last_seqs() -> dict[str, int]:
    from django.db import connections

    from messaging.models import Conversation

    found = {str(key): seq for key, seq in Conversation.objects.values_list("pk", "last_seq")}
    connections.close_all()
    return found


def _end_session(talker: Talker) -> None:
    from django.contrib.sessions.models import Session
    from django.db import connections

    Session.objects.get(session_key=talker.cookie.split("=")[1]).delete()
    connections.close_all()
