"""Everything that is done to a house; the numbers are those of the list of faults in docs/live-promise.md."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Collection

from bench._talks import Talker
from bench._wire import Wire
from tests.faults.crowd import Crowd
from tests.faults.devices import Device, until
from tests.faults.houses import House
from tests.faults.proxies import Proxy
from tests.faults.saboteur import AFTER, BEFORE, SCRIBE

CLOCK_SECONDS = 120
FOUND_SECONDS = 60.0  # uvicorn pings every 20 s and waits 20 s for the answer; a busy machine needs longer
LONG_PAUSE = 32.0
DEATH_SECONDS = 8.0  # so long an ordered death may take: somebody has to write meanwhile
SCRIBE_SECONDS = 20.0  # it starts with the first socket, on a busy machine
ENDING = {"F1", "F2", "F3", "F9", "F16", "F17"}  # a server stops
ONCE = {"F10", "F16"}  # they take as long as ten others
# Slow ones that run beside the others first. F12 is none of them: devices that send twice are always there.
ORDER = ("F10", "F14", "F11", "F13", "F6", "F7", "F8", "F4", "F5", "F15", "F18", "F2", "F1", "F3", "F9", "F17", "F16")
NEEDS = {"F4": "postgres", "F5": "postgres", "F6": "redis", "F7": "redis", "F8": "redis", "F15": "sqlite"}
Fault = Callable[[], Awaitable[None]]


def names(parts: Collection[str]) -> list[str]:
    """What can be done to a set-up of these parts: "sqlite" or "postgres", and "redis" where there is one."""
    return [name for name in ORDER if name not in NEEDS or NEEDS[name] in parts]


class Breaking:
    """
    `counts`: how often each fault came; `spent`: the seconds of its longest time.

    `problems`: promises that a fault itself saw broken, beside what the checker finds.
    """

    def __init__(self, house: House, devices: list[Device], crowd: list[Talker], dice: random.Random) -> None:
        self.house, self.devices, self.dice = house, devices, dice
        self._people = crowd
        self.counts: Counter[str] = Counter()
        self.spent: dict[str, float] = {}
        self.kills = 0
        self.problems: list[tuple[str, str]] = []
        self.storm_seconds = self.found_seconds = 0.0
        self.long_pauses = False
        self._beside: list[asyncio.Task] = []

    def all(self) -> dict[str, Fault]:
        """What can be done to this set-up, in the order in which each comes once."""
        every: dict[str, Fault] = {
            "F1": lambda: self.die_at(AFTER),
            "F2": lambda: self.die_at(BEFORE),
            "F3": self.kill_server,
            "F4": self.stop_postgres,
            "F5": self.fail_over,
            "F6": self.empty_redis,
            "F7": self.kill_redis,
            "F8": self.fill_redis,
            "F9": self.pause_server,
            "F10": self.vanish,
            "F11": self.deaf_reader,
            "F13": self.cut_lines,
            "F14": self.shift_clocks,
            "F15": self.fill_disk,
            "F16": self.storm,
            "F17": self.rolling_deploy,
            "F18": self.end_scribe,
        }
        return {name: every[name] for name in names(self.house.parts)}

    async def settle(self) -> None:
        """What still runs beside comes to its end."""
        await asyncio.gather(*self._beside)

    def _any(self) -> int:
        return self.dice.randrange(len(self.house.ports))

    async def _up(self, *numbers: int, older: bool = False) -> None:
        for number in numbers:
            self.house.start(number, older=older)
        await asyncio.gather(*(asyncio.to_thread(self.house.wait, number) for number in numbers))

    # --- servers ----------
    async def kill_server(self) -> None:
        number = self._any()
        await asyncio.to_thread(self.house.kill, number)
        self.kills += 1
        await self._up(number)

    async def die_at(self, moment: str) -> None:
        number = self._any()
        self.house.order_death(number, moment)
        if await until(lambda: self.house.is_dead(number), DEATH_SECONDS):
            self.kills += 1
        else:  # nobody wrote there
            await asyncio.to_thread(self.house.kill, number)
            self.problems.append(("F1", f"nothing was stored by server {number} within {DEATH_SECONDS:.0f} s"))
        await self._up(number)

    async def pause_server(self) -> None:
        number, first = self._any(), not self.counts["F9"]
        self.house.signal(number, signal.SIGSTOP)
        await asyncio.sleep(LONG_PAUSE if first and self.long_pauses else 2 + self.dice.random() * 4)
        self.house.signal(number, signal.SIGCONT)

    async def end_scribe(self) -> None:
        """The process that stores for a server dies: at any moment, before a commit, after one; or it stands still."""
        number, ways = self._any(), [self._kill_scribe, self._stop_scribe, self._die_scribe]
        if not await until(lambda: self.house.scribe(number), SCRIBE_SECONDS):
            self.problems.append(("F18", f"nobody stores for server {number}"))
            return
        await ways[self.counts["F18"] % len(ways)](number)

    async def _kill_scribe(self, number: int) -> None:
        self.house.signal_scribe(number, signal.SIGKILL)
        self.kills += 1

    async def _stop_scribe(self, number: int) -> None:
        self.house.signal_scribe(number, signal.SIGSTOP)
        await asyncio.sleep(LONG_PAUSE if self.long_pauses else 2 + self.dice.random() * 4)  # the server ends it
        self.house.signal_scribe(number, signal.SIGCONT)

    async def _die_scribe(self, number: int) -> None:
        pid = self.house.scribe(number)
        self.house.order_death(number, SCRIBE + self.dice.choice([BEFORE, AFTER]))
        if await until(lambda: self.house.scribe(number) != pid, DEATH_SECONDS):
            self.kills += 1
        else:  # nobody wrote there
            self.problems.append(("F18", f"nothing was stored for server {number} within {DEATH_SECONDS:.0f} s"))

    async def rolling_deploy(self) -> None:
        """One process after the other goes to the older code, then back; where there is none, it only restarts."""
        for older in (True, False) if self.house.older else (False,):
            for number in range(len(self.house.ports)):
                await asyncio.to_thread(self.house.stop, number)
                await self._up(number, older=older)
            await asyncio.sleep(1)

    async def shift_clocks(self) -> None:
        """Some clocks jump ahead, some back, and stay so until the next time."""
        steps = [CLOCK_SECONDS, -CLOCK_SECONDS, 0]
        self.dice.shuffle(steps)
        for number in range(len(self.house.ports)):
            self.house.shift_clock(number, steps[number % len(steps)] or CLOCK_SECONDS / 2)

    async def fill_disk(self) -> None:
        """No file may grow: the process cannot write its journal. For one process, not for a volume."""
        number = self._any()
        self.house.limit_files(number, 0)
        await asyncio.sleep(2 + self.dice.random() * 2)
        self.house.limit_files(number, -1)

    # --- lines ----------
    async def cut_lines(self) -> None:
        for device in self.dice.sample(self.devices, len(self.devices) // 2):
            device.cut()

    async def vanish(self) -> None:
        """A device goes without a word; the server has to find out by itself."""
        device = self.dice.choice(self.devices[:-2])
        proxy = Proxy(self.dice.choice(self.house.ports))
        await proxy.start()
        device.detour = proxy.port
        device.cut()
        if await until(lambda: device.detour is None and device.is_greeted, 10):
            proxy.fall_silent()
        self._beside.append(asyncio.create_task(self._found(proxy)))

    async def _found(self, proxy: Proxy) -> None:
        if proxy.silent and not await until(lambda: proxy.given_up_after is not None, FOUND_SECONDS):
            self.problems.append(("F10", f"a line was still open {FOUND_SECONDS:.0f} s after its silence"))
        self.found_seconds = max(self.found_seconds, proxy.given_up_after or 0.0)
        proxy.shut()

    async def deaf_reader(self) -> None:
        """A socket that greets, takes nothing in and confirms nothing, while the others go on."""
        wire, talker = Wire(lambda *_: None), self.devices[0].talker
        headers = {"Cookie": talker.cookie, "Origin": f"http://127.0.0.1:{self.house.ports[0]}"}
        await wire.open(self.dice.choice(self.house.ports), "/ws/v1/", headers=headers)
        wire.send(b'{"v": 1, "type": "hello", "cursors": {}}')
        await asyncio.sleep(0.1)
        if wire.transport is not None and not wire.transport.is_closing():
            wire.transport.pause_reading()
        asyncio.get_running_loop().call_later(20, wire.close)

    async def storm(self) -> None:
        """All servers die under a crowd, and everybody comes back at once."""
        crowd = Crowd(self._people, self.house.ports, self.dice)
        await crowd.come()
        numbers = range(len(self.house.ports))
        for number in numbers:
            await asyncio.to_thread(self.house.kill, number)
            self.kills += 1
        await self._up(*numbers)
        seconds, away = await crowd.come_back()
        self.storm_seconds = max(self.storm_seconds, seconds)
        if away:
            self.problems.append(("F16", f"{away} of {len(crowd)} did not come back"))
        crowd.leave()

    # --- Redis and PostgreSQL ----------
    async def empty_redis(self) -> None:
        assert self.house.redis is not None  # only then is this a fault
        await asyncio.to_thread(self.house.redis.empty)

    async def fill_redis(self) -> None:
        assert self.house.redis is not None  # only then is this a fault
        await asyncio.to_thread(self.house.redis.fill)
        await asyncio.sleep(3 + self.dice.random() * 3)
        await asyncio.to_thread(self.house.redis.give_room)

    async def kill_redis(self) -> None:
        assert self.house.redis is not None  # only then is this a fault
        await asyncio.to_thread(self.house.redis.kill)
        self.kills += 1
        await asyncio.sleep(1 + self.dice.random() * 2)
        await asyncio.to_thread(self.house.redis.start)

    async def stop_postgres(self) -> None:
        assert self.house.postgres is not None  # only then is this a fault
        await asyncio.to_thread(self.house.postgres.stop_at_once)
        self.kills += 1
        await asyncio.sleep(self.dice.random() * 2)
        await asyncio.to_thread(self.house.postgres.start)

    async def fail_over(self) -> None:
        """The database dies; a second one that every commit waited for takes over, behind the same address."""
        postgres, address = self.house.postgres, self.house.address
        assert postgres is not None  # only then is this a fault
        assert address is not None
        if not await asyncio.to_thread(postgres.second):
            self.problems.append(("F5", "the second database did not come up"))
        await asyncio.sleep(1 + self.dice.random())  # some commits that the first waits for
        await asyncio.to_thread(postgres.fail_over)
        self.kills += 1
        address.target = postgres.port
        address.cut()

    async def one(self, name: str) -> None:
        if name in ENDING:  # whoever vanished has to be noticed, not to be cut
            await self.settle()
        began = time.monotonic()
        await self.all()[name]()
        self.counts[name] += 1
        self.spent[name] = max(self.spent.get(name, 0.0), time.monotonic() - began)
