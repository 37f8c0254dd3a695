""" "Bin da", "Bin fertig", the minutes that count, and the two questions afterwards."""

from datetime import timedelta

import pytest

from core.errors import Invalid, NotAllowed, NotVisible, WrongState
from matching import actions
from matching.models import CheckIn
from tests.matching.arranged import HOUR, TOMORROW, a_pair, an_appointment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("came", "went", "minutes"),
    [(0, 50, 50), (-10, 65, 75), (20, 60, 40), (None, 70, 70), (0, 200, 60), (0, 0, 1)],
)
def test_the_minutes_that_count(came, went, minutes, ben):
    """`came`, `went`: minutes after the planned start; None: forgotten; hours late: the planned hour counts."""
    visit = an_appointment()
    if came is not None:
        actions.arrive(appointment_id=visit.pk, by=ben, now=visit.start + timedelta(minutes=came))
    done = actions.finish(appointment_id=visit.pk, by=ben, now=visit.start + timedelta(minutes=went))
    assert (done.state, done.minutes) == ("done", minutes)


def test_a_second_tap_changes_nothing(ben):
    visit = an_appointment()
    for late in (0, 5):
        actions.arrive(appointment_id=visit.pk, by=ben, now=visit.start + timedelta(minutes=late))
    for late in (50, 55):
        done = actions.finish(appointment_id=visit.pk, by=ben, now=visit.start + timedelta(minutes=late))
    assert (done.arrived_at, done.minutes, done.version) == (visit.start, 50, 3)


def test_who_may_say_it(ada, ben, cleo, dora):
    visit = an_appointment()
    with pytest.raises(NotAllowed):
        actions.arrive(appointment_id=visit.pk, by=ada, now=visit.start)
    with pytest.raises(NotVisible):
        actions.arrive(appointment_id=visit.pk, by=dora, now=visit.start)
    assert actions.arrive(appointment_id=visit.pk, by=cleo, now=visit.start).arrived_at == visit.start


def test_too_early_is_too_early(ben):
    visit = an_appointment()
    with pytest.raises(WrongState):
        actions.arrive(appointment_id=visit.pk, by=ben, now=visit.start - 3 * HOUR)
    with pytest.raises(WrongState):
        actions.finish(appointment_id=visit.pk, by=ben, now=visit.start - HOUR)


def test_both_are_asked_after_the_first_and_the_third_visit(ada, ben):
    match = a_pair()
    for day in range(4):
        visit = an_appointment(match, start=TOMORROW + timedelta(days=day))
        actions.finish(appointment_id=visit.pk, by=ben, now=visit.end)
    asked = CheckIn.objects.order_by("visit", "person__first_name").values_list("visit", "person__first_name")
    assert list(asked) == [(1, "Ada"), (1, "Ben"), (3, "Ada"), (3, "Ben")]


def a_question(person):
    visit = an_appointment()
    actions.finish(appointment_id=visit.pk, by=visit.match.volunteer, now=visit.end)
    return CheckIn.objects.get(person=person)


def test_one_tap_each(ada, ben):
    question = a_question(ada)
    actions.answer_check_in(check_in_id=question.pk, by=ada, now=TOMORROW, was_fine=True)
    found = actions.answer_check_in(check_in_id=question.pk, by=ada, now=TOMORROW, again=False)
    assert (found.was_fine, found.again) == (True, False)
    with pytest.raises(Invalid):
        actions.answer_check_in(check_in_id=question.pk, by=ada, now=TOMORROW)


def test_the_other_side_and_strangers_find_nothing(ada, ben, cleo, dora):
    question = a_question(ada)
    for person in (ben, dora):
        with pytest.raises(NotVisible):
            actions.answer_check_in(check_in_id=question.pk, by=person, now=TOMORROW, was_fine=True)
    assert actions.answer_check_in(check_in_id=question.pk, by=cleo, now=TOMORROW, was_fine=True).was_fine
    with pytest.raises(NotAllowed):
        actions.settle_check_in(check_in_id=question.pk, by=ada, now=TOMORROW)


def test_a_worker_who_is_one_of_the_pair_does_not_read_the_other_sides_answer(ada, ben):
    from accounts.models import RoleAssignment

    question = a_question(ada)
    RoleAssignment.objects.create(user=ben, role="worker", quarter=ben.quarter)
    with pytest.raises(NotVisible):
        actions.answer_check_in(check_in_id=question.pk, by=ben, now=TOMORROW, was_fine=True)
