"""Nobody computes a small number of the coordinator's page out of the others."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.desk import numbers
from matching.desk.numbers import SMALLEST_SHOWN, total_of
from tests.people import NOW, a_quarter

SMALL = range(SMALLEST_SHOWN)


@pytest.mark.parametrize("shown", [[], [10], [12, 17], [14], [15], [44], [45], [54, 21]])
@pytest.mark.parametrize("hidden", [1, 2, 3])
def test_each_hidden_number_can_still_be_anything(shown, hidden):
    """Whoever knows the rows, the sum and this very function cannot leave out one value of any hidden row."""
    fits: dict[str, list[tuple[int, ...]]] = {}
    for guess in product(SMALL, repeat=hidden):
        fits.setdefault(total_of([*shown, *guess]), []).append(guess)
    for said, guesses in fits.items():
        for row in range(hidden):
            assert {guess[row] for guess in guesses} == set(SMALL), (said, row)


@given(st.lists(st.integers(0, 300), max_size=20))
def test_the_sum_is_about_right(counted):
    said, true = total_of(counted), sum(counted)
    number = int(re.findall(r"\d+", said)[0])
    if said.startswith("unter"):
        assert true < number <= 2 * SMALLEST_SHOWN
    else:
        assert abs(number - true) <= 5 + (SMALLEST_SHOWN - 1 if any(one in SMALL for one in counted) else 0)


@pytest.mark.django_db
def test_the_page_says_its_sums_so(ada, monkeypatch):
    """The words of the three counted columns come from there."""
    monkeypatch.setattr(numbers, "total_of", lambda counts: f"sum of {len(counts)}")
    a_quarter("Birkenau", west=7.1)
    total = numbers.read(NOW)["total"]
    assert (total.open, total.volunteers, total.never_asked) == ("sum of 2",) * 3
