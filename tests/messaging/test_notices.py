"""Mails that something waits: who gets which, once, without names, also after a crash or a mail server away."""

from datetime import timedelta

import pytest
from django.core import mail

from accounts.models import User
from matching import actions
from messaging.actions import notices, send_notices
from messaging.models import Notice
from places.models import Quarter
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return sorted((notice.person.first_name, notice.kind) for notice in Notice.objects.select_related("person"))


def test_each_move_tells_whom_it_concerns_and_nobody_twice(ada, ben, cleo):
    match = actions.propose_match(request_id=a_request(ada).pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    assert send_notices(now=NOW) == 0
    actions.release_match(match_id=match.pk, by=cleo, now=NOW)
    assert send_notices(now=NOW) == 1
    actions.accept_match(match_id=match.pk, by=ben, now=NOW)
    actions.confirm_match(match_id=match.pk, by=ada, now=NOW)
    send_notices(now=NOW)
    assert send_notices(now=NOW) == 0
    assert told() == [("Ada", "accepted"), ("Ben", "asked"), ("Ben", "confirmed")]


def test_mail_names_nobody_and_leads_to_the_own_page(ada, ben):
    match = a_match(a_request(ada, description="Bitte Milch mitbringen"), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    send_notices(now=NOW)
    [letter] = mail.outbox
    assert "/mein/" in letter.body
    assert "0214 000000" in letter.body
    for secret in ("Ada", "Abend", "Ben", "Milch", "Einkauf", "Lindenstraße"):
        assert secret not in letter.subject + letter.body


def test_who_is_not_needed_is_thanked(ada, ben):
    emil = a_volunteer("Emil")
    request = a_request(ada)
    yes, waiting = a_match(request, ben, state="accepted"), a_match(request, emil, state="asked")
    actions.confirm_match(match_id=yes.pk, by=ada, now=NOW)
    send_notices(now=NOW)
    assert ("Emil", "thanks") in told()
    assert waiting.events.count() == 1


def test_of_a_wave_of_three_two_are_thanked_by_mail(ada, ben, cleo):
    Quarter.objects.update(wave_size=3, releases_routine=True)
    for name in ("Emil", "Fina"):
        a_volunteer(name)
    request = a_request(ada)
    asked = {match.volunteer: match for match in actions.next_wave(request_id=request.pk, now=NOW)}
    yes = actions.accept_match(match_id=asked[ben].pk, by=ben, now=NOW)
    actions.confirm_match(match_id=yes.pk, by=ada, now=NOW)
    send_notices(now=NOW)
    assert [told_to for told_to in told() if told_to[1] == "thanks"] == [("Emil", "thanks"), ("Fina", "thanks")]
    assert sum("danke, dass Sie helfen wollten" in letter.body for letter in mail.outbox) == 2


def test_who_could_not_say_yes_in_time_because_somebody_was_faster_is_thanked(ada, ben):
    request = a_request(ada)
    a_match(request, ben, state="accepted")
    a_match(request, a_volunteer("Emil"), state="asked")
    later = NOW + timedelta(hours=49)
    actions.expire_matches(now=later)
    send_notices(now=later)
    assert ("Emil", "thanks") in told()


def test_a_proposal_nobody_was_asked_about_ends_unheard(ada, ben):
    request = a_request(ada)
    a_match(request, ben)
    actions.withdraw_request(request_id=request.pk, by=ada, now=NOW)
    assert send_notices(now=NOW) == 0


def test_people_of_the_telephone_get_no_mail(ada, ben):
    User.objects.filter(pk=ben.pk).update(channel="phone")
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    assert send_notices(now=NOW) == 0


def test_a_mail_server_away_costs_time_and_no_news(ada, ben, monkeypatch):
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)

    def away(*_args, **_kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", away)
        assert send_notices(now=NOW) == 0
    assert send_notices(now=NOW + timedelta(minutes=1)) == 0
    assert send_notices(now=NOW + notices.LEASE + timedelta(minutes=1)) == 1
