"""The main job from the verbs alone: a request, a proposal, a yes on both sides, and the end."""

from datetime import timedelta

import pytest

from accounts.models import AddressReading, VolunteerProfile
from core.errors import Invalid, NotAllowed, NotVisible, WrongState
from matching import actions, states, suggestions
from matching.errors import AlreadyFilled, AlreadyPaired, NoCapacity
from matching.models import Appointment, Match, MatchEvent
from matching.models.matches import GONE
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_request_to_done(ada, ben, cleo):
    request = a_request(ada)
    [best] = suggestions.suggestions(request, now=NOW)
    assert best.volunteer == ben
    match = actions.propose_match(request_id=request.pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    assert match.state == states.PROPOSED
    match = actions.release_match(match_id=match.pk, by=cleo, now=NOW)
    assert match.deadline == NOW + timedelta(hours=48)
    match = actions.accept_match(match_id=match.pk, by=ben, now=NOW)
    match = actions.confirm_match(match_id=match.pk, by=ada, now=NOW)
    request.refresh_from_db()
    assert (match.state, request.state) == (states.CONFIRMED, states.FILLED)
    assert match.code_word
    assert match.order.dated == NOW.date()
    assert match.order.carrier == "Beispielträger e. V."
    assert actions.reveal_address(match_id=match.pk, viewer=ben, now=NOW).street == "Lindenstraße"
    assert AddressReading.objects.filter(reader=ben, match_id=match.pk).count() == 1
    actions.complete_match(match_id=match.pk, by=ben, now=NOW + timedelta(days=2))
    request.refresh_from_db()
    assert request.state == states.DONE
    assert VolunteerProfile.objects.get(user=ben).live_matches == 0
    moves = MatchEvent.objects.filter(match=match).values_list("move", flat=True)
    assert list(moves) == ["propose", "release", "accept", "confirm", "complete"]


def test_address_stays_closed_before_and_after_the_confirmed_match(ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="accepted")
    with pytest.raises(NotAllowed):
        actions.reveal_address(match_id=match.pk, viewer=ben, now=NOW)
    match = actions.confirm_match(match_id=match.pk, by=ada, now=NOW)
    actions.end_match(match_id=match.pk, by=ada, now=NOW)
    with pytest.raises(NotAllowed):
        actions.reveal_address(match_id=match.pk, viewer=ben, now=NOW)


def test_stranger_sees_nothing(ada, ben, dora):
    match = a_match(a_request(ada), ben, state="confirmed")
    for verb in (actions.end_match, actions.complete_match):
        with pytest.raises(NotVisible):
            verb(match_id=match.pk, by=dora, now=NOW)


def test_second_yes_hears_that_someone_was_faster(ada, ben):
    other = a_volunteer("Emil")
    request = a_request(ada)
    first, second = a_match(request, ben, state="asked"), a_match(request, other, state="asked")
    actions.accept_match(match_id=first.pk, by=ben, now=NOW)
    with pytest.raises(AlreadyFilled):
        actions.accept_match(match_id=second.pk, by=other, now=NOW)


def test_refused_yes_frees_the_place_for_the_next(ada, ben):
    other = a_volunteer("Emil")
    request = a_request(ada)
    first, second = a_match(request, ben, state="asked"), a_match(request, other, state="asked")
    actions.accept_match(match_id=first.pk, by=ben, now=NOW)
    actions.refuse_match(match_id=first.pk, by=ada, now=NOW)
    assert actions.accept_match(match_id=second.pk, by=other, now=NOW).state == states.ACCEPTED


def test_others_are_thanked_and_closed_when_the_request_is_filled(ada, ben):
    other = a_volunteer("Emil")
    request = a_request(ada)
    winner, waiting = a_match(request, ben, state="accepted"), a_match(request, other, state="asked")
    actions.confirm_match(match_id=winner.pk, by=ada, now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == states.CLOSED
    assert VolunteerProfile.objects.get(user=other).live_matches == 0


def test_a_second_helper_keeps_the_request_open_until_both_are_confirmed(ada, ben):
    other = a_volunteer("Emil")
    request = a_request(ada, helpers_needed=2)
    first, second = a_match(request, ben, state="asked"), a_match(request, other, state="asked")
    for match, person in ((first, ben), (second, other)):
        actions.accept_match(match_id=match.pk, by=person, now=NOW)
        request.refresh_from_db()
        assert request.state == states.OPEN
        actions.confirm_match(match_id=match.pk, by=ada, now=NOW)
    request.refresh_from_db()
    assert (request.state, request.confirmed_helpers) == (states.FILLED, 2)


def test_early_end_opens_the_request_again_and_keeps_its_waiting_time(ada, ben):
    request = a_request(ada)
    match = a_match(request, ben, state="accepted")
    actions.confirm_match(match_id=match.pk, by=ada, now=NOW + timedelta(hours=1))
    actions.end_match(match_id=match.pk, by=ben, now=NOW + timedelta(hours=2), reason="krank")
    request.refresh_from_db()
    assert (request.state, request.open_since, request.confirmed_helpers) == (states.OPEN, NOW, 0)


@pytest.mark.parametrize("typed", ["suspended", "left", "apart"])
def test_a_word_of_ours_typed_as_a_reason_is_only_their_reason(typed, ada, ben):
    match = actions.confirm_match(match_id=a_match(a_request(ada), ben, state="accepted").pk, by=ada, now=NOW)
    ended = actions.end_match(match_id=match.pk, by=ada, now=NOW, reason=typed)
    assert (ended.end_reason.lower(), ended.end_reason in GONE) == (typed, False)


def test_self_offer_passes_a_worker_before_the_resident_hears_of_it(ada, ben, cleo):
    request = a_request(ada)
    match = actions.offer_help(request_id=request.pk, by=ben, now=NOW)
    assert match.needs_review
    assert not Match.objects.visible_to(ada).filter(pk=match.pk).exists()
    with pytest.raises(NotVisible):
        actions.confirm_match(match_id=match.pk, by=ada, now=NOW)
    with pytest.raises(NotAllowed):
        actions.confirm_match(match_id=match.pk, by=cleo, now=NOW, spoken=True)
    actions.clear_match(match_id=match.pk, by=cleo, now=NOW)
    assert actions.confirm_match(match_id=match.pk, by=ada, now=NOW).state == states.CONFIRMED


def test_worker_confirms_only_on_the_spoken_word(ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="accepted")
    with pytest.raises(Invalid):
        actions.confirm_match(match_id=match.pk, by=cleo, now=NOW)
    actions.confirm_match(match_id=match.pk, by=cleo, now=NOW, spoken=True)
    assert MatchEvent.objects.get(match=match, move="confirm").spoken


def test_rejection_needs_a_reason_and_is_remembered(ada, ben, cleo):
    request = a_request(ada)
    match = a_match(request, ben)
    with pytest.raises(Invalid):
        actions.reject_match(match_id=match.pk, by=cleo, now=NOW, reason=" ")
    actions.reject_match(match_id=match.pk, by=cleo, now=NOW, reason="kennen sich nicht gut")
    assert suggestions.suggestions(request, now=NOW) == []
    assert suggestions.why_not(request, now=NOW).gates == {"rejected": 1}


def test_same_pair_twice_is_a_conflict(ada, ben, cleo):
    request = a_request(ada)
    actions.propose_match(request_id=request.pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    with pytest.raises(AlreadyPaired):
        actions.propose_match(request_id=request.pk, volunteer_id=ben.pk, by=cleo, now=NOW)


def test_load_never_passes_the_capacity(ada, ben):
    VolunteerProfile.objects.filter(user=ben).update(capacity=1, live_matches=1)
    from matching.actions.steps import take_load

    with pytest.raises(NoCapacity):
        take_load(ben)


def test_the_clock_expires_what_was_not_answered(ada, ben):
    match = a_match(a_request(ada), ben, state="asked")
    assert actions.expire_matches(now=NOW + timedelta(hours=47)) == 0
    assert actions.expire_matches(now=NOW + timedelta(hours=49)) == 1
    assert actions.expire_matches(now=NOW + timedelta(hours=49)) == 0
    match.refresh_from_db()
    assert match.state == states.EXPIRED


def test_withdrawn_request_ends_everything_on_it(ada, ben):
    other = a_volunteer("Emil")
    request = a_request(ada, helpers_needed=2)
    confirmed, asked = a_match(request, ben, state="confirmed"), a_match(request, other, state="asked")
    actions.withdraw_request(request_id=request.pk, by=ada, now=NOW)
    confirmed.refresh_from_db()
    asked.refresh_from_db()
    assert (confirmed.state, asked.state) == (states.ENDED, states.CLOSED)


def test_open_request_lapses_when_its_time_is_over(ada, ben):
    request = a_request(ada)
    asked = a_match(request, ben, state="asked")
    assert actions.expire_requests(now=NOW + timedelta(days=3)) == 1
    asked.refresh_from_db()
    request.refresh_from_db()
    assert (request.state, asked.state) == (states.LAPSED, states.CLOSED)


def test_round_proposes_and_leaves_the_half_finished_review_alone(ada, ben, cleo):
    reviewed = a_match(a_request(ada), ben)
    waiting = a_request(ada)
    round_ = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert round_.proposed == 1
    assert Match.objects.get(request=waiting).state == states.PROPOSED
    reviewed.refresh_from_db()
    assert reviewed.state == states.PROPOSED


def test_dry_round_proposes_nobody(ada, ben, cleo):
    a_request(ada)
    round_ = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW, dry_run=True)
    assert (round_.proposed, Match.objects.count()) == (1, 0)


def test_agreed_appointment_blocks_both(ada, ben):
    match = a_match(a_request(ada), ben, state="confirmed")
    start = NOW + timedelta(days=1)
    end = start + timedelta(hours=1)
    one = actions.propose_appointment(match_id=match.pk, start=start, end=end, by=ada, now=NOW)
    with pytest.raises(NotAllowed):
        actions.agree_appointment(appointment_id=one.pk, by=ada, now=NOW)
    actions.agree_appointment(appointment_id=one.pk, by=ben, now=NOW)
    from matching.errors import SlotTaken

    other = actions.propose_appointment(match_id=match.pk, start=start, end=end, by=ada, now=NOW)
    with pytest.raises(SlotTaken):
        actions.agree_appointment(appointment_id=other.pk, by=ben, now=NOW)
    actions.cancel_appointment(appointment_id=one.pk, by=ada, now=NOW)
    assert actions.agree_appointment(appointment_id=other.pk, by=ben, now=NOW).state == Appointment.State.AGREED


def test_a_move_that_does_not_exist_now_is_a_conflict(ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="confirmed")
    with pytest.raises(WrongState):
        actions.move_match(match_id=match.pk, move="release", by=cleo, now=NOW)


def test_changing_an_open_request_is_part_of_its_story(ada):
    request = a_request(ada)
    actions.change_request(request_id=request.pk, by=ada, now=NOW, changes={"duration_minutes": 90})
    event = request.events.get()
    assert (event.move, event.before, event.after, event.by) == ("change", "open", "open", ada)
