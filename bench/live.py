"""
Stored and delivered messages against a bare echo and against the stock recipe, all on the same cores in one run.

./run bench live [--quick]. A message counts when its other side has it: for the echo the sender itself, with nothing
stored; for the stock recipe after its insert and its trip through Redis; for us after the commit with
`synchronous=FULL`. Every socket sends its next message when it hears of the last one;
counting begins when as many arrived as there are sockets, or after ten seconds. The same client measures all.
"""

import asyncio
import os
import resource
import statistics
import sys
import tempfile
from pathlib import Path

from bench._live_crowd import CALM, Crowd
from bench._live_servers import Bare, Ours, Rival, Stock
from bench._live_storm import storm

SIZES = (200, 1000, 5000)
STOCK_UP_TO = 1000  # sockets; beyond, the stock recipe does not come to its end
STOCK_LONGER = 4  # times: with so many sockets its first messages take seconds
REST_SECONDS = 1.5
ECHO = "bare websockets echo, nothing stored"
Line = tuple[str, float, str, str]


async def measured(rival: Rival, count: int, seconds: float, *, calm: bool = False) -> dict[str, float]:
    """`rate` 1/s, `cpu` µs of the server a message, `p50`, `p99`, `calm` (p99 at 80/s) in ms, `kb` a socket."""
    rival.start()
    crowd = Crowd(rival, count)
    try:
        await crowd.one(0)
        empty = await _at_rest(rival)
        await crowd.open()
        await asyncio.sleep(0.5)
        memory = (rival.kilobytes() - empty) / (count - 1)
        quiet = await crowd.calm(2 * seconds) if calm else []
        rate, cost, delays = await crowd.storm_of_messages(seconds)
    finally:
        crowd.close()
        rival.stop()
    parts = {"p50": _part(delays, 50), "p99": _part(delays, 99), "calm": _part(quiet, 99)}
    return parts | {"rate": rate, "cpu": cost * 1e6, "kb": memory}


async def _at_rest(rival: Rival) -> float:
    """Its kilobytes once all it starts with the first socket is there."""
    before, now = 0.0, rival.kilobytes()
    while abs(now - before) > now / 1000:
        await asyncio.sleep(REST_SECONDS)
        before, now = now, rival.kilobytes()
    return now


def _part(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1] * 1000 if len(values) > 1 else 0.0


def of_size(folder: Path, people: list, count: int, seconds: float) -> list[Line]:
    calm = count == SIZES[0]
    bare = asyncio.run(measured(Bare(folder), count, seconds, calm=calm))
    ours = asyncio.run(measured(Ours(folder, people), count, seconds, calm=calm))
    beside = f"{ECHO}: {bare['rate']:.0f}; load {os.getloadavg()[0]:.1f}"
    lines = [
        (f"live.{count}.messages_per_second", ours["rate"], "1/s", beside),
        (f"live.{count}.share_of_bare_echo", ours["rate"] / bare["rate"], "share", ECHO),
        (f"live.{count}.cpu_us", ours["cpu"], "us", f"of the server, a message; {ECHO}: {bare['cpu']:.0f}"),
        (f"live.{count}.p50_ms", ours["p50"], "ms", f"{ECHO}: {bare['p50']:.1f}"),
        (f"live.{count}.p99_ms", ours["p99"], "ms", f"{ECHO}: {bare['p99']:.1f}"),
    ]
    if count <= STOCK_UP_TO:
        lines += _beside_stock(folder, count, seconds, bare, ours)
    return lines


def _beside_stock(folder: Path, count: int, seconds: float, bare: dict, ours: dict) -> list[Line]:
    calm = count == SIZES[0]
    window = STOCK_LONGER * seconds if count == STOCK_UP_TO else seconds
    stock = asyncio.run(measured(Stock(folder), count, window, calm=calm))
    least = 1 / window  # where it delivered nothing at all, it is given one message
    recipe = f"Channels tutorial + insert: {stock['rate']:.1f}/s in {window:.0f} s, p50 {stock['p50']:.0f} ms"
    lines = [(f"live.{count}.vs_stock_channels", ours["rate"] / max(stock["rate"], least), "times", recipe)]
    if calm:
        against = f"bare {bare['calm']:.1f} ms, stock {stock['calm']:.1f} ms"
        lines += [
            (f"live.{CALM}ps.p99_ms", ours["calm"], "ms", against),
            (f"live.{CALM}ps.p99_vs_bare", ours["calm"] / bare["calm"], "times", against),
        ]
    if count == STOCK_UP_TO:
        against = f"at {count} sockets; bare {bare['kb']:.0f} kB, stock {stock['kb']:.0f} kB"
        lines.append(("live.kb_per_socket", ours["kb"], "kB", against))
    return lines


def of_storm(folder: Path, people: list, count: int) -> list[Line]:
    came = asyncio.run(storm(Ours(folder, people), count))
    return [
        (f"live.storm.{count}.seconds", came.seconds, "s", "killed while writing, all back at once, one process"),
        (f"live.storm.{count}.not_back", came.away, "sockets", "promised: 0"),
        (f"live.storm.{count}.missing", came.missing, "messages", f"of {came.promised} seen before the kill"),
    ]


def _settle(sizes: list[int]) -> tuple[Path, list[list]]:
    """A house with its own settings and its own file; people for each size, so that nobody meets another's talks."""
    folder = Path(tempfile.mkdtemp(prefix="gemeinsinn-live-"))
    os.environ |= {"DATA_DIR": str(folder), "DATABASE_URL": "", "REDIS_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.base"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from bench._talks import talkers

    people = talkers(sum(sizes))
    os.sync()  # or the disk is still busy with them while the first commits are waited for
    return folder, [[people.pop() for _ in range(count)][::-1] for count in sizes]


def main(*, quick: bool) -> None:
    seconds = 4.0 if quick else 10.0
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # servers inherit it
    folder, (*groups, crowd) = _settle([*SIZES, SIZES[-1]])
    from bench._house import report

    lines = []
    for count, people in zip(SIZES, groups, strict=True):
        lines += of_size(folder, people, count, seconds)
    report("live", lines + of_storm(folder, crowd, SIZES[-1]))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
