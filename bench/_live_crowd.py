"""Many sockets of one rival, two and two in one talk, each sending its next message when it hears of the last one."""

import asyncio
import os
import time
from uuid import UUID

from bench._live_servers import Rival
from bench._wire import Wire

CALM = 80  # messages a second
WARM_SECONDS = 10.0  # at the most, before anything is counted
CONFIRM_EVERY = 50  # messages, as the page does


class Crowd:
    """
    `key` of a message names its sender: the first eight digits are the sender's index.

    `heard`: index -> how many messages that socket was shown; `keys`: index -> which, where `keep` is set.
    """

    def __init__(self, rival: Rival, count: int, *, keep: bool = False) -> None:
        self.rival, self.count, self.keep = rival, count, keep
        self.by_index: dict[int, Wire] = {}
        self.sent: dict[bytes, float] = {}
        self.delays: list[float] = []
        self.delivered = 0
        self.heard: dict[int, int] = {}
        self.keys: dict[int, set[bytes]] = {}
        self.looping = False

    async def open(self) -> None:
        away = [index for index in range(self.count) if index not in self.by_index]
        for start in range(0, len(away), 100):
            await asyncio.gather(*map(self.one, away[start : start + 100]))

    async def one(self, index: int) -> None:
        """Open and greet. Raises RuntimeError where it was refused."""
        greeted = asyncio.get_running_loop().create_future()
        first = self.rival.hello(index)

        def hear(wire: Wire, text: bytes) -> None:
            if not greeted.done():
                greeted.set_result(True)
            self._heard(index, text)

        def end(wire: Wire, code: int | None) -> None:
            if first and wire.status == 101 and not greeted.done():
                greeted.set_exception(RuntimeError(f"closed with {code}"))

        wire = Wire(hear, end)
        if not await wire.open(self.rival.port, self.rival.path(index), headers=self.rival.headers(index), timeout=60):
            raise RuntimeError(f"{self.rival.name}: socket {index} refused with {wire.status}")
        self.by_index[index] = wire
        if first:
            wire.send(first)
            await greeted

    def close(self) -> None:
        for wire in self.by_index.values():
            wire.close()

    def send(self, index: int) -> None:
        key = str(UUID(int=(index << 96) | (os.getpid() << 40) | len(self.sent)))
        self.sent[key.encode()] = time.perf_counter()
        self.by_index[index].send(self.rival.frame(index, key))

    def _heard(self, index: int, text: bytes) -> None:
        key = self.rival.key_of(text)
        if not key:
            return
        mine = int(key[:8], 16) == index
        if mine != self.rival.to_partner and (at := self.sent.get(key)):
            self.delivered += 1
            self.delays.append(time.perf_counter() - at)
        if mine and self.looping:
            self.send(index)
        self._count(index, key)

    def _count(self, index: int, key: bytes) -> None:
        self.heard[index] = heard = self.heard.get(index, 0) + 1
        if self.keep:
            self.keys.setdefault(index, set()).add(key)
        wire = self.by_index.get(index)
        if heard % CONFIRM_EVERY == 0 and wire and (said := self.rival.received(index, heard)):
            wire.send(said)

    def loop(self, count: int) -> None:
        """From now on the first `count` sockets write without a pause."""
        self.looping = True
        for index in list(self.by_index)[:count]:
            self.send(index)

    async def _warm(self, least: float) -> None:
        """All write, until as many messages arrived as there are sockets: the first of each talk costs more."""
        last, first = time.perf_counter() + WARM_SECONDS, self.delivered
        self.loop(self.count)
        await asyncio.sleep(least)
        while self.delivered - first < self.count and time.perf_counter() < last:
            await asyncio.sleep(0.1)

    async def storm_of_messages(self, seconds: float) -> tuple[float, float, list[float]]:
        """Delivered messages a second, the server's processor seconds for each, and their delays in seconds."""
        await self._warm(min(1.0, seconds / 2))
        self.delays, before, start, spent = [], self.delivered, time.perf_counter(), self.rival.cpu_seconds()
        await asyncio.sleep(seconds)
        count, delays = self.delivered - before, self.delays
        rate, cost = count / (time.perf_counter() - start), (self.rival.cpu_seconds() - spent) / max(count, 1)
        self.looping = False
        await asyncio.sleep(0.5)
        return rate, cost, delays

    async def calm(self, seconds: float) -> list[float]:
        self.delays = []
        start = time.perf_counter()
        for number in range(int(seconds * CALM)):
            self.send((number * 7) % self.count)
            await asyncio.sleep(max(0.0, start + (number + 1) / CALM - time.perf_counter()))
        await asyncio.sleep(0.5)
        return self.delays
