"""
./run faults [--seed N] [--minutes M]: people talk while the house is broken again and again; then all is counted.

Both set-ups one after the other: SQLite with one process, PostgreSQL and Redis with three. Prints name, value, unit and
what it is against; ends with 1 when a promise was broken, and then keeps the history of the run.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from tests.faults.run import Outcome, SetUp, run

SET_UPS = (SetUp("sqlite", processes=1, postgres=False), SetUp("postgres", processes=3, postgres=True))


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--minutes", type=float, default=2.0, help="of both set-ups together")
    parser.add_argument("--only", choices=[one.name for one in SET_UPS])
    given = parser.parse_args()
    chosen = [one for one in SET_UPS if given.only in (None, one.name)]
    outcomes = [asyncio.run(run(one, seed=given.seed, seconds=given.minutes * 60 / len(chosen))) for one in chosen]
    for name, value, unit, against in figures(outcomes):
        sys.stdout.write(f"{name}\t{value:.4g}\t{unit}\t{against}\n")
    for outcome in outcomes:
        sys.stderr.write(f"{outcome.name}: {' '.join(outcome.schedule)}\n")
        _tell(outcome)
    return int(any(outcome.complaints for outcome in outcomes))


def figures(outcomes: list[Outcome]) -> list[tuple[str, float, str, str]]:
    where = " and ".join(outcome.name for outcome in outcomes)
    counted = [one for outcome in outcomes for one in outcome.complaints]
    return [
        ("faults.acknowledged", sum(one.acknowledged for one in outcomes), "messages", where),
        ("faults.kills", sum(one.kills for one in outcomes), "kills", "kill -9 of server, Redis, database"),
        ("faults.faults", sum(len(one.schedule) for one in outcomes), "faults", "of all kinds"),
        ("faults.lost", sum(1 for kind, text in counted if kind == "I1"), "messages", "promised: 0"),
        ("faults.twice", sum(1 for kind, text in counted if kind == "I3"), "messages", "promised: 0"),
        ("faults.disorder", sum(1 for kind, text in counted if kind in ("I4", "I5")), "places", "promised: 0"),
        ("faults.other", sum(1 for kind, _ in counted if kind in ("I2", "I6", "I7")), "breaks", "promised: 0"),
        (
            "faults.worst_delay_s",
            max(one.worst_delay for one in outcomes),
            "s",
            "from sending to shown, faults included",
        ),
        ("faults.shut_out_s", max(one.shut_out for one in outcomes), "s", "from the end of a session to its socket's"),
    ]


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
