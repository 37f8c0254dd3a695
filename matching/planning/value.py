"""
The order of what counts - places, then priority, then fit - as one whole number.

Python's integers do not overflow: each of the three has 40 bits of its own, so that sums, differences and comparisons
of such numbers are sums, differences and comparisons of the triples.
"""

BITS = 40
PRIORITY = 1 << BITS
PLACE = 1 << 2 * BITS
_HALF = 1 << (BITS - 1)

Triple = tuple[int, int, int]


def joined(worth: Triple) -> int:
    """(filled, priority, fit in whole numbers) as one number."""
    return worth[0] * PLACE + worth[1] * PRIORITY + worth[2]


def parted(value: int) -> Triple:
    """The way back; priority and fit may be negative, as in a difference."""
    fit = (value + _HALF) % PRIORITY - _HALF
    rest = (value - fit) >> BITS
    priority = (rest + _HALF) % PRIORITY - _HALF
    return (rest - priority) >> BITS, priority, fit


def gap_between(worth: Triple, bound: Triple) -> float:
    """How far `worth` is from `bound`, as a share, in the first of the three that differs; 0.0 where none does."""
    for mine, top in zip(worth, bound, strict=True):
        if mine != top:
            return max(abs(top - mine) / max(abs(top), 1), 1e-12)
    return 0.0
