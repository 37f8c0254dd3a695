"""How evenly something is spread over people. Pure: numbers in, a number out."""

from collections.abc import Iterable


def gini(counts: Iterable[float]) -> float:
    """
    0 where everybody has the same, near 1 where one has everything; 0 for nobody and where there is nothing to spread.

    `counts`: one number for each person, 0 included. The mean difference of two people over twice the mean.
    """
    ordered = sorted(counts)
    whole, people = sum(ordered), len(ordered)
    if not whole:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(ordered, start=1))
    return 2 * ranked / (people * whole) - (people + 1) / people
