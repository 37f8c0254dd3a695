"""When both could: local time through clock changes, exceptions, quarter-hours. Pure, with hypothesis."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from matching import times

BERLIN = ZoneInfo("Europe/Berlin")
BASE = datetime(2026, 3, 2, tzinfo=UTC)
moments = st.integers(0, 400).map(lambda n: BASE + timedelta(minutes=15 * n))
intervals = st.lists(st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]), max_size=6)


def test_tuesday_at_ten_stays_at_ten_when_the_clock_changes():
    found = times.weekly_intervals([(1, 600, 660)], date(2026, 3, 24), date(2026, 3, 31), BERLIN)
    assert [start.astimezone(BERLIN).hour for start, _end in found] == [10, 10]
    assert [start.hour for start, _end in found] == [9, 8]


def test_a_whole_day_of_the_clock_change_has_23_or_25_hours():
    spring = times.local_interval(date(2026, 3, 29), 0, 1440, BERLIN)
    autumn = times.local_interval(date(2026, 10, 25), 0, 1440, BERLIN)
    assert [(end - start) / timedelta(hours=1) for start, end in (spring, autumn)] == [23, 25]


def test_slot_starts_on_a_quarter_hour_and_holds_the_duration():
    free = [
        (BASE + timedelta(minutes=7), BASE + timedelta(minutes=70)),
        (BASE + timedelta(hours=3), BASE + timedelta(hours=5)),
    ]
    assert list(times.slots(free, timedelta(hours=1))) == [BASE + timedelta(hours=3)]
    assert list(times.slots(free, timedelta(minutes=55))) == [BASE + timedelta(minutes=15), BASE + timedelta(hours=3)]


def minutes_in(found) -> set[datetime]:
    return {
        start + timedelta(minutes=15 * n)
        for start, end in found
        for n in range(int((end - start) / timedelta(minutes=15)))
    }


@given(intervals, intervals)
def test_intervals_behave_like_sets_of_quarter_hours(ours, theirs):
    assert minutes_in(times.joined(ours)) == minutes_in(ours)
    assert minutes_in(times.overlaps(ours, theirs)) == minutes_in(ours) & minutes_in(theirs)
    assert minutes_in(times.without(ours, theirs)) == minutes_in(ours) - minutes_in(theirs)


@given(intervals)
def test_joined_intervals_are_in_order_and_apart(found):
    merged = times.joined(found)
    assert all(one[1] < two[0] for one, two in pairwise(merged))
