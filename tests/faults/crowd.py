"""Many sockets that lose their line at the same moment and come back as static/js/talk.js does."""

import asyncio
import random
import time

from bench._talks import Talker
from bench._wire import Wire

PER_SESSION = 4  # the house lets in five
BACK_SECONDS = 120.0
AT_ONCE = 100


class Crowd:
    """`ports`: of all processes; each guest has one. `back_after`: seconds of the last return, None before it."""

    def __init__(self, people: list[Talker], ports: list[int], dice: random.Random) -> None:
        self._guests = [(one, dice.choice(ports)) for one in people for _ in range(PER_SESSION)]
        self._origin, self._dice, self._wires = f"http://127.0.0.1:{ports[0]}", dice, list[Wire]()

    def __len__(self) -> int:
        return len(self._guests)

    async def come(self) -> int:
        """In good order; how many are in."""
        came = 0
        for start in range(0, len(self), AT_ONCE):
            came += sum(await asyncio.gather(*(self._enter(*one) for one in self._guests[start : start + AT_ONCE])))
        return came

    async def come_back(self) -> tuple[float, int]:
        """All at once; seconds until the last was in, and how many were not within two minutes."""
        start = time.monotonic()
        last = asyncio.get_running_loop().time() + BACK_SECONDS
        back = await asyncio.gather(*(self._return(*one, last) for one in self._guests))
        return time.monotonic() - start, back.count(False)

    def leave(self) -> None:
        for wire in self._wires:
            wire.close()
        self._wires = []

    async def _return(self, talker: Talker, port: int, last: float) -> bool:
        tries = 0
        try:
            async with asyncio.timeout_at(last):
                while True:
                    tries += 1
                    await asyncio.sleep(0.2 + self._dice.random() * min(300.0, 2.0 * 2**tries))
                    if await self._enter(talker, port):
                        return True
        except TimeoutError:
            return False

    async def _enter(self, talker: Talker, port: int) -> bool:
        greeted = asyncio.Event()
        wire = Wire(lambda *_: greeted.set(), lambda *_: greeted.set())
        if not await wire.open(port, "/ws/v1/", headers={"Cookie": talker.cookie, "Origin": self._origin}, timeout=20):
            return False
        wire.send(b'{"v": 1, "type": "hello", "cursors": {}}')
        try:
            async with asyncio.timeout(20):
                await greeted.wait()
        except TimeoutError:
            wire.close()
            return False
        self._wires.append(wire)
        return wire.transport is not None and not wire.transport.is_closing()
