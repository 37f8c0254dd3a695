"""Public holidays of the federal state, without a network."""

from datetime import date

import pytest

from config.checks import holidays_are_of_a_state
from core.holidays import holidays_between, is_holiday, name_of


@pytest.mark.parametrize(
    ("day", "state", "name"),
    [
        (date(2026, 5, 1), "NW", "Erster Mai"),
        (date(2026, 6, 4), "NW", "Fronleichnam"),
        (date(2026, 6, 4), "BE", ""),
        (date(2026, 10, 3), "NW", "Tag der Deutschen Einheit"),
        (date(2026, 10, 31), "NW", ""),
        (date(2026, 10, 31), "SN", "Reformationstag"),
        (date(2026, 5, 2), "NW", ""),
    ],
)
def test_each_state_has_its_own_holidays(day, state, name, settings):
    settings.HOLIDAY_STATE = state
    assert name_of(day) == name
    assert is_holiday(day) == bool(name)
    assert holidays_between(day, day) == ({day} if name else set())


def test_a_stretch_over_new_year_knows_both_years():
    found = holidays_between(date(2026, 12, 25), date(2027, 1, 1))
    assert found == {date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)}


def test_a_state_that_is_none_is_refused_at_the_start(settings):
    assert holidays_are_of_a_state(None) == []
    settings.HOLIDAY_STATE = "XX"
    assert [found.id for found in holidays_are_of_a_state(None)] == ["gemeinsinn.E009"]
