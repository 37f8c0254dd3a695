"""What must be heard is written with the change itself: by whom, of which kind, once, and not without it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import User
from matching import actions
from messaging import news
from messaging.actions import deliver_notices, mark_read, tell, tell_reminders
from messaging.actions.telling import saw
from messaging.models import Notice
from places.models import Quarter
from tests.matching.arranged import TOMORROW, a_pair, a_proposal, an_appointment
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(minutes=11)  # whoever looks by themselves has done so


def told() -> list[tuple[str, str]]:
    return sorted((notice.person.first_name, notice.kind) for notice in Notice.objects.select_related("person"))


def test_each_move_tells_whom_it_concerns_and_not_who_made_it(ada, ben, cleo):
    match = actions.propose_match(request_id=a_request(ada).pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    assert told() == []
    actions.release_match(match_id=match.pk, by=cleo, now=NOW)
    assert told() == [("Ben", "asked")]
    actions.accept_match(match_id=match.pk, by=ben, now=NOW)
    actions.confirm_match(match_id=match.pk, by=ada, now=NOW)
    assert told() == [("Ada", "accepted"), ("Ben", "asked"), ("Ben", "confirmed")]


def test_who_is_not_needed_is_thanked(ada, ben):
    emil = a_volunteer("Emil")
    request = a_request(ada)
    yes = a_match(request, ben, state="accepted")
    a_match(request, emil, state="asked")
    actions.confirm_match(match_id=yes.pk, by=ada, now=NOW)
    assert ("Emil", "thanks") in told()


def test_of_a_wave_of_three_two_are_thanked_by_mail(ada, ben, cleo):
    Quarter.objects.update(wave_size=3, releases_routine=True)
    for name in ("Emil", "Fina"):
        a_volunteer(name)
    request = a_request(ada)
    asked = {match.volunteer: match for match in actions.next_wave(request_id=request.pk, now=NOW)}
    yes = actions.accept_match(match_id=asked[ben].pk, by=ben, now=NOW)
    actions.confirm_match(match_id=yes.pk, by=ada, now=NOW)
    deliver_notices(now=SOON)
    assert [told_to for told_to in told() if told_to[1] == "thanks"] == [("Emil", "thanks"), ("Fina", "thanks")]
    assert sum("Danke, dass Sie helfen wollten" in letter.body for letter in mail.outbox) == 2


def test_who_could_not_say_yes_in_time_because_somebody_was_faster_is_thanked(ada, ben):
    request = a_request(ada)
    a_match(request, ben, state="accepted")
    a_match(request, a_volunteer("Emil"), state="asked")
    actions.expire_matches(now=NOW + timedelta(hours=49))
    assert ("Emil", "thanks") in told()


def test_a_proposal_nobody_was_asked_about_ends_unheard(ada, ben):
    request = a_request(ada)
    a_match(request, ben)
    actions.withdraw_request(request_id=request.pk, by=ada, now=NOW)
    assert told() == []


def test_a_self_offer_is_heard_of_once_a_worker_let_it_pass(ada, ben, cleo):
    match = actions.offer_help(request_id=a_request(ada).pk, by=ben, now=NOW)
    assert told() == []
    actions.clear_match(match_id=match.pk, by=cleo, now=NOW)
    assert told() == [("Ada", "accepted")]


def test_a_move_that_is_undone_was_never_told(ada, ben):
    match = a_match(a_request(ada), ben)
    with transaction.atomic():
        actions.release_match(match_id=match.pk, by=None, now=NOW)
        assert told() == [("Ben", "asked")]
        transaction.set_rollback(True)
    assert told() == []


def test_a_notice_that_cannot_be_written_undoes_the_move(ada, ben, monkeypatch):
    def broken(*_args, **_words):
        raise RuntimeError

    match = a_match(a_request(ada), ben)
    monkeypatch.setattr(news, "tell", broken)
    with pytest.raises(RuntimeError):
        actions.release_match(match_id=match.pk, by=None, now=NOW)
    match.refresh_from_db()
    assert match.state == "proposed"


def test_the_same_thing_is_told_once(ada):
    for _ in range(3):
        tell([ada.pk], kind="office", event="report:1", now=NOW)
    assert told() == [("Ada", "office")]


# --- times ----------
def test_proposing_and_agreeing_tell_the_other_side(ada, ben):
    an_appointment()
    assert told() == [("Ada", "proposed"), ("Ben", "agreed")]


def test_several_times_proposed_together_are_one_thing(ada, ben):
    match, hour = a_pair(), timedelta(hours=1)
    times = [(TOMORROW + hour * index, TOMORROW + hour * (index + 1)) for index in (0, 2, 4)]
    actions.propose_times(match_id=match.pk, times=times, by=ben, now=NOW)
    assert told() == [("Ada", "proposed")]


def test_moving_asks_the_other_side_anew(ada, ben):
    visit = an_appointment()
    Notice.objects.all().delete()
    later = TOMORROW + timedelta(hours=3)
    actions.move_appointment(appointment_id=visit.pk, start=later, end=later + timedelta(hours=1), by=ada, now=NOW)
    assert told() == [("Ben", "moved")]


def test_what_the_office_calls_off_both_hear(ada, ben, cleo):
    visit = an_appointment()
    Notice.objects.all().delete()
    actions.cancel_appointment(appointment_id=visit.pk, by=cleo, now=NOW)
    assert told() == [("Ada", "called_off"), ("Ben", "called_off")]


@pytest.mark.parametrize(("hours_before", "urgent"), [(11, True), (13, False)])
def test_a_visit_called_off_shortly_before_is_urgent(hours_before, urgent, ada, ben):
    visit = an_appointment()
    now = visit.start - timedelta(hours=hours_before)
    actions.cancel_appointment(appointment_id=visit.pk, by=ben, now=now)
    assert Notice.objects.get(kind="called_off").urgent == urgent


def test_a_proposal_turned_down_stands_in_the_talk_alone(ada, ben):
    visit = a_proposal()
    actions.cancel_appointment(appointment_id=visit.pk, by=ada, now=NOW)
    assert told() == [("Ada", "proposed")]


def test_all_visits_of_a_series_that_ends_are_one_thing(ada, ben):
    match = a_pair()
    series = actions.propose_series(
        match_id=match.pk, first_on=TOMORROW.date(), start=TOMORROW.time(), minutes=60, by=ben, now=NOW
    )
    actions.agree_series(series_id=series.pk, by=ada, now=NOW)
    actions.end_series(series_id=series.pk, by=ada, now=NOW)
    heard = [kind for name, kind in told() if name == "Ben"]
    assert heard.count("series_over") == 1
    assert "agreed" in heard


def test_after_the_first_visit_both_are_asked(ada, ben):
    visit = an_appointment()
    Notice.objects.all().delete()
    actions.finish(appointment_id=visit.pk, by=ben, now=visit.end)
    assert told() == [("Ada", "check_in"), ("Ben", "check_in")]


def test_a_reminder_that_is_due_becomes_a_notice_once(ada, ben):
    visit = an_appointment(start=NOW + timedelta(days=3))
    due = visit.start - timedelta(hours=1)
    assert tell_reminders(now=due) == 2
    assert tell_reminders(now=due) == 0


# --- messages ----------
def test_many_messages_wait_as_one_notice(ada, ben):
    talk = a_talk()
    for number in range(5):
        say(talk, ada, f"Nachricht {number}")
    assert told() == [("Ben", "message")]


def test_what_was_read_in_time_needs_no_mail(ada, ben):
    talk = a_talk()
    say(talk, ada)
    mark_read(conversation_id=talk.pk, by=ben, seq=1)
    assert deliver_notices(now=SOON) == 0
    assert Notice.objects.get().state == "seen"


def test_a_message_after_the_mail_left_is_a_new_thing(ada, ben):
    talk = a_talk()
    say(talk, ada)
    assert deliver_notices(now=SOON) == 1
    say(talk, ada, now=SOON)
    assert Notice.objects.filter(state="waiting").count() == 1


# --- looking for oneself ----------
def test_whoever_looks_at_the_match_needs_no_mail(ada, ben):
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    assert saw(person_id=ben.pk, thread=match.pk, now=NOW) == 1
    assert deliver_notices(now=SOON) == 0


def test_an_answer_makes_the_question_needless(ada, ben):
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    actions.decline_match(match_id=match.pk, by=ben, now=NOW)
    assert deliver_notices(now=SOON) == 0
    assert Notice.objects.get(kind="asked").state == "over"


def test_people_of_the_telephone_get_no_mail(ada, ben):
    User.objects.filter(pk=ben.pk).update(channel="phone", phone="+4921412345")
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    assert deliver_notices(now=SOON) == 0
    assert Notice.objects.get().state == "listed"
