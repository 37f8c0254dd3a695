"""The Gini of asks, against numbers worked out by hand and against its definition."""

from itertools import product

import pytest

from matching.fairness import gini


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([], 0), ([0, 0, 0], 0), ([5], 0), ([2, 2, 2], 0), ([0, 1], 0.5), ([0, 0, 0, 8], 0.75), ([1, 3], 0.25),
        ([1, 2, 3, 4], 0.25),
    ],
)  # fmt: skip
def test_known_spreads(counts, expected):
    assert gini(counts) == pytest.approx(expected)


def test_it_is_the_mean_difference_of_two_people_over_twice_the_mean():
    counts = [0, 7, 1, 1, 4, 0, 12, 3]
    mean = sum(counts) / len(counts)
    differences = sum(abs(one - other) for one, other in product(counts, counts)) / len(counts) ** 2
    assert gini(counts) == pytest.approx(differences / (2 * mean))


def test_neither_the_order_nor_the_size_of_the_numbers_counts():
    assert gini([3, 0, 1]) == pytest.approx(gini([0, 10, 30]))
