"""A day as a word: where a visit of some length may begin, and which quarters such visits use."""

import numpy as np
import pytest

from matching.roster import bits

WORDS = np.array(
    [0, bits.FULL, 0b1, 0b1111_0111, 0b1010_1010, 0b11 << 62, 0x0FF0_0F0F_00FF_F001, (1 << 63) | 1], np.uint64
)


def runs(word: int, length: int) -> tuple[int, int]:
    """Quarter by quarter, as one would count with a finger."""
    free = [word >> bit & 1 for bit in range(64)]
    begins = [bit for bit in range(65 - length) if all(free[bit : bit + length])]
    inside = {bit + step for bit in begins for step in range(length)}
    return sum(1 << bit for bit in begins), sum(1 << bit for bit in inside)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 8, 13, 33, 64])
def test_a_visit_begins_where_enough_free_quarters_follow(length):
    expected = [runs(int(word), length) for word in WORDS]
    begins = bits.starts_of(WORDS, length)
    assert begins.tolist() == [begin for begin, _inside in expected]
    assert bits.stretched_of(begins, length).tolist() == [inside for _begin, inside in expected]
    lengths = np.full(len(WORDS), length, np.uint64)
    assert bits.starts(WORDS, lengths).tolist() == begins.tolist()
    assert bits.stretched(begins, lengths).tolist() == [inside for _begin, inside in expected]


def test_a_visit_longer_than_the_day_begins_nowhere():
    assert not bits.starts_of(WORDS, 65).any()
    assert not bits.starts_of(WORDS, 200).any()


def test_ranges_are_spread_out_one_after_the_other():
    of, at = bits.spread(np.array([3, 5, 5, 0]), np.array([5, 5, 6, 3]))
    assert list(zip(of.tolist(), at.tolist(), strict=True)) == [(0, 3), (0, 4), (2, 5), (3, 0), (3, 1), (3, 2)]
    assert [len(side) for side in bits.spread(np.empty(0, np.intp), np.empty(0, np.intp))] == [0, 0]
