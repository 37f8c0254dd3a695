"""
The matcher at every size: the best ten against four rivals, a round against the optimum, memory and growth.

How to read the figures: docs/bench.md. Each part runs in a process of its own.
"""

import sys
from itertools import pairwise

from bench import _incremental, _round, _topk
from bench._alone import Line, alone
from bench._house import report

SIZES = (1_000, 10_000, 100_000, 1_000_000)


def main(*, quick: bool) -> None:
    lines: list[Line] = []
    for size in SIZES:
        lines += alone(_topk.sizes_alone, size, quick)
    lines += growth({name: value for name, value, _unit, _against in lines})
    for size in SIZES[2:3] if quick else SIZES[:3]:
        lines += alone(_topk.against, size, quick)
    lines += alone(_round.city, quick)
    lines += alone(_round.small, quick)
    lines += alone(_incremental.lines, quick)
    report("matching", lines)


def growth(found: dict[str, float]) -> list[Line]:
    """How many times slower, and larger, from size to size."""
    steps = [*pairwise(SIZES), (10_000, 1_000_000)]
    figures = (
        ("topk", "topk.{}.milliseconds"),
        ("topk.first", "topk.{}.first_milliseconds"),
        ("requests", "requests.{}.milliseconds"),
    )
    memory = (("roster", "roster.{}.array_megabytes"),)
    return [
        (
            f"{name}.growth.{small}_to_{large}",
            found[figure.format(large)] / found[figure.format(small)],
            "times",
            f"{large // small} times as many volunteers"
            + ("; at most 30" if large // small == 100 and name != "roster" else ""),
        )
        for name, figure in (*figures, *memory)
        for small, large in steps
    ]


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
