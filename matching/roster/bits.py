"""
A day as one 64-bit word: bit i is the quarter of an hour from 6:00 + 15 i minutes, local wall clock, until 22:00.

Pure and vectorised. Clocks change between 2 and 3 at night, so inside these hours every day has the same 64 quarters.
"""

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

FIRST_MINUTE = 6 * 60
LAST_MINUTE = 22 * 60
QUARTER = 15  # minutes
ONE = np.uint64(1)
FULL = (1 << 64) - 1
DAY = 64  # quarters from 6 to 22 o'clock
SHIFTS = [np.uint64(bits) for bits in range(DAY)]


def word(start_minute: int, end_minute: int, *, outwards: bool = False) -> int:
    """
    The quarters that lie wholly inside these local minutes; `outwards`: every quarter they touch.

    Minutes before 6 and after 22 o'clock have no bit.
    """
    low, high = start_minute - FIRST_MINUTE, end_minute - FIRST_MINUTE
    first, last = (low // QUARTER, -(-high // QUARTER)) if outwards else (-(-low // QUARTER), high // QUARTER)
    first, last = max(first, 0), min(last, 64)
    return ((1 << (last - first)) - 1) << first if last > first else 0


def taken_words(start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> Words:
    """Every quarter that these local minutes touch, row by row; minutes may lie outside the day."""
    first = np.clip((start - FIRST_MINUTE) // QUARTER, 0, 64).astype(np.uint64)
    last = np.clip(-((FIRST_MINUTE - end) // QUARTER), 0, 64).astype(np.uint64)
    lengths = np.maximum(last, first) - first
    whole = np.where(lengths == 64, np.uint64(FULL), (ONE << np.minimum(lengths, np.uint64(63))) - ONE)
    return np.where(lengths > 0, whole << np.minimum(first, np.uint64(63)), np.uint64(0))


def starts(words: Words, length: Words) -> Words:
    """Bits at which a stretch of `length` free quarters (per row, at least 1) begins."""
    found, have = words.copy(), np.ones_like(length)
    for _ in range(6):  # doubling: 1, 2, 4 ... 64 quarters
        more = np.minimum(have, length - have)
        found &= found >> more
        have += more
    return found


def starts_of(words: Words, length: int) -> Words:
    """The same where all rows ask for one length; nothing begins that is longer than the day."""
    if length > DAY:
        return np.zeros_like(words)
    found, have = words, 1
    while have < length:
        more = min(have, length - have)
        found = found & found >> SHIFTS[more]
        have += more
    return found


def stretched_of(begins: Words, length: int) -> Words:
    """The way back from `starts_of`."""
    found, have = begins, 1
    while have < length:
        more = min(have, length - have)
        found = found | found << SHIFTS[more]
        have += more
    return found


def stretched(begins: Words, length: Words) -> Words:
    """Every quarter of the stretches that begin at these bits; the way back from `starts`."""
    found, have = begins.copy(), np.ones_like(length)
    for _ in range(6):
        more = np.minimum(have, length - have)
        found |= found << more
        have += more
    return found


def count(words: Words) -> npt.NDArray[np.uint8]:
    return np.bitwise_count(words)


def lowest(words: Words) -> npt.NDArray[np.uint8]:
    """Index of the lowest bit that is set; 64 where none is."""
    return np.bitwise_count((words & (~words + ONE)) - ONE)


def highest(words: Words) -> npt.NDArray[np.uint8]:
    """Index of the highest bit that is set, in words that have one."""
    found = words.copy()
    for shift in (1, 2, 4, 8, 16, 32):
        found |= found >> np.uint64(shift)
    return np.bitwise_count(found) - np.uint8(1)


def minute_of(bit: int) -> int:
    """Local minutes since midnight at which this quarter begins."""
    return FIRST_MINUTE + QUARTER * int(bit)


def spread(
    first: npt.NDArray[np.integer], last: npt.NDArray[np.integer]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Ranges (last one not included) as the numbers in them, one after the other: of which range, and the number."""
    sizes = last - first
    of = np.arange(len(sizes)).repeat(sizes)
    return of, np.arange(len(of)) + (first - sizes.cumsum() + sizes).take(of)
