"""A worker notes what was checked and welcomes volunteers."""

from datetime import date, timedelta

import pytest

from accounts import trust
from accounts.actions.vetting import let_vettings_go, record_vetting, welcome_volunteer
from accounts.models import VolunteerProfile
from core.errors import Invalid, NotAllowed, NotVisible
from tests import people
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def eva():
    """Wants to help, nobody met her yet."""
    person = people.a_person("Eva")
    profile = VolunteerProfile.objects.create(user=person)
    profile.served_quarters.add(person.quarter)
    return person


def test_a_certificate_holds_five_years_unless_said_otherwise(eva, cleo):
    row = record_vetting(person_id=eva.pk, by=cleo, now=NOW, kind="certificate", on=date(2024, 2, 29))
    assert (row.valid_until, row.suitable, row.by) == (date(2029, 2, 28), True, cleo)


def test_a_talk_holds_without_end(eva, cleo):
    assert record_vetting(person_id=eva.pk, by=cleo, now=NOW, kind="talk").valid_until is None


def test_welcome_comes_after_the_talk_and_keeps_its_first_moment(eva, cleo):
    with pytest.raises(Invalid):
        welcome_volunteer(person_id=eva.pk, by=cleo, now=NOW)
    record_vetting(person_id=eva.pk, by=cleo, now=NOW, kind="talk")
    welcome_volunteer(person_id=eva.pk, by=cleo, now=NOW)
    assert welcome_volunteer(person_id=eva.pk, by=cleo, now=NOW + timedelta(days=1)).welcomed_at == NOW


def test_a_talk_that_went_badly_welcomes_nobody(eva, cleo):
    record_vetting(person_id=eva.pk, by=cleo, now=NOW, kind="talk", suitable=False)
    with pytest.raises(Invalid):
        welcome_volunteer(person_id=eva.pk, by=cleo, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "none"},
        {"kind": "nonsense"},
        {"kind": "talk", "on": TODAY + timedelta(days=1)},
        {"kind": "talk", "on": date(1900, 1, 1)},
        {"kind": "talk", "on": TODAY, "valid_until": TODAY - timedelta(days=1)},
    ],
)
def test_impossible_vettings_are_refused(eva, cleo, wrong):
    with pytest.raises(Invalid):
        record_vetting(person_id=eva.pk, by=cleo, now=NOW, **wrong)


def test_nobody_vets_themselves_and_no_stranger_vets(eva, cleo, ada):
    with pytest.raises(NotAllowed):
        record_vetting(person_id=cleo.pk, by=cleo, now=NOW, kind="talk")
    for verb in (welcome_volunteer, lambda **them: record_vetting(kind="talk", **them)):
        with pytest.raises(NotVisible):
            verb(person_id=eva.pk, by=ada, now=NOW)


def test_a_worker_of_another_quarter_does_not_see_them(eva):
    fern = people.a_quarter("Fern", west=7.2)
    worker = people.a_person("Willi", fern)
    worker.role_assignments.create(role="worker", quarter=fern)
    with pytest.raises(NotVisible):
        record_vetting(person_id=eva.pk, by=worker, now=NOW, kind="talk")


@pytest.mark.parametrize("last", [True, False])
def test_of_two_checks_on_one_day_the_later_one_counts(eva, cleo, last):
    for minutes, suitable in enumerate((not last, last)):
        record_vetting(
            person_id=eva.pk, by=cleo, now=NOW + timedelta(minutes=minutes), kind="identity", suitable=suitable
        )
    assert ("identity" in trust.holding(eva.vettings.all())) == last


def test_whoever_stopped_helping_keeps_no_check_longer_than_ninety_days(eva, cleo):
    long, short = (record_vetting(person_id=eva.pk, by=cleo, now=NOW, kind=kind) for kind in ("certificate", "talk"))
    VolunteerProfile.objects.filter(user=eva).delete()
    assert let_vettings_go(today=TODAY) == 2
    assert let_vettings_go(today=TODAY) == 0
    for row in (long, short):
        row.refresh_from_db()
        assert row.delete_on == trust.keep_until(TODAY)
