"""People of letters and the telephone: one list for each thing, and whoever spoke is not told their own words."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from config.data_protection.erasing import erase_person
from matching import actions
from matching.calls import verbs
from matching.calls.book import book, count, of_person
from matching.models import Match, Reminder
from messaging.actions import deliver_notices, tell_reminders
from messaging.desk import unreached
from messaging.models import Notice, NoticeWish
from tests.matching.arranged import a_pair, a_proposal, an_appointment
from tests.matching.test_end_series import a_series
from tests.people import NOW, a_match, a_request

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=2)
LETTERS = {"channel": "letter", "email": None}


def lists(cleo) -> tuple[list[str], list[str]]:
    """Kinds of the lines on the call list, and of the rows on the outbox's own list."""
    deliver_notices(now=LATER)
    calls = book([cleo.quarter], reader=cleo, now=LATER).now
    assert count([cleo.quarter], LATER) == len(calls)
    return [entry.line.kind for entry in calls], [row.kind for row in unreached.unreached([cleo.quarter], LATER)]


def told(person: User) -> list[str]:
    return sorted(Notice.objects.filter(person=person).values_list("kind", flat=True))


# --- one list ----------
@pytest.mark.parametrize("phone", ["", "+4921412345"])
def test_somebody_found_for_a_person_of_letters_stands_on_one_list(phone, ada, ben, cleo):
    User.objects.filter(pk=ada.pk).update(phone=phone, **LETTERS)
    match = a_match(a_request(ada), ben, state="asked")
    actions.accept_match(match_id=match.pk, by=ben, now=NOW)
    assert lists(cleo) == (["gefunden"], [])  # its letter stands under /buero/briefe/


@pytest.mark.parametrize(
    ("phone", "expected"), [("", ([], ["proposed"])), ("+4921412345", (["zeit", "bestaetigt"], []))]
)
def test_what_the_desk_has_no_letter_for_is_called_or_else_printed_by_the_outbox(phone, expected, ada, ben, cleo):
    a_proposal()
    User.objects.filter(pk=ada.pk).update(phone=phone, **LETTERS)
    assert lists(cleo) == expected


@pytest.mark.parametrize(("phone", "expected"), [("", ([], ["series_over"])), ("+4921412345", (["reihe"], []))])
def test_regular_times_that_ended_are_called_about_or_else_printed_by_the_outbox(phone, expected, ada, ben, cleo):
    series = a_series()
    User.objects.filter(pk=ada.pk).update(phone=phone, **LETTERS)
    Notice.objects.all().delete()  # what was told on the way
    actions.end_series(series_id=series.pk, by=ben, now=NOW, reason="Umzug")
    calls, printed = lists(cleo)
    assert ([kind for kind in calls if kind == "reihe"], printed) == expected


@pytest.mark.parametrize("phone", ["", "+4921412345"])
def test_the_end_of_a_match_has_a_letter_of_its_own(phone, ada, ben, cleo):
    match = a_pair()
    User.objects.filter(pk=ada.pk).update(phone=phone, **LETTERS)
    actions.end_match(match_id=match.pk, by=ben, now=NOW, reason="Umzug")
    assert lists(cleo) == (["beendet"], [])


# --- who wants calls but chose a screen for something ----------
def wishes(person: User, **ways: str) -> None:
    User.objects.filter(pk=person.pk).update(channel="phone", phone="+4921412345")
    NoticeWish.objects.create(person=person, ways=ways)


def asked_ben(ada: User, ben: User) -> Match:
    match = a_match(a_request(ada), ben)
    return actions.release_match(match_id=match.pk, by=None, now=NOW)


def test_who_chose_mail_for_it_gets_the_mail_and_no_call(ada, ben, cleo):
    wishes(ben, asked="mail")
    asked_ben(ada, ben)
    assert lists(cleo) == ([], [])
    assert [letter.to for letter in mail.outbox] == [[ben.email]]
    [entry] = of_person(ben, [cleo.quarter], reader=cleo, now=LATER)  # when they ring, it is there to be answered
    assert entry.line.kind == "gefragt"


def test_without_an_answer_in_time_they_are_called_after_all(ada, ben, cleo):
    wishes(ben, asked="mail")
    asked_ben(ada, ben)
    lists(cleo)
    deliver_notices(now=NOW + timedelta(days=1, minutes=5))
    assert lists(cleo) == (["gefragt"], [])


def test_where_the_mail_did_not_arrive_they_are_called(ada, ben, cleo):
    wishes(ben, asked="mail")
    asked_ben(ada, ben)
    Notice.objects.update(state="failed")
    assert lists(cleo)[0] == ["gefragt"]


def test_what_the_office_was_given_before_the_wish_stays_with_it(ada, ben, cleo):
    User.objects.filter(pk=ben.pk).update(channel="phone", phone="+4921412345")
    asked_ben(ada, ben)
    assert lists(cleo) == (["gefragt"], [])
    NoticeWish.objects.create(person=ben, ways={"asked": "mail"})
    assert lists(cleo) == (["gefragt"], [])


