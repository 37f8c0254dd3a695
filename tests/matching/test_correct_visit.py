""" "Bin fertig" said wrongly: who may say it anew, in which state, for how long, and what follows."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import RoleAssignment
from core.errors import Invalid, NotAllowed, NotVisible, WrongState
from matching import actions, hours
from matching.models import Appointment, CheckIn
from tests import people
from tests.matching.arranged import HOUR, TOMORROW, a_proposal, an_appointment

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
SOON = TOMORROW + 2 * HOUR  # a visit that is over at 11 was said to be over then; now it is noon


def a_visit(state: str = "done", *, said_by: str = "ben", start=TOMORROW) -> Appointment:
    """Of Ada and Ben; `state` also "begun" and "ended": done, and the match over."""
    if state == "proposed":
        return a_proposal(start=start)
    visit = an_appointment(start=start)
    if state == "cancelled":
        return actions.cancel_appointment(appointment_id=visit.pk, by=people.ben(), now=start - DAY / 2)
    if state in ("begun", "done", "ended"):
        actions.arrive(appointment_id=visit.pk, by=people.ben(), now=start + MINUTE)
    if state in ("done", "ended"):
        visit = actions.finish(appointment_id=visit.pk, by=getattr(people, said_by)(), now=visit.end)
    if state == "ended":
        actions.end_match(match_id=visit.match_id, by=people.ada(), now=visit.end)
    return visit


def outcome(verb, **said) -> str:
    try:
        with transaction.atomic():
            return verb(**said).state
    except (NotVisible, NotAllowed, WrongState) as refused:
        return type(refused).__name__


FIRST = ("NotAllowed", "WrongState", "WrongState", "NotVisible")  # nothing is said yet
TABLE = {  # (verb, state, whose word): what Ada, Ben, Cleo and Dora get
    ("correct", "proposed", ""): FIRST,
    ("correct", "agreed", ""): FIRST,
    ("correct", "begun", ""): FIRST,
    ("correct", "cancelled", ""): FIRST,
    ("correct", "done", "ben"): ("NotAllowed", "done", "done", "NotVisible"),
    ("correct", "done", "cleo"): ("NotAllowed", "NotAllowed", "done", "NotVisible"),
    ("correct", "ended", "ben"): ("NotAllowed", "NotAllowed", "NotAllowed", "NotVisible"),
    ("take_back", "proposed", ""): FIRST,
    ("take_back", "agreed", ""): ("NotAllowed", "agreed", "agreed", "NotVisible"),  # as after a second tap
    ("take_back", "begun", ""): ("NotAllowed", "agreed", "agreed", "NotVisible"),
    ("take_back", "cancelled", ""): FIRST,
    ("take_back", "done", "ben"): ("NotAllowed", "agreed", "agreed", "NotVisible"),
    ("take_back", "done", "cleo"): ("NotAllowed", "NotAllowed", "agreed", "NotVisible"),
    ("take_back", "ended", "ben"): ("NotAllowed", "NotAllowed", "NotAllowed", "NotVisible"),
}


@pytest.mark.parametrize(("verb", "state", "said_by"), TABLE)
def test_each_state_for_each_person(verb, state, said_by, ada, ben, cleo, dora):
    got = []
    visit = a_visit(state, said_by=said_by or "ben")
    for person in (ada, ben, cleo, dora):
        mark = transaction.savepoint()
        said = {"appointment_id": visit.pk, "by": person, "now": SOON}
        if verb == "correct":
            got.append(outcome(actions.correct_visit, minutes=45, **said))
        else:
            got.append(outcome(actions.take_back_finish, **said))
        transaction.savepoint_rollback(mark)
    assert tuple(got) == TABLE[verb, state, said_by]


@pytest.mark.parametrize(
    ("who", "said_at", "after", "may"),
    [
        ("ben", 11, 12 * HOUR, True),  # 23 o'clock on the same day
        ("ben", 11, 13 * HOUR, False),  # midnight
        ("ben", 23, 2 * HOUR - MINUTE, True),  # never less than two hours
        ("ben", 23, 2 * HOUR, False),
        ("cleo", 11, 6 * DAY, True),
        ("cleo", 11, 7 * DAY, False),
    ],
)
def test_for_how_long(who, said_at, after, may, ben, cleo):
    visit = a_visit(start=TOMORROW + (said_at - 11) * HOUR)
    person, now = getattr(people, who)(), visit.end + after
    assert (actions.correctable_until(visit, person, now=now) is not None) is may
    got = outcome(actions.correct_visit, appointment_id=visit.pk, minutes=45, by=person, now=now)
    assert got == ("done" if may else "WrongState")


def test_the_log_of_hours_follows_and_the_visit_says_whose_word_it_is(ben, cleo):
    visit = a_visit()
    assert hours.months_of(ben)[0].minutes == 59
    actions.correct_visit(appointment_id=visit.pk, minutes=90, by=cleo, now=SOON)
    visit.refresh_from_db()
    assert (hours.months_of(ben)[0].minutes, visit.finished_by, visit.corrected_at) == (90, cleo, SOON)
    with pytest.raises(NotAllowed):  # the office has the last word
        actions.correct_visit(appointment_id=visit.pk, minutes=59, by=ben, now=SOON)
    actions.take_back_finish(appointment_id=visit.pk, by=cleo, now=SOON)
    assert hours.months_of(ben) == []


@pytest.mark.parametrize("minutes", [0, -5, 721])
def test_what_no_visit_takes_is_refused_beside_its_field(minutes, ben):
    visit = a_visit()
    with pytest.raises(Invalid) as wrong:
        actions.correct_visit(appointment_id=visit.pk, minutes=minutes, by=ben, now=SOON)
    assert "minutes" in wrong.value.fields


def test_the_same_minutes_once_more_change_nothing(ben):
    visit = a_visit()
    again = actions.correct_visit(appointment_id=visit.pk, minutes=59, by=ben, now=SOON)
    assert (again.version, again.corrected_at) == (visit.version, None)


@pytest.mark.parametrize("said", [True, False])
def test_taken_back_it_is_as_before_the_tap(said, ben):
    """Whether somebody said "Bin da" or not; then it ends once more, and counts anew."""
    visit = an_appointment()
    if said:
        actions.arrive(appointment_id=visit.pk, by=ben, now=visit.start)
    actions.finish(appointment_id=visit.pk, by=ben, now=visit.start + 5 * MINUTE)
    back = actions.take_back_finish(appointment_id=visit.pk, by=ben, now=visit.start + 6 * MINUTE)
    assert (back.state, back.arrived_at) == ("agreed", visit.start if said else None)
    assert (back.finished_at, back.minutes, back.finished_by, back.corrected_at) == (None, None, None, None)
    assert back.slots.exists()
    actions.arrive(appointment_id=visit.pk, by=ben, now=visit.start + 10 * MINUTE)
    done = actions.finish(appointment_id=visit.pk, by=ben, now=visit.end)
    assert done.minutes == (60 if said else 50)


def test_what_was_asked_because_of_it_goes_and_what_was_answered_stays(ada, ben):
    visit = a_visit()
    hers = CheckIn.objects.get(person=ada)
    actions.answer_check_in(check_in_id=hers.pk, by=ada, now=SOON, was_fine=False)
    actions.take_back_finish(appointment_id=visit.pk, by=ben, now=SOON)
    assert list(CheckIn.objects.all()) == [hers]
    actions.finish(appointment_id=visit.pk, by=ben, now=SOON)
    assert {(row.person, row.was_fine) for row in CheckIn.objects.all()} == {(ada, False), (ben, None)}


def test_questions_about_an_earlier_visit_stay(ben):
    first = a_visit()
    second = an_appointment(first.match, start=TOMORROW + 4 * HOUR)
    actions.finish(appointment_id=second.pk, by=ben, now=second.end)
    actions.take_back_finish(appointment_id=second.pk, by=ben, now=second.end)
    assert CheckIn.objects.filter(visit=1).count() == 2


@pytest.mark.parametrize("wrong", [{"minutes": 0}, {"minutes": 1441}, {"minutes": 30, "finished_at": None}])
def test_the_database_has_the_last_word_about_minutes(wrong, ben):
    visit = a_visit()
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.filter(pk=visit.pk).update(**wrong)


def test_who_is_in_the_pair_is_not_its_worker(ben):
    RoleAssignment.objects.create(user=ben, role="worker", quarter=ben.quarter)
    visit = a_visit()
    assert (
        actions.correctable_until(visit, ben, now=visit.end) < visit.end + DAY
    )  # a helper's day, not the office's week
