"""A fit is weighed in one place for many pairs at once, and comes out as the law has it."""

from datetime import date, timedelta

import numpy as np
import pytest

from matching import scoring
from matching.facts import age_on
from matching.roster import pairs
from matching.roster.asked import generations_of
from matching.scoring import PARTS, WEIGHTS

NONE = float("nan")
FITS = [
    [0.5, 0.333, 0.667, 1.0, 0.0, 0.583, 1.0],
    [1.0, 0.167, 0.667, 0.0, 0.0, 0.501, 1.0],  # 0.50025 by hand: one digit more or less decides the fourth
    [NONE, 1.0, 1.0, NONE, 0.5, 0.25, NONE],
    [0.0] * 7,
    [1.0] * 7,
]
CHOSEN = [
    WEIGHTS,
    dict.fromkeys(PARTS, 1.0),
    dict.fromkeys(PARTS, 0.0) | {"generations": 0.4},
    {"nearness": 0.07, "language": 0.93},
    dict.fromkeys(PARTS, 0.0),
]


def by_the_law(fit, weights):
    return scoring.total({part: value for part, value in zip(PARTS, fit, strict=True) if value == value}, weights)


def column(weights):
    return [[weights.get(part, 0.0)] for part in PARTS]


@pytest.mark.parametrize("weights", CHOSEN)
def test_the_same_weights_for_all_pairs(weights):
    found = pairs.total(np.array(FITS).T, np.array(column(weights)))
    assert found.tolist() == [by_the_law(fit, weights) for fit in FITS]


def test_other_weights_for_each_pair():
    found = pairs.total(np.array(FITS).T, np.hstack([column(weights) for weights in CHOSEN]))
    assert found.tolist() == [by_the_law(fit, weights) for fit, weights in zip(FITS, CHOSEN, strict=True)]


@pytest.mark.parametrize("today", [date(2026, 3, 3), date(2028, 2, 29), date(2027, 3, 1), date(2027, 2, 28)])
@pytest.mark.parametrize("resident", [date(1942, 5, 1), date(1944, 2, 29), date(2003, 3, 1), None])
def test_birthdays_tell_a_generation_apart_as_ages_do(resident, today):
    middle = resident or date(1970, 1, 1)
    steps = [middle + timedelta(days=sign * 9131 + day) for sign in (-1, 1) for day in range(-9, 10)]  # 25 years
    steps += [date(1996, 2, 29), date(2000, 2, 29), date(2003, 2, 28), date(2003, 3, 1), date(2004, 2, 29)]
    born = np.array([0, *(day.toordinal() for day in steps)], np.int32)
    expected = [bool(resident) and abs(age_on(resident, today) - age_on(day, today)) >= 25 for day in steps]
    assert pairs.apart(born, *generations_of(resident, today)).tolist() == [False, *expected]