def test_another_topic_is_called_about_as_before(ada, ben, cleo):
    wishes(ben, times="mail")
    asked_ben(ada, ben)
    assert lists(cleo) == (["gefragt"], [])


def test_who_wants_no_thanks_is_not_called_for_them(ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="accepted")
    wishes(ben, thanks="none")
    actions.refuse_match(match_id=match.pk, by=ada, now=NOW)
    assert lists(cleo) == ([], [])


@pytest.mark.parametrize(("way", "mails", "calls"), [("mail", 1, []), ("none", 0, []), ("call", 0, ["erinnern"])])
def test_the_reminder_goes_by_the_way_they_chose(way, mails, calls, ada, ben, cleo):
    visit = an_appointment()
    wishes(ben, reminder=way)
    User.objects.filter(pk=ada.pk).update(channel="online")
    Reminder.objects.create(appointment=visit, person=ben, kind="day", by_phone=True, due_at=NOW)
    tell_reminders(now=NOW)
    Notice.objects.exclude(kind="reminder").delete()
    assert [kind for kind in lists(cleo)[0] if kind == "erinnern"] == calls
    assert [letter.to for letter in mail.outbox] == [[ben.email]] * mails


# --- not needed any more ----------
@pytest.mark.parametrize(("reached", "state"), [(False, "over"), (True, "listed")])
def test_thanks_to_a_helper_of_the_telephone_are_given_to_the_office_only_where_it_reached_them(
    reached, state, ada, ben, cleo
):
    User.objects.filter(pk=ben.pk).update(channel="phone", phone="+4921412345")
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    if reached:
        line = book([cleo.quarter], reader=cleo, now=LATER).now[0].line
        where = {"kind": line.kind, "about": line.about, "person_id": ben.pk}
        verbs.leave_note(**where, by=cleo, now=NOW, note="überlegt es sich")
    actions.withdraw_request(request_id=match.request_id, by=ada, now=NOW, reason="")
    assert lists(cleo) == (["danke"] if reached else [], [])
    assert Notice.objects.get(kind="thanks").state == state


# --- somebody leaves for good ----------
@pytest.mark.parametrize("state", ["accepted", "confirmed"])
def test_the_resident_hears_that_a_helper_who_was_erased_will_not_come(state, ada, ben):
    a_match(a_request(ada), ben, state=state)
    erase_person(person=ben, by=ben, now=NOW)
    deliver_notices(now=LATER)
    [letter] = mail.outbox
    assert letter.to == [ada.email]
    assert "kann nun doch nicht kommen" in letter.body
    assert "/mein/" in letter.body
    assert "/vermittlung/" not in letter.body


def test_whoever_was_only_asked_leaves_unheard(ada, ben):
    a_match(a_request(ada), ben, state="asked")
    erase_person(person=ben, by=ben, now=NOW)
    assert told(ada) == []


def test_by_telephone_too_though_the_call_list_knows_no_match_any_more(ada, ben, cleo):
    User.objects.filter(pk=ada.pk).update(channel="phone", phone="+4921412345")
    a_pair()
    erase_person(person=ben, by=ben, now=NOW)
    assert lists(cleo) == (["bescheid"], ["left"])


def test_a_visit_in_some_hours_makes_it_urgent(ada, ben):
    visit = an_appointment()
    soon = visit.start - timedelta(hours=3)
    erase_person(person=ben, by=ben, now=soon)
    assert Notice.objects.get(person=ada, kind="left").urgent


def test_a_helper_of_the_telephone_hears_that_the_resident_is_gone(ada, ben, cleo):
    a_pair()
    User.objects.filter(pk=ben.pk).update(channel="phone", phone="+4921412345")
    erase_person(person=ada, by=ada, now=NOW)
    assert lists(cleo) == (["bescheid"], ["ended"])


def test_the_reason_left_typed_by_a_resident_is_an_end_like_any_other(ada, ben):
    match = a_pair()
    actions.end_match(match_id=match.pk, by=ada, now=NOW, reason="left")
    assert told(ben) == ["ended"]


# --- whose word it was ----------
def test_who_said_yes_on_the_telephone_gets_no_mail_about_it(ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="accepted")
    actions.confirm_match(match_id=match.pk, by=cleo, now=NOW, spoken=True)
    assert (told(ada), told(ben)) == ([], ["confirmed"])


def test_nor_who_agreed_to_a_time_or_called_it_off_there(ada, ben, cleo):
    visit = a_proposal()  # of Ben
    actions.agree_appointment(appointment_id=visit.pk, by=cleo, word_of=ada, now=NOW)
    assert (told(ada), told(ben)) == (["proposed"], ["agreed"])
    actions.cancel_appointment(appointment_id=visit.pk, by=cleo, word_of=ada, now=NOW)
    assert (told(ada), told(ben)) == (["proposed"], ["agreed", "called_off"])
