"""
./run faults [--seed N] [--minutes M]: people talk while the house is broken again and again; then all is counted.

Both set-ups one after the other: SQLite with one process, PostgreSQL and Redis with three. Every fault comes at least
once, however long that takes; then more by the dice until the time is over. Prints name, value, unit and what it is
against; ends with 1 when a promise was broken, and then keeps the history of the run.
"""

import argparse
import asyncio
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.faults.breaking import names
from tests.faults.run import Outcome, SetUp, run

SET_UPS = (SetUp("sqlite", processes=1, postgres=False), SetUp("postgres", processes=3, postgres=True))
Line = tuple[str, float, str, str]


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=4.0, help="of both set-ups together")
    parser.add_argument("--only", choices=[one.name for one in SET_UPS], help="one set-up")
    parser.add_argument("--faults", default="", help="only these, e.g. F3,F9; F12 is always on")
    parser.add_argument("--crowd", type=int, default=1000, help="sockets in the storm (F16)")
    parser.add_argument("--old", default="", help="revision of the older code in the rolling deploy (F17)")
    given = parser.parse_args()
    chosen = [one for one in SET_UPS if given.only in (None, one.name)]
    seconds, only = given.minutes * 60 / len(chosen), tuple(filter(None, given.faults.split(",")))
    if said := lacking(chosen, only):
        parser.exit(2, f"{said}\n")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # servers inherit it
    options = {"seed": given.seed, "seconds": seconds, "only": only, "crowd": given.crowd, "older": given.old}
    outcomes = [asyncio.run(run(one, **options)) for one in chosen]
    for name, value, unit, against in [*figures(outcomes), *counts(outcomes)]:
        sys.stdout.write(f"{name}\t{value:.4g}\t{unit}\t{against}\n")
    for outcome in outcomes:
        sys.stderr.write(f"{outcome.name} over HTTP: {dict(sorted(outcome.answers.items()))}\n")
        _tell(outcome)
    return int(any(outcome.complaints for outcome in outcomes))


def lacking(chosen: Sequence[SetUp], only: Sequence[str]) -> str:
    """A sentence where a set-up has not all of these faults, "" where it has."""
    for one in chosen:
        there = names(one.parts)
        if lacks := [name for name in only if name not in there]:
            has = ", ".join(sorted(there, key=lambda name: int(name[1:])))
            return (
                f"{one.name} has no fault {', '.join(lacks)}, only {has}; F12 (devices that send twice) is always on."
            )
    return ""


def figures(outcomes: list[Outcome]) -> list[Line]:
    where = " and ".join(outcome.name for outcome in outcomes)
    load = f"faults included; load {os.getloadavg()[0]:.1f}"
    kinds = [kind for outcome in outcomes for kind, _ in outcome.complaints]
    counted = {"lost": ("I1",), "twice": ("I3",), "disorder": ("I4", "I5")}
    others = set(kinds) - {one for several in counted.values() for one in several}
    delays = sorted(delay for outcome in outcomes for delay in outcome.delays)
    found, back = [max(getattr(one.breaking, name) for one in outcomes) for name in ("found_seconds", "storm_seconds")]
    return [
        ("faults.acknowledged", sum(one.acknowledged for one in outcomes), "messages", where),
        ("faults.kills", sum(one.breaking.kills for one in outcomes), "kills", "kill -9 of server, Redis, database"),
        ("faults.faults", sum(len(one.schedule) for one in outcomes), "faults", "of all kinds"),
        *(
            (f"faults.{name}", sum(kinds.count(one) for one in several), "breaks", "promised: 0")
            for name, several in counted.items()
        ),
        (
            "faults.other",
            sum(map(kinds.count, others)),
            "breaks",
            "I2, I6 to I10, D7, what a fault saw, 500s; promised: 0",
        ),
        ("faults.median_delay_s", delays[len(delays) // 2] if delays else 0.0, "s", f"from sending to shown, {load}"),
        ("faults.worst_delay_s", delays[-1] if delays else 0.0, "s", f"from sending to shown, {load}"),
        ("faults.shut_out_s", max(one.shut_out for one in outcomes), "s", "from the end of a session to its socket's"),
        ("faults.half_open_s", found, "s", "until a server notices that a device has vanished"),
        ("faults.storm_s", back, "s", "until all sockets are back; promised: 120"),
    ]


def counts(outcomes: list[Outcome]) -> list[Line]:
    """How often each fault came, and what else was tried."""
    lines: list[Line] = []
    for outcome in outcomes:
        for name, count in sorted(outcome.breaking.counts.items(), key=lambda one: int(one[0][1:])):
            older = f"; with the code of {outcome.older}" if outcome.older else "; with one and the same code"
            longest = f"longest {outcome.breaking.spent[name]:.1f} s{older if name == 'F17' else ''}"
            lines.append((f"faults.{outcome.name}.{name}", count, "times", longest))
        delays = outcome.delays or [0.0]
        lines += [
            (f"faults.{outcome.name}.acknowledged", outcome.acknowledged, "messages", ""),
            (f"faults.{outcome.name}.kills", outcome.breaking.kills, "kills", ""),
            (f"faults.{outcome.name}.worst_delay_s", delays[-1], "s", f"{_late(delays)} of {len(delays)} over 30 s"),
        ]
        for kind in ("agreed", "revealed"):
            lines.append((f"faults.{outcome.name}.{kind}", sum(1 for _ in outcome.history.of(kind)), "times", "books"))
        lines.append((f"faults.{outcome.name}.taken_back", outcome.taken_back, "messages", "ticked"))
        lines.append((f"faults.{outcome.name}.mails", len(outcome.history.books.mails), "mails", "books"))
    return lines


def _late(delays: list[float]) -> int:
    return sum(1 for delay in delays if delay > 30)


def _tell(outcome: Outcome) -> None:
    if not outcome.complaints:
        return
    for kind, text in outcome.complaints[:20]:
        sys.stderr.write(f"{outcome.name} {kind} {text}\n")
    path = Path("var") / f"faults-{outcome.name}-{outcome.seed}.jsonl"
    outcome.history.write(path, seed=outcome.seed, schedule=outcome.schedule)
    sys.stderr.write(f"history kept in {path}\n")


if __name__ == "__main__":
    sys.exit(main())
