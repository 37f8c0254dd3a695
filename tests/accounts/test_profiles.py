"""What volunteers offer, when, and their pause."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from accounts.actions import profiles
from accounts.actions.profiles import Window, joined
from accounts.models import VolunteerProfile
from core.errors import Invalid, NotVisible
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def _save(person, by=None, **changes):
    return profiles.save_profile(person_id=person.pk, by=by or person, now=NOW, changes=changes)


def test_beginning_to_help_twice_is_once_and_serves_the_own_quarter(ada):
    first = profiles.become_volunteer(person_id=ada.pk, by=ada, now=NOW)
    assert profiles.become_volunteer(person_id=ada.pk, by=ada, now=NOW) == first
    assert list(first.served_quarters.all()) == [ada.quarter]
    assert first.welcomed_at is None


def test_skills_are_replaced_with_their_levels(ben):
    _save(ben, skills={"einkaufen": 3, "hund": 1})
    _save(ben, skills={"hund": 2, "anruf": 3})
    rows = ben.volunteer_profile.offered_skills.all()
    assert {row.skill_id: row.level for row in rows} == {"anruf": 3, "hund": 2}


@pytest.mark.parametrize("skills", [{"pflege": 2}, {"nix": 2}, {"hund": 4}, {"hund": "viel"}, ["hund"], "hund", None])
def test_what_is_never_brokered_or_unknown_cannot_be_offered(ben, skills):
    with pytest.raises(Invalid):
        _save(ben, skills=skills)


def test_capacity_cannot_fall_below_what_is_running(ben):
    VolunteerProfile.objects.filter(user=ben).update(live_matches=2)
    with pytest.raises(profiles.FullHands) as wrong:
        _save(ben, capacity=1)
    assert "2 laufende" in wrong.value.fields["capacity"][0]
    assert _save(ben, capacity=2).capacity == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("capacity", 0), ("capacity", 13), ("capacity", "viel"), ("capacity", 10**30), ("capacity", None),
        ("radius_m", 50), ("radius_m", 60_000), ("radius_m", -1), ("hours_per_week", 0), ("hours_per_week", 41),
        ("hours_per_week", "NaN"), ("hours_per_week", "1e999"), ("about", "x" * 301), ("about", "a\x00"), ("about", 5),
        ("wishes_other_generation", "x"), ("languages", ["xx"]), ("served_quarters", []), ("served_quarters", ["x"]),
        ("ask_wish", 2), ("ask_wish", "oft"), ("ask_wish", None),
        ("served_quarters", 3), ("live_matches", 0), ("welcomed_at", NOW),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_beside_its_field(ben, field, value):
    with pytest.raises(Invalid) as wrong:
        _save(ben, **{field: value})
    assert list(wrong.value.fields) == [field]


def test_a_worker_of_the_quarter_may_do_it_for_a_caller_and_a_stranger_may_not(ben, cleo, dora):
    assert _save(ben, by=cleo, hours_per_week=Decimal("2.5")).hours_per_week == Decimal("2.5")
    with pytest.raises(NotVisible):
        _save(ben, by=dora, hours_per_week=1)


def test_windows_that_touch_become_one_and_come_in_order():
    parts = [Window(1, 600, 700), Window(0, 600, 660), Window(0, 660, 720), Window(0, 630, 640)]
    assert joined(parts) == [Window(0, 600, 720), Window(1, 600, 700)]


@pytest.mark.parametrize("window", [Window(7, 0, 60), Window(-1, 0, 60), Window(0, 60, 60), Window(0, 60, 1441)])
def test_impossible_windows_are_refused(ben, window):
    with pytest.raises(Invalid):
        profiles.set_availability(person_id=ben.pk, by=ben, now=NOW, windows=[window])
    assert ben.volunteer_profile.availabilities.count() == 7


def test_setting_the_week_replaces_it(ben):
    profiles.set_availability(person_id=ben.pk, by=ben, now=NOW, windows=[Window(2, 600, 1440)])
    assert [row.weekday for row in ben.volunteer_profile.availabilities.all()] == [2]


def test_series_stand_beside_the_week_and_outlive_its_change(ben):
    save = {"person_id": ben.pk, "by": ben, "now": NOW}
    profiles.set_availability(**save, windows=[Window(2, 600, 720)])
    series = Window(1, 600, 720, "FREQ=WEEKLY;INTERVAL=2", date(2026, 3, 1))
    profiles.add_series(**save, window=series)
    profiles.add_series(**save, window=series)
    row = ben.volunteer_profile.availabilities.exclude(rule="").get()
    assert row.since == date(2026, 3, 10)  # a Tuesday of the weeks that count
    profiles.set_availability(**save, windows=[Window(1, 660, 780)], keep_series=True)
    rows = ben.volunteer_profile.availabilities.values_list("weekday", "start_minute", "rule")
    assert list(rows) == [(1, 600, "FREQ=WEEKLY;INTERVAL=2"), (1, 660, "")]
    profiles.set_availability(**save, windows=[])
    assert not ben.volunteer_profile.availabilities.exists()


def test_a_series_is_removed_only_by_those_who_may(ben, dora):
    profiles.add_series(person_id=ben.pk, by=ben, now=NOW, window=Window(1, 600, 720, "FREQ=MONTHLY;BYDAY=1TU", TODAY))
    row = ben.volunteer_profile.availabilities.exclude(rule="").get()
    with pytest.raises(NotVisible):
        profiles.remove_series(availability_id=row.pk, person_id=ben.pk, by=dora, now=NOW)
    plain = ben.volunteer_profile.availabilities.filter(rule="").first()
    with pytest.raises(NotVisible):
        profiles.remove_series(availability_id=plain.pk, person_id=ben.pk, by=ben, now=NOW)
    profiles.remove_series(availability_id=row.pk, person_id=ben.pk, by=ben, now=NOW)
    assert not ben.volunteer_profile.availabilities.exclude(rule="").exists()


@pytest.mark.parametrize(("rule", "since"), [("FREQ=DAILY", TODAY), ("FREQ=WEEKLY;INTERVAL=2", None)])
def test_a_bad_rule_is_refused_with_a_sentence(ben, rule, since):
    with pytest.raises(Invalid) as refused:
        profiles.set_availability(person_id=ben.pk, by=ben, now=NOW, windows=[Window(1, 600, 720, rule, since)])
    assert refused.value.fields["windows"]
    assert ben.volunteer_profile.availabilities.count() == 7


def test_days_away_are_added_and_removed_only_by_those_who_may(ben, dora):
    row = profiles.add_exception(person_id=ben.pk, by=ben, now=NOW, first_day=TODAY, last_day=TODAY + timedelta(7))
    with pytest.raises(NotVisible):
        profiles.remove_exception(exception_id=row.pk, person_id=dora.pk, by=dora, now=NOW)
    with pytest.raises(NotVisible):
        profiles.remove_exception(exception_id="x", person_id=ben.pk, by=ben, now=NOW)
    profiles.remove_exception(exception_id=row.pk, person_id=ben.pk, by=ben, now=NOW)
    assert not ben.volunteer_profile.exceptions.exists()


@pytest.mark.parametrize(("first", "last"), [(0, -1), (-3, -2), (0, 2000)])
def test_impossible_days_are_refused(ben, first, last):
    days = {"first_day": TODAY + timedelta(first), "last_day": TODAY + timedelta(last)}
    with pytest.raises(Invalid):
        profiles.add_exception(person_id=ben.pk, by=ben, now=NOW, **days)


def test_pausing_and_coming_back(ben):
    profile = profiles.pause(person_id=ben.pk, by=ben, now=NOW, until=TODAY + timedelta(3))
    assert profile.is_paused_on(TODAY + timedelta(3))
    assert not profile.is_paused_on(TODAY + timedelta(4))
    assert not profiles.resume(person_id=ben.pk, by=ben, now=NOW).is_paused_on(TODAY)
    with pytest.raises(Invalid):
        profiles.pause(person_id=ben.pk, by=ben, now=NOW, until=TODAY - timedelta(1))


def test_somebody_who_does_not_help_has_no_profile_to_change(ada):
    with pytest.raises(NotVisible):
        profiles.pause(person_id=ada.pk, by=ada, now=NOW)
    with pytest.raises(NotVisible):
        profiles.save_profile(person_id="kein-schluessel", by=ada, now=NOW, changes={})


def test_a_minor_can_only_offer_what_minors_may(ben):
    ben.born_on = TODAY.replace(year=TODAY.year - 15)
    ben.save(update_fields=["born_on"])
    _save(ben, skills={"hund": 2})
    with pytest.raises(Invalid):
        _save(ben, skills={"formulare": 2})
