"""The law of time: local clock, quarter-hours, holidays, series, the way between two visits. Pure, with hypothesis."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Availability, VolunteerProfile
from matching import gates, loading, scoring, times
from matching.actions import requests
from matching.facts import RequestFacts, VolunteerFacts
from matching.models import Appointment
from places import cells
from tests.people import CELL, NOW, TODAY, a_match, a_person, a_place, a_request, a_skill

BERLIN = ZoneInfo("Europe/Berlin")
BASE = datetime(2026, 3, 2, tzinfo=UTC)
DAY = date(2026, 3, 3)  # a Tuesday
TEN = (600, 660)
OTHER_CELL = cells.cell_of(51.05, 7.05)  # 3.5 km from CELL
moments = st.integers(0, 400).map(lambda n: BASE + timedelta(minutes=15 * n))
intervals = st.lists(st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]), max_size=6)


def on(day: date, start: int, end: int):
    return times.local_interval(day, start, end, BERLIN)


def wish(*windows, minutes: int = 60, **changes) -> RequestFacts:
    nothing = dict.fromkeys(("skills", "needs", "languages", "resident_languages"), frozenset())
    facts = nothing | {
        "resident_id": uuid4(),
        "quarter_id": uuid4(),
        "cell": CELL,
        "minors_may": True,
        "remote": False,
        "windows": windows,
        "duration": timedelta(minutes=minutes),
        "gender_wish": "",
        "wishes_other_generation": False,
        "resident_born_on": None,
        "admitted": {},
        "weights": {},
    }
    return RequestFacts(**facts | changes)


def helper(**changes) -> VolunteerFacts:
    facts = {
        "id": uuid4(),
        "home_quarter_id": None,
        "served": frozenset(),
        "cell": CELL,
        "radius_km": 2,
        "levels": {},
        "vetted": {},
        "weekly": (),
        "extra": (),
        "away": (),
        "busy": (),
        "hours_per_week": 40,
        "hours_taken": {},
        "capacity": 3,
        "live_matches": 0,
        "paused": False,
        "ready": True,
        "languages": frozenset(),
        "gender": "",
        "born_on": None,
        "wishes_other_generation": False,
        "last_asked_at": None,
        "joined_at": NOW,
    }
    return VolunteerFacts(**facts | changes)


def free(volunteer: VolunteerFacts, request: RequestFacts) -> list[str]:
    """Free stretches as local words: "03.03. 10:00-11:00"."""
    found = [
        (start.astimezone(BERLIN), end.astimezone(BERLIN)) for start, end in times.free_of(volunteer, request, BERLIN)
    ]
    return [f"{start:%d.%m. %H:%M}-{end:%H:%M}" for start, end in found]


# --- The local clock ----------
def test_tuesday_at_ten_stays_at_ten_when_the_clock_changes():
    found = times.weekly_intervals([(1, 600, 660)], date(2026, 3, 24), date(2026, 3, 31), BERLIN)
    assert [start.astimezone(BERLIN).hour for start, _end in found] == [10, 10]
    assert [start.hour for start, _end in found] == [9, 8]


def test_a_whole_day_of_the_clock_change_has_23_or_25_hours():
    spring, autumn = on(date(2026, 3, 29), 0, 1440), on(date(2026, 10, 25), 0, 1440)
    assert [(end - start) / timedelta(hours=1) for start, end in (spring, autumn)] == [23, 25]


@pytest.mark.parametrize(
    ("day", "start", "end", "minutes"),
    [
        (date(2026, 3, 29), 60, 240, 120),  # 1 to 4 o'clock: the hour from 2 to 3 is missing
        (date(2026, 3, 29), 130, 170, 0),  # wholly inside the hour that does not exist
        (date(2026, 3, 29), 150, 210, 30),  # half past two to half past three: from three on
        (date(2026, 3, 29), 90, 150, 30),  # half past one to half past two: until three
        (date(2026, 10, 25), 60, 240, 240),  # 1 to 4 o'clock with the hour from 2 to 3 twice
        (date(2026, 10, 25), 120, 150, 30),  # of two readings the first
    ],
)
def test_windows_across_a_clock_change(day, start, end, minutes):
    begins, ends = on(day, start, end)
    assert (ends - begins) / timedelta(minutes=1) == minutes


def test_a_night_watch_on_the_clock_change_is_found_in_moments_that_exist():
    night = date(2026, 3, 29)
    watch = wish(on(night, 0, 360), minutes=120)
    one = helper(weekly=((6, 60, 300),))
    assert free(one, watch) == ["29.03. 01:00-05:00"]
    assert times.usable_quarters(watch, one, BERLIN) == 12
    assert gates.slot(watch, one, BERLIN) == datetime(2026, 3, 29, 0, 0, tzinfo=UTC)


# --- The grid ----------
def test_slot_starts_on_a_quarter_hour_and_holds_the_duration():
    found = [
        (BASE + timedelta(minutes=7), BASE + timedelta(minutes=70)),
        (BASE + timedelta(hours=3), BASE + timedelta(hours=5)),
    ]
    assert list(times.slots(found, timedelta(hours=1))) == [BASE + timedelta(hours=3)]
    assert list(times.slots(found, timedelta(minutes=45))) == [BASE + timedelta(minutes=15), BASE + timedelta(hours=3)]


@pytest.mark.parametrize(("minutes", "quarters"), [(15, 1), (16, 2), (45, 3), (50, 4), (60, 4), (61, 5)])
def test_begun_quarters_count(minutes, quarters):
    assert times.quarters(timedelta(minutes=minutes)) == quarters


def test_fifty_minutes_need_an_hour_on_the_grid():
    hour, less = helper(weekly=((1, 600, 660),)), helper(weekly=((1, 605, 660),))
    asked = wish(on(DAY, *TEN), minutes=50)
    assert gates.slot(asked, hour, BERLIN) == on(DAY, *TEN)[0]
    assert gates.slot(asked, less, BERLIN) is None
    assert scoring.time_slack(asked, hour, BERLIN) == 0


def test_windows_shrink_to_the_grid_and_absences_grow():
    one = helper(weekly=((1, 605, 715),), away=(on(DAY, 640, 641),))
    assert free(one, wish(on(DAY, 0, 1440))) == ["03.03. 10:15-10:30", "03.03. 10:45-11:45"]


def test_stretches_are_cut_at_local_midnight():
    late = helper(weekly=((1, 1380, 1440), (2, 0, 60)))
    over = wish(on(DAY, 1320, 1560), minutes=90)
    assert free(late, over) == ["03.03. 23:00-00:00", "04.03. 00:00-01:00"]
    assert gates.slot(over, late, BERLIN) is None


def test_slack_counts_only_stretches_that_hold_the_duration():
    one = helper(weekly=((1, 600, 720), (1, 780, 810)))
    asked = wish(on(DAY, 0, 1440))
    assert times.usable_quarters(asked, one, BERLIN) == 8
    assert scoring.time_slack(asked, one, BERLIN) == pytest.approx(1 / 3)


# --- Holidays ----------
@pytest.mark.parametrize("day", [date(2026, 5, 1), date(2026, 6, 4), date(2026, 10, 3)])
def test_weekly_windows_do_not_count_on_public_holidays(day):
    weekly = ((day.weekday(), *TEN),)
    asked = wish(on(day, 480, 1200))
    assert free(helper(weekly=weekly), asked) == []
    assert len(free(helper(weekly=weekly, helps_on_holidays=True), asked)) == 1
    assert len(free(helper(weekly=weekly, extra=(on(day, *TEN),)), asked)) == 1
    assert len(free(helper(weekly=weekly), wish(on(day - timedelta(days=7), 480, 1200)))) == 1


# --- The way between two visits ----------
@pytest.mark.parametrize(
    ("there", "remote", "left"),
    [
        (CELL, False, ["03.03. 08:00-09:45", "03.03. 11:15-12:00"]),
        (OTHER_CELL, False, ["03.03. 08:00-09:15", "03.03. 11:45-12:00"]),
        ("", False, ["03.03. 08:00-10:00", "03.03. 11:00-12:00"]),
        (OTHER_CELL, True, ["03.03. 08:00-10:00", "03.03. 11:00-12:00"]),
    ],
)
def test_the_way_to_and_from_an_agreed_visit_is_kept_free(there, remote, left):
    one = helper(weekly=((1, 480, 720),), busy=((*on(DAY, *TEN), there),))
    assert free(one, wish(on(DAY, 0, 1440), remote=remote)) == left


def test_where_our_own_place_is_not_known_a_short_way_is_kept():
    one = helper(weekly=((1, 480, 720),), busy=((*on(DAY, *TEN), CELL),))
    assert free(one, wish(on(DAY, 0, 1440), cell="")) == ["03.03. 08:00-09:45", "03.03. 11:15-12:00"]


def test_odd_appointments_take_every_quarter_they_touch():
    one = helper(weekly=((1, 480, 720),), busy=((*on(DAY, 610, 650), ""),))
    assert free(one, wish(on(DAY, 0, 1440))) == ["03.03. 08:00-10:00", "03.03. 11:00-12:00"]


# --- From rows to facts ----------
def facts_of(person) -> VolunteerFacts:
    [found] = loading.volunteer_facts(VolunteerProfile.objects.filter(user=person), now=NOW)
    return found


FRIDAYS = ["06.03.", "20.03.", "03.04.", "17.04.", "01.05."]


def days_of(found) -> list[str]:
    return [f"{start.astimezone(BERLIN):%d.%m.}" for start, _end in found]


@pytest.mark.django_db
def test_appointments_carry_the_cell_where_they_are(ben):
    a_skill("anrufen", remote=True)
    start = NOW + timedelta(days=1)
    place = a_place(ben.quarter, cell=OTHER_CELL)
    asked = [
        (a_request(a_person("Greta"), place=place), OTHER_CELL),
        (a_request(a_person("Hans"), place=place, skills=("anrufen",)), ""),
        (a_request(a_person("Inge"), place=a_place(ben.quarter, cell="")), ""),
    ]
    for hour, (request, _cell) in enumerate(asked):
        at = start + timedelta(hours=2 * hour)
        match = a_match(request, ben, state="confirmed")
        Appointment.objects.create(match=match, start=at, end=at + timedelta(hours=1), state="agreed")
    assert [cell for _start, _end, cell in facts_of(ben).busy] == [cell for _request, cell in asked]


@pytest.mark.django_db
def test_own_appointments_as_resident_need_no_way_at_home(ben):
    for hour, place in enumerate([ben.place, a_place(ben.quarter, cell=OTHER_CELL)]):
        match = a_match(a_request(ben, place=place), a_person(f"Helfer{hour}"), state="confirmed")
        at = NOW + timedelta(days=1, hours=2 * hour)
        Appointment.objects.create(match=match, start=at, end=at + timedelta(hours=1), state="agreed")
    assert [cell for _start, _end, cell in facts_of(ben).busy] == ["", OTHER_CELL]


@pytest.mark.django_db
@pytest.mark.parametrize("on_holidays", [False, True])
def test_a_series_becomes_days_without_holidays(on_holidays, ben):
    """Every second Friday; 3 April and 1 May 2026 are holidays."""
    profile = ben.volunteer_profile
    profile.availabilities.all().delete()
    VolunteerProfile.objects.filter(pk=profile.pk).update(helps_on_holidays=on_holidays)
    series = {"rule": "FREQ=WEEKLY;INTERVAL=2", "since": date(2026, 1, 9)}
    Availability.objects.create(profile=profile, weekday=4, start_minute=600, end_minute=720, **series)
    found = facts_of(ben)
    assert found.weekly == ()
    closed = set() if on_holidays else {"03.04.", "01.05."}
    assert days_of(found.series) == [day for day in FRIDAYS if day not in closed]


@pytest.mark.django_db
@pytest.mark.parametrize("skips", [True, False])
def test_a_weekly_wish_leaves_holidays_out_unless_told_otherwise(skips, ada):
    request = a_request(ada, timing="weekly", skips_holidays=skips, windows=[(4, 600, 660)])
    request.windows.create(weekday=4, start_minute=840, end_minute=900, rule="FREQ=MONTHLY;BYDAY=1FR", since=TODAY)
    found = loading.windows_of(request, now=NOW + timedelta(days=25))  # from Saturday, 28 March, on
    morning, afternoon = (days_of([one for one in found if one[0].hour == hour]) for hour in (8, 12))
    assert morning == [day for day in ["03.04.", "10.04.", "17.04.", "24.04."] if not skips or day != "03.04."]
    assert afternoon == ([] if skips else ["03.04.", "01.05."])


@pytest.mark.django_db
def test_a_series_that_is_over_lapses(ada):
    request = a_request(ada, timing="weekly", windows=[(1, 600, 660)])
    request.windows.update(rule="FREQ=WEEKLY;UNTIL=20260310", since=TODAY)
    assert requests.expire_requests(now=NOW + timedelta(days=6)) == 0
    assert requests.expire_requests(now=NOW + timedelta(days=8)) == 1


@pytest.mark.django_db
def test_dated_and_flexible_wishes_keep_their_holidays(ada):
    friday = date(2026, 4, 3)
    flexible = a_request(ada, timing="flexible", flexible_until=friday)
    dated = a_request(ada, windows=[on(friday, *TEN)])
    assert days_of(loading.windows_of(flexible, now=NOW))[-1] == "03.04."
    assert days_of(loading.windows_of(dated, now=NOW)) == ["03.04."]


# --- Properties ----------
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


minutes = st.tuples(st.integers(0, 1435), st.integers(5, 1440)).filter(lambda pair: pair[0] < pair[1])
weekly = st.lists(st.tuples(st.integers(0, 6), minutes).map(lambda pair: (pair[0], *pair[1])), max_size=8)
nights = st.sampled_from([date(2026, 3, 27), date(2026, 5, 1), date(2026, 10, 23)])  # clock changes, a holiday
dated = st.lists(st.tuples(nights, st.integers(0, 4), minutes), min_size=1, max_size=4).map(
    lambda found: tuple(on(day + timedelta(days=more), *hours) for day, more, hours in found)
)


@given(dated, weekly, dated, dated, st.integers(15, 200), st.booleans())
def test_a_slot_lies_inside_both_windows_on_the_grid_and_on_one_day(asked, week, away, busy, length, on_holidays):
    visits = tuple((start, end, OTHER_CELL) for start, end in busy)
    request = wish(*asked, minutes=length)
    one = helper(weekly=tuple(week), away=away, busy=visits, helps_on_holidays=on_holidays)
    slot = gates.slot(request, one, BERLIN)
    if slot is None:
        return
    end = slot + request.duration
    local = slot.astimezone(BERLIN)
    assert local.minute % 15 == local.second == 0
    assert (end - timedelta(microseconds=1)).astimezone(BERLIN).date() == local.date()
    assert times.without([(slot, end)], request.windows) == []
    there = times.weekly_intervals(one.weekly, local.date(), local.date(), BERLIN)
    assert times.without([(slot, end)], there) == []
    assert times.overlaps([(slot, end)], one.away) == []
    way = timedelta(minutes=45)
    assert times.overlaps([(slot, end)], [(a - way, b + way) for a, b in busy]) == []
    assert on_holidays or local.date() != date(2026, 5, 1)
