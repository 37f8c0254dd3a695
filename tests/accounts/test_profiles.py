"""What volunteers offer, and their pause."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.actions import profiles
from accounts.models import VolunteerProfile
from core.errors import Invalid, NotVisible
from tests import people
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
    for name in ("Ada", "Emma"):
        people.a_match(people.a_request(people.a_person(name)), ben, state="asked")
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
