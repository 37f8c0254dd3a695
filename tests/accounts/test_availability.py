"""The hours of a volunteer: weeks, series and days away, and who may change them."""

from datetime import date, timedelta

import pytest

from accounts.actions import availability
from accounts.actions.availability import Window, joined
from core.errors import Invalid, NotVisible
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def test_windows_that_touch_become_one_and_come_in_order():
    parts = [Window(1, 600, 700), Window(0, 600, 660), Window(0, 660, 720), Window(0, 630, 640)]
    assert joined(parts) == [Window(0, 600, 720), Window(1, 600, 700)]


@pytest.mark.parametrize("window", [Window(7, 0, 60), Window(-1, 0, 60), Window(0, 60, 60), Window(0, 60, 1441)])
def test_impossible_windows_are_refused(ben, window):
    with pytest.raises(Invalid):
        availability.set_availability(person_id=ben.pk, by=ben, now=NOW, windows=[window])
    assert ben.volunteer_profile.availabilities.count() == 7


def test_setting_the_week_replaces_it(ben):
    availability.set_availability(person_id=ben.pk, by=ben, now=NOW, windows=[Window(2, 600, 1440)])
    assert [row.weekday for row in ben.volunteer_profile.availabilities.all()] == [2]


def test_series_stand_beside_the_week_and_outlive_its_change(ben):
    save = {"person_id": ben.pk, "by": ben, "now": NOW}
    availability.set_availability(**save, windows=[Window(2, 600, 720)])
    series = Window(1, 600, 720, "FREQ=WEEKLY;INTERVAL=2", date(2026, 3, 1))
    availability.add_series(**save, window=series)
    availability.add_series(**save, window=series)
    row = ben.volunteer_profile.availabilities.exclude(rule="").get()
    assert row.since == date(2026, 3, 10)  # a Tuesday of the weeks that count
    availability.set_availability(**save, windows=[Window(1, 660, 780)], keep_series=True)
    rows = ben.volunteer_profile.availabilities.values_list("weekday", "start_minute", "rule")
    assert list(rows) == [(1, 600, "FREQ=WEEKLY;INTERVAL=2"), (1, 660, "")]
    availability.set_availability(**save, windows=[])
    assert not ben.volunteer_profile.availabilities.exists()


def test_a_series_is_removed_only_by_those_who_may(ben, dora):
    availability.add_series(
        person_id=ben.pk, by=ben, now=NOW, window=Window(1, 600, 720, "FREQ=MONTHLY;BYDAY=1TU", TODAY)
    )
    row = ben.volunteer_profile.availabilities.exclude(rule="").get()
    with pytest.raises(NotVisible):
        availability.remove_series(availability_id=row.pk, person_id=ben.pk, by=dora, now=NOW)
    plain = ben.volunteer_profile.availabilities.filter(rule="").first()
    with pytest.raises(NotVisible):
        availability.remove_series(availability_id=plain.pk, person_id=ben.pk, by=ben, now=NOW)
    availability.remove_series(availability_id=row.pk, person_id=ben.pk, by=ben, now=NOW)
    assert not ben.volunteer_profile.availabilities.exclude(rule="").exists()


@pytest.mark.parametrize(("rule", "since"), [("FREQ=DAILY", TODAY), ("FREQ=WEEKLY;INTERVAL=2", None)])
def test_a_bad_rule_is_refused_with_a_sentence(ben, rule, since):
    with pytest.raises(Invalid) as refused:
        availability.set_availability(person_id=ben.pk, by=ben, now=NOW, windows=[Window(1, 600, 720, rule, since)])
    assert refused.value.fields["windows"]
    assert ben.volunteer_profile.availabilities.count() == 7


def test_days_away_are_added_and_removed_only_by_those_who_may(ben, dora):
    row = availability.add_exception(person_id=ben.pk, by=ben, now=NOW, first_day=TODAY, last_day=TODAY + timedelta(7))
    with pytest.raises(NotVisible):
        availability.remove_exception(exception_id=row.pk, person_id=dora.pk, by=dora, now=NOW)
    with pytest.raises(NotVisible):
        availability.remove_exception(exception_id="x", person_id=ben.pk, by=ben, now=NOW)
    availability.remove_exception(exception_id=row.pk, person_id=ben.pk, by=ben, now=NOW)
    assert not ben.volunteer_profile.exceptions.exists()


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-3, -2), (0, 2000)])
def test_impossible_days_are_refused(ben, first, last):
    days = {"first_day": TODAY + timedelta(first), "last_day": TODAY + timedelta(last)}
    with pytest.raises(Invalid):
        availability.add_exception(person_id=ben.pk, by=ben, now=NOW, **days)
