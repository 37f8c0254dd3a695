"""One run of one set-up: open the house, let people talk, break things by the dice, wait for quiet, fetch, judge."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from bench._talks import Talker
from bench._wire import Wire
from tests.faults import database
from tests.faults.breaking import ONCE, Breaking
from tests.faults.checker import Complaint, complaints
from tests.faults.crowd import PER_SESSION
from tests.faults.database import MEETING, TALKING
from tests.faults.devices import Device, until
from tests.faults.history import History
from tests.faults.houses import House, parts_of
from tests.faults.visitors import Arranging, Caller, Opening, Writer

QUIET_SECONDS = 90.0
LONG_RUN = 120.0  # seconds of a set-up from which on pauses are as long as live.md asks for
ODD_CLOCKS = ("1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z")
OFTEN = ("F1", "F2", "F3", "F3", "F4", "F7")  # after each came once, kills come more often than the rest


@dataclass(frozen=True)
class SetUp:
    name: str
    processes: int
    postgres: bool

    @property
    def parts(self) -> set[str]:
        return parts_of(processes=self.processes, postgres=self.postgres)


@dataclass
class Outcome:
    name: str
    seed: int
    history: History
    schedule: list[str] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    breaking: Breaking = None  # type: ignore[assignment]
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    older: str = ""
    shut_out: float = 0.0

    @property
    def acknowledged(self) -> int:
        return sum(1 for _ in self.history.of("ok"))

    @property
    def taken_back(self) -> int:
        tried = {event.client_id for event in self.history.of("invoke") if event.deletes}
        return sum(event.client_id in tried for event in self.history.of("ok"))

    @property
    def delays(self) -> list[float]:
        sent = {event.client_id: event.at for event in self.history.of("invoke")}
        return sorted(event.at - sent[event.client_id] for event in self.history.of("shown"))


async def run(
    set_up: SetUp, *, seed: int, seconds: float, only: tuple[str, ...] = (), crowd: int = 1000, older: str = ""
) -> Outcome:
    """`only`: names of faults; all that the set-up knows where empty. `older`: a revision, "" for a fitting one."""
    house = House(processes=set_up.processes, postgres=set_up.postgres)
    try:
        await house.open()
        there = await asyncio.to_thread(database.settle, TALKING + MEETING + 2 * (crowd // PER_SESSION // 2))
        revision = await asyncio.to_thread(house.fetch_older, older)
        for number in range(set_up.processes):
            house.start(number)
        for number in range(set_up.processes):
            await asyncio.to_thread(house.wait, number)
        return await _Run(set_up, house, there, seed, revision).play(seconds, only)
    finally:
        await asyncio.to_thread(house.shut)


class _Run:
    def __init__(self, set_up: SetUp, house: House, people: list[Talker], seed: int, older: str) -> None:
        self.house, self.people, self.dice = house, people[: TALKING + MEETING], random.Random(seed)
        self.history, self.answers = History(), Counter[tuple[str, int]]()
        self.outcome = Outcome(set_up.name, seed, self.history, answers=self.answers, older=older)
        self._beside: asyncio.Task | None = None
        self.devices = [self._device(index, copy) for index in range(TALKING) for copy in range(1 + index % 2)]
        for one, other in zip(people[:TALKING:2], people[1:TALKING:2], strict=True):
            self.history.members[str(one.talk)] = [str(one.person), str(other.person)]
        self.breaking = Breaking(house, self.devices, people[TALKING + MEETING :], self.dice)
        self.outcome.breaking = self.breaking
        self.writers = [Writer(f"http{index}", self._caller(index), self.history, self.dice) for index in (0, 3)]

    def _device(self, index: int, copy: int) -> Device:
        ports = self.house.ports[index % len(self.house.ports) :] + self.house.ports[: index % len(self.house.ports)]
        device = Device(f"p{index}.{copy}", self.people[index], ports, self.history, random.Random(index * 10 + copy))
        device.origin = self.house.ports[0]
        device.twice = copy == 1  # F12, always
        device.clock = ODD_CLOCKS[index % 4] if index % 4 < len(ODD_CLOCKS) else ""
        return device

    def _caller(self, index: int) -> Caller:
        return Caller(self.people[index], self.house.ports, self.answers)

    async def play(self, seconds: float, only: tuple[str, ...]) -> Outcome:
        began = time.time()
        talks = await asyncio.to_thread(database.matches, self.people)
        first, second = TALKING, TALKING + 2
        meeting = Arranging(self._caller(first), self._caller(first + 1), self.history, self.dice)
        match = talks[str(self.people[second].talk)]
        self.opening = Opening(self._caller(second), self._caller(second + 1), match, self.history)
        there = [asyncio.create_task(one.live()) for one in (*self.devices, *self.writers)]
        visits = [asyncio.create_task(one.live()) for one in (meeting, self.opening)]
        try:
            await asyncio.sleep(2)
            await self._break_things(seconds, only)
            await self._quiet(visits)
            await self._fetch(began)
        finally:
            for life in there + visits:
                life.cancel()
            await asyncio.gather(*there, *visits, return_exceptions=True)
        self.outcome.complaints += self.breaking.problems + complaints(self.history)
        return self.outcome

    async def _break_things(self, seconds: float, only: tuple[str, ...]) -> None:
        """Each once, however long it takes; then by the dice until the time is over."""
        self.breaking.long_pauses = seconds >= LONG_RUN
        last, known = time.monotonic() + seconds, self.breaking.all()
        waiting = list(only or known)
        often = [name for name in OFTEN if name in waiting] or waiting
        ends = asyncio.create_task(self._ends(seconds))
        while waiting or time.monotonic() < last:
            name = waiting.pop(0) if waiting else self.dice.choice([*(only or known), *often])
            if name in ONCE and self.breaking.counts[name]:
                continue
            self.outcome.schedule.append(name)
            await self.breaking.one(name)
            await asyncio.sleep(0.2 + self.dice.random() * 0.8)
        await ends
        await self.breaking.settle()

    async def _ends(self, seconds: float) -> None:
        """In the middle a match ends, and somebody is logged out from elsewhere."""
        await asyncio.sleep(min(seconds / 3, 20))
        await self.opening.end()
        await self.shut_out()

    async def shut_out(self) -> None:
        """Nothing written from then on may reach the devices of the last person (D10)."""
        person = self.devices[-1].person
        gone = [device for device in self.devices if device.person == person]
        began = time.monotonic()
        while True:
            try:
                await asyncio.to_thread(database.end_session, gone[0].talker)
                break
            except Exception:  # the database is away just now
                await asyncio.sleep(0.5)
        now = time.monotonic()
        self.history.shut |= {device.name: now for device in gone}
        for device in gone:
            device.writing = False
            device.outbox.clear()
        self._beside = asyncio.create_task(self._see_out(gone, began))

    async def _see_out(self, gone: list[Device], since: float) -> None:
        if not await until(lambda: all(device.code == 4401 for device in gone), 90):
            self.outcome.complaints.append(("I6", "a socket outlived its session"))
        self.outcome.shut_out = time.monotonic() - since

    # --- the end ----------
    async def _quiet(self, visits: list[asyncio.Task]) -> None:
        """No more faults and no new messages: everything has to arrive now."""
        if self._beside:
            await self._beside
        for one in (*self.devices, *self.writers):
            one.writing = False
        for visit in visits:
            visit.cancel()
        there = [device for device in self.devices if device.name not in self.history.shut]
        idle = lambda: all(one.idle for one in there) and not any(one.waiting for one in self.writers)  # noqa: E731
        if not await until(idle, QUIET_SECONDS):
            self.outcome.complaints.append(("I1", "not everything was ticked after the faults"))
        last = await asyncio.to_thread(database.last_seqs)
        await until(lambda: all(device.cursor >= last[device.talk] for device in there), QUIET_SECONDS)
        broken = {what: count for (what, status), count in self.answers.items() if status == 500}
        if broken:
            self.outcome.complaints.append(("HTTP", f"answered 500: {broken}"))

    async def _fetch(self, began: float) -> None:
        """Every device loads everything anew, as after the loss of its memory; half of the people read it all."""
        for device in self.devices[: len(self.devices) // 2]:
            device.read_all()
        self.history.stored = await asyncio.to_thread(database.stored, list(self.history.members))
        ends = await asyncio.to_thread(database.last_seqs)
        for device in self.devices:
            if device.name not in self.history.shut:
                seen = await self._all_of(device, ends[device.talk])
                self.history.fetched[device.name] = {device.talk: seen}
        self.history.span = began, time.time()
        books = await asyncio.to_thread(database.books)
        books.mails = await asyncio.to_thread(self.house.deliver)
        self.history.books = books

    async def _all_of(self, device: Device, count: int) -> list[tuple[int, str]]:
        seen: list[tuple[int, str]] = []
        wire = Wire(_listening(seen))
        headers = {"Cookie": device.talker.cookie, "Origin": f"http://127.0.0.1:{self.house.ports[0]}"}
        await wire.open(device.ports[0], "/ws/v1/", headers=headers)
        wire.send(b'{"v": 1, "type": "hello", "cursors": {}}')
        await until(lambda: len(seen) >= count, 20)
        wire.close()
        return seen


def _listening(seen: list[tuple[int, str]]) -> Callable[[Wire, bytes], None]:
    def hear(wire: Wire, text: bytes) -> None:
        frame = json.loads(text)
        if frame["type"] == "message":
            seen.append((frame["seq"], frame["client_id"]))
            if len(seen) % 50 == 0:
                said = {"v": 1, "type": "received", "conversation": frame["conversation"], "seq": frame["seq"]}
                wire.send(json.dumps(said).encode())

    return hear
