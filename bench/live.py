"""
Stored and delivered messages against a bare echo and against the stock recipe, all on the same cores in one run.

./run bench live [--quick]. A message counts when its other side has it: for the echo the sender itself, with nothing
stored; for the stock recipe after its insert and its trip through Redis; for us after the commit with
`synchronous=FULL`. Every socket sends its next message when it hears of the last one. The same client measures all.
"""

import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from uuid import UUID

from bench._wire import Wire

REDIS = "redis://127.0.0.1:6379/11"
TEXT = "Guten Tag, ich bin um drei bei Ihnen."
CALM = 80  # messages a second


class Rival:
    """A server process. `frame(index, key)`: what socket `index` sends; `key_of(text)`: of a heard message, or b""."""

    name = ""
    to_partner = True

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str]:
        return [sys.executable, "-m", "bench._live_rivals", self.name, str(self.port)]

    def environment(self) -> dict[str, str]:
        return {}

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            env = os.environ | self.environment()
            self.process = subprocess.Popen(self.command(), env=env, stdout=log, stderr=log)
        last = time.monotonic() + 180
        while not self._is_up():
            if time.monotonic() > last or self.process.poll() is not None:
                raise RuntimeError((self.folder / f"{self.name}.log").read_text()[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def kilobytes(self) -> float:
        assert self.process is not None  # started
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return float(line.split()[1])
        return 0.0

    def _is_up(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def path(self, index: int) -> str:
        return "/"

    def headers(self, index: int) -> dict[str, str]:
        return {}

    def hello(self, index: int) -> bytes:
        """The first frame, b"" for none; answered with one frame."""
        return b""

    def frame(self, index: int, key: str) -> bytes:
        return f"{key} {TEXT}".encode()

    def key_of(self, text: bytes) -> bytes:
        return text[:36]


class Bare(Rival):
    name = "bare"
    to_partner = False


class Stock(Rival):
    name = "stock"

    def environment(self) -> dict[str, str]:
        return {"STOCK_DATABASE": str(self.folder / f"stock{self.port}.sqlite3"), "STOCK_REDIS": REDIS}

    def path(self, index: int) -> str:
        return f"/ws/chat/r{index // 2}/"

    def frame(self, index: int, key: str) -> bytes:
        return json.dumps({"message": f"{key} {TEXT}"}).encode()

    def key_of(self, text: bytes) -> bytes:
        return text[13:49]


class Ours(Rival):
    """The house itself under uvicorn, with its own settings; only the limit of frames a minute is lifted."""

    name = "ours"

    def __init__(self, folder: Path, people: list) -> None:
        super().__init__(folder)
        self.people = people

    def command(self) -> list[str]:
        options = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--log-level", "warning"]
        return [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(self.port), *options]

    def environment(self) -> dict[str, str]:
        return {"SITE_URL": f"http://127.0.0.1:{self.port}", "TALK_FRAMES_PER_MINUTE": "100000000"}

    def path(self, index: int) -> str:
        return "/ws/v1/"

    def headers(self, index: int) -> dict[str, str]:
        return {"Cookie": self.people[index].cookie, "Origin": f"http://127.0.0.1:{self.port}"}

    def hello(self, index: int) -> bytes:
        return b'{"v": 1, "type": "hello", "cursors": {}}'

    def frame(self, index: int, key: str) -> bytes:
        talk = str(self.people[index].talk)
        return json.dumps({"v": 1, "type": "send", "conversation": talk, "client_id": key, "body": TEXT}).encode()

    def key_of(self, text: bytes) -> bytes:
        if not text.startswith(b'{"v":1,"type":"message"'):
            return b""
        at = text.find(b'"client_id":"') + 13
        return text[at : at + 36]


class Crowd:
    """Sockets of one rival, two and two in one talk. `key` names the sender: its first eight digits are its index."""

    def __init__(self, rival: Rival, count: int) -> None:
        self.rival, self.count = rival, count
        self.wires: list[Wire] = []
        self.sent: dict[bytes, float] = {}
        self.delays: list[float] = []
        self.delivered = 0
        self.heard: dict[int, int] = {}
        self.since: dict[int, tuple[int, int]] = {}
        self.looping = False

    async def open(self) -> None:
        for start in range(0, self.count, 100):
            await asyncio.gather(*(self._one(index) for index in range(start, min(start + 100, self.count))))

    async def _one(self, index: int) -> None:
        greeted = asyncio.get_running_loop().create_future()

        def hear(wire: Wire, text: bytes) -> None:
            if not greeted.done():
                greeted.set_result(True)
            self._heard(index, text)

        wire = Wire(hear)
        if not await wire.open(self.rival.port, self.rival.path(index), headers=self.rival.headers(index), timeout=60):
            raise RuntimeError(f"{self.rival.name}: socket {index} refused with {wire.status}")
        self.wires.append(wire)
        wire.index = index
        if first := self.rival.hello(index):
            wire.send(first)
            await greeted

    def close(self) -> None:
        for wire in self.wires:
            wire.close()

    def send(self, wire: Wire) -> None:
        key = str(UUID(int=(wire.index << 96) | (os.getpid() << 40) | len(self.sent)))
        self.sent[key.encode()] = time.perf_counter()
        wire.send(self.rival.frame(wire.index, key))

    def _heard(self, index: int, text: bytes) -> None:
        key = self.rival.key_of(text)
        if not key:
            return
        sender = int(key[:8], 16)
        mine = sender == index
        if mine != self.rival.to_partner and (at := self.sent.get(key)):
            self.delivered += 1
            self.delays.append(time.perf_counter() - at)
        if mine and self.looping:
            self.send(self.by_index[index])
        self._confirm(index)

    def _confirm(self, index: int) -> None:
        """As the client of the page: say now and then how far we are."""
        if self.rival.name != "ours":
            return
        self.heard[index] = heard = self.heard.get(index, 0) + 1
        if heard % 50 == 0:
            talk = str(self.rival.people[index].talk)
            said = {"v": 1, "type": "received", "conversation": talk, "seq": heard}
            self.by_index[index].send(json.dumps(said).encode())

    async def storm_of_messages(self, seconds: float) -> tuple[float, list[float]]:
        """Delivered messages a second, and their delays in seconds."""
        self.by_index = {wire.index: wire for wire in self.wires}
        self.looping = True
        for wire in self.wires:
            self.send(wire)
        await asyncio.sleep(min(1.0, seconds / 2))
        self.delays, before, start = [], self.delivered, time.perf_counter()
        await asyncio.sleep(seconds)
        rate, delays = (self.delivered - before) / (time.perf_counter() - start), self.delays
        self.looping = False
        await asyncio.sleep(0.5)
        return rate, delays

    async def calm(self, seconds: float) -> list[float]:
        self.by_index = {wire.index: wire for wire in self.wires}
        self.delays = []
        for number in range(int(seconds * CALM)):
            self.send(self.wires[(number * 7) % len(self.wires)])
            await asyncio.sleep(1 / CALM)
        await asyncio.sleep(0.5)
        return self.delays


async def throughput(rival: Rival, count: int, seconds: float) -> dict[str, float]:
    rival.start()
    crowd = Crowd(rival, count)
    try:
        empty = rival.kilobytes()
        await crowd.open()
        await asyncio.sleep(0.5)
        memory = (rival.kilobytes() - empty) / count
        calm = await crowd.calm(seconds) if count == 200 else []
        rate, delays = await crowd.storm_of_messages(seconds)
    finally:
        crowd.close()
        rival.stop()
    return {"rate": rate, "p50": _part(delays, 50), "p99": _part(delays, 99), "calm": _part(calm, 99), "kb": memory}


async def storm(house: Ours, count: int) -> tuple[float, int]:
    """Kill the server under `count` open sockets; seconds until all are greeted again, and messages missing then."""
    house.start()
    crowd = Crowd(house, count)
    await crowd.open()
    crowd.by_index = {wire.index: wire for wire in crowd.wires}
    for wire in crowd.wires[:100]:
        crowd.send(wire)
    await asyncio.sleep(2)
    written = crowd.delivered
    house.stop()
    crowd.close()
    house.start()
    again = Crowd(house, count)
    start = time.perf_counter()
    await asyncio.gather(*(_come_back(again, index) for index in range(count)))
    seconds = time.perf_counter() - start
    await asyncio.sleep(2)
    again.close()
    house.stop()
    return seconds, max(0, 2 * written - sum(again.heard.values()))


async def _come_back(crowd: Crowd, index: int) -> None:
    """As static/js/talk.js does: full jitter under a limit that doubles."""
    import random

    tries = 0
    while True:
        tries += 1
        await asyncio.sleep(0.2 + random.random() * min(300.0, 2.0 * 2**tries))
        try:
            return await crowd._one(index)
        except RuntimeError:
            continue


def _part(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] * 1000 if len(values) > 1 else 0.0


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _settle(most: int) -> tuple[Path, list]:
    """A house with its own settings and its own file, and people in it."""
    folder = Path(tempfile.mkdtemp(prefix="gemeinsinn-live-"))
    os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.base"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from bench._talks import talkers

    return folder, talkers(most)


def main(*, quick: bool) -> None:
    seconds, sizes, most = (2.0, [200, 1000], 5000) if quick else (6.0, [200, 1000, 5000], 5000)
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2
    )  # servers inherit it
    folder, people = _settle(most)
    from bench._house import report

    lines = []
    for count in sizes:
        bare = asyncio.run(throughput(Bare(folder), count, seconds))
        ours = asyncio.run(throughput(Ours(folder, people), count, seconds))
        echo = "bare websockets echo, nothing stored"
        lines += [
            (f"live.{count}.messages_per_second", ours["rate"], "1/s", f"{echo}: {bare['rate']:.0f}"),
            (f"live.{count}.share_of_bare_echo", ours["rate"] / bare["rate"], "share", echo),
            (f"live.{count}.p50_ms", ours["p50"], "ms", f"{echo}: {bare['p50']:.1f}"),
            (f"live.{count}.p99_ms", ours["p99"], "ms", f"{echo}: {bare['p99']:.1f}"),
        ]
        if count <= 1000:
            stock = asyncio.run(throughput(Stock(folder), count, seconds))
            recipe = f"Channels tutorial + insert: {stock['rate']:.0f}/s, p50 {stock['p50']:.0f} ms"
            lines.append((f"live.{count}.vs_stock_channels", ours["rate"] / max(stock["rate"], 0.1), "times", recipe))
        if count == 200:
            against = f"bare {bare['calm']:.1f} ms, stock {stock['calm']:.1f} ms"
            lines.append((f"live.{CALM}ps.p99_ms", ours["calm"], "ms", against))
            lines.append((f"live.{CALM}ps.p99_vs_bare", ours["calm"] / bare["calm"], "times", against))
        if count == sizes[min(1, len(sizes) - 1)]:
            against = f"bare {bare['kb']:.0f} kB, stock {stock['kb']:.0f} kB"
            lines.append(("live.kb_per_socket", ours["kb"], "kB", against))
    back, missing = asyncio.run(storm(Ours(folder, people), most))
    lines.append((f"live.storm.{most}.seconds", back, "s", "all killed and back at once, one process"))
    lines.append((f"live.storm.{most}.missing", missing, "messages", "stored before the kill, not shown after it"))
    report("live", lines)


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
