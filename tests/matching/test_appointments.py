"""Arranging: one of several times, moving, cancelling with a reason; the table, and nobody in two places at once."""

from datetime import timedelta

import pytest

from core.errors import Invalid, NotAllowed, NotVisible, WrongState
from matching import actions, states
from matching.errors import SlotTaken
from matching.models import Appointment, BookedSlot
from tests import people
from tests.matching.arranged import HOUR, TOMORROW, a_pair, a_proposal, an_appointment
from tests.people import NOW

pytestmark = pytest.mark.django_db
MOVES = ("agree", "take_up", "cancel", "move", "drop", "arrive", "finish")
ALLOWED = {
    "proposed": ("agree", "take_up", "cancel", "move", "drop"),
    "agreed": ("cancel", "move", "drop", "arrive", "finish"),
    "done": (),
    "cancelled": (),
}


@pytest.mark.parametrize("state", states.APPOINTMENT_STATES)
@pytest.mark.parametrize("move", MOVES)
def test_the_table_knows_exactly_these_moves(state, move):
    if move in ALLOWED[state]:
        assert states.appointment_after(state, move) in states.APPOINTMENT_STATES
    else:
        with pytest.raises(WrongState):
            states.appointment_after(state, move)


def test_of_several_times_one_is_agreed_and_the_others_fall_away(ada, ben):
    match = a_pair()
    times = [(TOMORROW + timedelta(days=day), TOMORROW + timedelta(days=day) + HOUR) for day in range(3)]
    first, second, third = actions.propose_times(match_id=match.pk, times=times, by=ben, now=NOW)
    actions.agree_appointment(appointment_id=second.pk, by=ada, now=NOW)
    assert [Appointment.objects.get(pk=row.pk).state for row in (first, second, third)] == [
        "cancelled",
        "agreed",
        "cancelled",
    ]
    with pytest.raises(WrongState):
        actions.agree_appointment(appointment_id=third.pk, by=ada, now=NOW)


def test_none_of_the_times_suits(ada, ben):
    match = a_pair()
    times = [(TOMORROW, TOMORROW + HOUR), (TOMORROW + HOUR, TOMORROW + 2 * HOUR)]
    first, _second = actions.propose_times(match_id=match.pk, times=times, by=ben, now=NOW)
    actions.decline_times(appointment_id=first.pk, by=ada, now=NOW, reason="Da bin ich verreist")
    assert set(Appointment.objects.values_list("state", "cancel_reason")) == {("cancelled", "Da bin ich verreist")}


@pytest.mark.parametrize(
    "times", [[], [(TOMORROW + index * HOUR, TOMORROW + (index + 1) * HOUR) for index in range(5)]]
)
def test_one_to_four_times_and_no_more(times, ben):
    with pytest.raises(Invalid):
        actions.propose_times(match_id=a_pair().pk, times=times, by=ben, now=NOW)


def test_an_agreed_time_stands_until_the_new_one_is_agreed(ada, ben):
    agreed = an_appointment()
    later = agreed.start + timedelta(minutes=30)
    new = actions.move_appointment(appointment_id=agreed.pk, start=later, end=later + HOUR, by=ada, now=NOW)
    agreed.refresh_from_db()
    assert (agreed.state, new.state, BookedSlot.objects.count()) == ("agreed", "proposed", 8)
    actions.agree_appointment(appointment_id=new.pk, by=ben, now=NOW)
    agreed.refresh_from_db()
    assert agreed.state == "cancelled"
    assert set(BookedSlot.objects.values_list("appointment", flat=True)) == {new.pk}


def test_moving_a_proposal_puts_another_in_its_place(ada):
    asked = a_proposal()
    new = actions.move_appointment(
        appointment_id=asked.pk, start=TOMORROW + HOUR, end=TOMORROW + 2 * HOUR, by=ada, now=NOW
    )
    asked.refresh_from_db()
    assert (asked.state, new.proposed_by) == ("cancelled", ada)


def test_calling_off_frees_both_and_keeps_the_reason(ada, ben):
    agreed = an_appointment()
    actions.cancel_appointment(appointment_id=agreed.pk, by=ben, now=NOW, reason=" Mein Zug fällt aus ")
    agreed.refresh_from_db()
    assert (agreed.state, agreed.cancel_reason, agreed.cancelled_by) == ("cancelled", "Mein Zug fällt aus", ben)
    assert not BookedSlot.objects.exists()


def test_what_has_begun_is_neither_moved_nor_called_off(ada, ben):
    agreed = an_appointment()
    actions.arrive(appointment_id=agreed.pk, by=ben, now=agreed.start)
    with pytest.raises(WrongState):
        actions.cancel_appointment(appointment_id=agreed.pk, by=ada, now=agreed.start)
    with pytest.raises(WrongState):
        actions.move_appointment(
            appointment_id=agreed.pk, start=TOMORROW + HOUR, end=TOMORROW + 2 * HOUR, by=ada, now=NOW
        )


@pytest.mark.parametrize(("minutes", "clashes"), [(-60, False), (-50, True), (0, True), (45, True), (60, False)])
def test_neither_person_is_in_two_places_at_once(minutes, clashes, ada, ben):
    an_appointment()
    emil = people.a_person("Emil")
    other = people.a_match(people.a_request(by=emil), ben, state="confirmed")
    second = a_proposal(other, start=TOMORROW + timedelta(minutes=minutes))
    if not clashes:
        assert actions.agree_appointment(appointment_id=second.pk, by=emil, now=NOW).state == "agreed"
        return
    with pytest.raises(SlotTaken):
        actions.agree_appointment(appointment_id=second.pk, by=emil, now=NOW)
    second.refresh_from_db()
    assert second.state == "proposed"


@pytest.mark.parametrize("verb", ["agree_appointment", "cancel_appointment", "decline_times", "arrive", "finish"])
def test_a_stranger_finds_no_appointment(verb, dora):
    asked = a_proposal()
    with pytest.raises(NotVisible):
        getattr(actions, verb)(appointment_id=asked.pk, by=dora, now=NOW)


def test_nobody_agrees_to_their_own_proposal(ben):
    with pytest.raises(NotAllowed):
        actions.agree_appointment(appointment_id=a_proposal().pk, by=ben, now=NOW)
