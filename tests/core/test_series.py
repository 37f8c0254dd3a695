"""Series of days: what we know of RRULE, and nothing else."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import series

FIRST = date(2026, 3, 3)  # a Tuesday
YEAR = (FIRST, FIRST + timedelta(days=365))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=WEEKLY;COUNT=3", ["03-03", "03-10", "03-17"]),
        ("FREQ=WEEKLY;INTERVAL=2;UNTIL=20260331", ["03-03", "03-17", "03-31"]),
        ("FREQ=MONTHLY;BYDAY=1TU;COUNT=3", ["03-03", "04-07", "05-05"]),
        ("FREQ=MONTHLY;BYDAY=-1TU;UNTIL=20260430", ["03-31", "04-28"]),
        ("FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU;UNTIL=20260701", ["03-10", "06-09"]),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=1", ["03-03"]),
    ],
)
def test_a_rule_says_its_days(rule, found):
    assert [f"{day:%m-%d}" for day in series.series_days(rule, FIRST, *YEAR)] == found


@pytest.mark.parametrize(
    "rule",
    [
        "", "nonsense", "FREQ=DAILY", "FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=MONTHLY;BYDAY=TU", "FREQ=MONTHLY;BYDAY=5TU",
        "FREQ=MONTHLY;BYMONTHDAY=3", "FREQ=WEEKLY;BYDAY=1TU", "FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=13", "FREQ=WEEKLY;INTERVAL=x", "FREQ=WEEKLY;COUNT=401", "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;UNTIL=20260230", "FREQ=WEEKLY;UNTIL=20260301T000000Z", "FREQ=WEEKLY;COUNT=2;UNTIL=20260401",
        "FREQ=WEEKLY;FREQ=WEEKLY", "FREQ=WEEKLY;BYHOUR=3", "FREQ=WEEKLY\nFREQ=DAILY", "FREQ=WEEKLY;;",
        "FREQ=WEEKLY;COUNT=" + "0" * 200 + "1",
    ],
)  # fmt: skip
def test_whatever_we_do_not_know_is_refused(rule):
    with pytest.raises(series.BadRule):
        series.parsed(rule)


@pytest.mark.parametrize(
    ("rule", "since", "error"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", None, series.NoFirstDay),
        ("FREQ=WEEKLY;BYDAY=MO", FIRST, series.RuleOnAnotherDay),
        ("FREQ=MONTHLY;BYDAY=1WE", FIRST, series.RuleOnAnotherDay),
        ("FREQ=WEEKLY;UNTIL=20260302", FIRST, series.RuleEndsBefore),
    ],
)
def test_rule_and_first_day_must_agree(rule, since, error):
    with pytest.raises(error):
        series.agreed(rule, since, 1)


@pytest.mark.parametrize(
    ("since", "first"),
    [
        (date(2026, 3, 2), FIRST),  # the Monday before
        (FIRST, FIRST),
        (date(2026, 3, 4), date(2026, 3, 17)),  # the Wednesday after: the week of the first day counts
        (date(2026, 3, 1), date(2026, 3, 10)),  # a Sunday ends its week
    ],
)
def test_the_first_day_moves_on_to_the_weekday(since, first):
    assert series.agreed("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", since, 1) == ("FREQ=WEEKLY;INTERVAL=2", first)


def test_a_monthly_rule_keeps_its_first_day():
    monthly = "FREQ=MONTHLY;BYDAY=-1TU"
    assert series.agreed(monthly, date(2026, 3, 1), 1) == (monthly, date(2026, 3, 1))


def test_never_more_than_400_days_are_counted_out():
    assert len(series.series_days("FREQ=WEEKLY", FIRST, FIRST, date(2099, 1, 1))) == 400
    with_count = series.series_days("FREQ=WEEKLY;COUNT=400", FIRST, FIRST, date(2099, 1, 1))
    assert len(with_count) == 400


rules = st.builds(
    lambda monthly, interval, nth: str(series.Rule(monthly, interval, nth if monthly else 0, 1 if monthly else None)),
    st.booleans(),
    st.integers(1, 12),
    st.sampled_from([1, 2, 3, 4, -1]),
)


@given(rules, st.integers(0, 2000), st.integers(0, 90))
def test_years_gone_by_need_not_be_counted(rule, ahead, length):
    """Beginning to count shortly before the stretch gives the same days as counting from the first day on."""
    start = FIRST + timedelta(days=ahead)
    whole = series.series_days(rule, FIRST, FIRST, start + timedelta(days=length))
    assert series.series_days(rule, FIRST, start, start + timedelta(days=length)) == tuple(
        day for day in whole if day >= start
    )
