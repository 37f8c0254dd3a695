"""The server dies under thousands of open sockets while some of them write, and all come back at once."""

import asyncio
import random
import time
from dataclasses import dataclass

from bench._live_crowd import Crowd
from bench._live_servers import Ours

LIMIT_SECONDS = 180  # then who is not back is counted as such
WRITERS = 200


@dataclass
class Storm:
    """`promised`: messages that somebody had seen before the kill; `missing`: places where one of them is not now."""

    seconds: float
    away: int
    promised: int
    missing: int


async def storm(house: Ours, count: int) -> Storm:
    house.start()
    before = Crowd(house, count, keep=True)
    await before.open()
    before.loop(WRITERS)
    await asyncio.sleep(2)
    house.stop()  # kill -9, in the middle of writing
    before.looping = False
    before.close()
    house.start()
    after = Crowd(house, count, keep=True)
    start = time.perf_counter()
    last = asyncio.get_running_loop().time() + LIMIT_SECONDS
    back = await asyncio.gather(*(_come_back(after, index, last) for index in range(count)))
    seconds = time.perf_counter() - start
    await asyncio.sleep(2)
    after.close()
    house.stop()
    promised = _by_talk(before)
    missing = sum(len(keys - after.keys.get(i, set())) for talk, keys in promised.items() for i in (talk, talk + 1))
    return Storm(seconds, back.count(False), sum(map(len, promised.values())), missing)


def _by_talk(crowd: Crowd) -> dict[int, set[bytes]]:
    """First index of each talk -> what either of the two was shown."""
    found: dict[int, set[bytes]] = {}
    for index, keys in crowd.keys.items():
        found.setdefault(index - index % 2, set()).update(keys)
    return found


async def _come_back(crowd: Crowd, index: int, last: float) -> bool:
    """As static/js/talk.js does: full jitter under a limit that doubles. False when the time was over."""
    tries = 0
    try:
        async with asyncio.timeout_at(last):
            while True:
                tries += 1
                await asyncio.sleep(0.2 + random.random() * min(300.0, 2.0 * 2**tries))
                try:
                    await crowd.one(index)
                    return True
                except RuntimeError:
                    continue
    except TimeoutError:
        return False
