"""A talk rests or ends: a block, a pause by the office, the calendar. And what was written may be taken back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import people
from accounts.models import Block
from config.retention import remove_expired
from core.errors import NotAllowed, NotVisible
from messaging import actions
from messaging.errors import ClientIdReused, TalkClosed, TooLateToDelete
from messaging.models import Conversation, Message
from messaging.stands import stands_of
from tests.messaging.talks import a_talk, say
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def take_back(talk, seq, by, now=NOW, client_id=None):
    return actions.delete_message(conversation_id=talk.pk, seq=seq, by=by, client_id=client_id or uuid4(), now=now)


# --- a block ----------
def test_a_block_shuts_the_talk_both_ways_and_the_two_pages_say_the_same(ada, ben, page_as):
    talk = a_talk()
    actions.block_in_talk(conversation_id=talk.pk, by=ada, now=NOW)
    for person in (ada, ben):
        with pytest.raises(TalkClosed):
            say(talk, person)
    assert "zurzeit nicht schreiben" in page_as(ben).get(_url(talk)).content.decode()
    assert "keinen Kontakt" not in page_as(ben).get(_url(talk)).content.decode()
    assert "Sie möchten keinen Kontakt mit Ben" in page_as(ada).get(_url(talk)).content.decode()


def test_blocked_and_paused_look_alike_to_the_other(ada, ben, cleo, page_as):
    talk = a_talk()
    people.block(other=ben, by=ada, now=NOW)
    blocked, word = page_as(ben).get(_url(talk)).context["writable"], stands_of({talk.match_id: "confirmed"})
    people.unblock(other=ben, by=ada, now=NOW)
    actions.pause_talk(match_id=talk.match_id, by=cleo, now=NOW)
    assert page_as(ben).get(_url(talk)).context["writable"] is blocked is False
    assert stands_of({talk.match_id: "confirmed"}) == word


def test_block_and_unblock_by_page(ada, ben, page_as):
    talk, browser = a_talk(), page_as(ada)
    browser.post(reverse("messaging:block", args=[talk.pk]))
    assert Block.objects.get().blocked == ben
    assert "Ben" in browser.get(reverse("accounts:blocked")).content.decode()
    browser.post(reverse("accounts:unblock", args=[ben.pk]))
    assert not Block.objects.exists()
    say(talk, ada)


def test_nobody_lifts_the_block_of_somebody_else(ada, ben, dora, page_as):
    people.block(other=ben, by=ada, now=NOW)
    for person, other in ((ben, ada), (dora, ben), (ben, ben)):
        assert page_as(person).post(reverse("accounts:unblock", args=[other.pk])).status_code == 404
    assert Block.objects.exists()


def test_both_hear_at_once_that_the_talk_moved(ada, ben, cleo, monkeypatch, django_capture_on_commit_callbacks):
    heard = []
    monkeypatch.setattr("messaging.actions.order.wake", lambda whom, news: heard.append((set(whom), news["move"])))
    talk = a_talk()
    with django_capture_on_commit_callbacks(execute=True):
        actions.block_in_talk(conversation_id=talk.pk, by=ada, now=NOW)
        actions.unblock_in_talk(conversation_id=talk.pk, by=ada, now=NOW)
        actions.pause_talk(match_id=talk.match_id, by=cleo, now=NOW)
        actions.resume_talk(match_id=talk.match_id, by=cleo)
    both = {ada.pk, ben.pk}
    assert [whom for whom, _ in heard] == [both] * 4
    assert [move for _, move in heard][2:] == ["shut", "open"]


# --- a pause ----------
def test_a_pause_stops_both_and_is_lifted_again(ada, ben, cleo, page_as):
    talk, office = a_talk(), page_as(cleo)
    url, case = reverse("office:pause", args=[talk.match_id]), reverse("desk:case", args=[talk.match.request_id])
    assert "Gespräch ruhen lassen" in office.get(case).content.decode()
    assert office.post(url, {"was": "ruhen", "next": case}).url == case
    for person in (ada, ben):
        with pytest.raises(TalkClosed):
            say(talk, person)
    assert "Gespräch wieder öffnen" in office.get(case).content.decode()
    office.post(url, {"was": "weiter", "next": "https://anderswo.example/"})
    say(talk, ada)
    say(talk, ben)


def test_lifting_a_pause_does_not_lift_a_block(ada, ben, cleo):
    talk = a_talk()
    people.block(other=ada, by=ben, now=NOW)
    actions.pause_talk(match_id=talk.match_id, by=cleo, now=NOW)
    actions.resume_talk(match_id=talk.match_id, by=cleo)
    with pytest.raises(TalkClosed):
        say(talk, ada)


# --- taking back ----------
def test_a_message_taken_back_leaves_no_text_and_reaches_everybody_under_its_own_number(ada, ben):
    talk = a_talk()
    say(talk, ada, "Das sollte Cleo lesen")
    posted = take_back(talk, 1, ada)
    assert (posted.message.seq, posted.message.deletes) == (2, 1)
    rows = actions.messages_after(talk, 0)
    assert [(row.seq, row.body, row.deletes) for row in rows] == [(1, "", None), (2, "", 1)]
    assert not Message.objects.filter(body__contains="Cleo").exists()


def test_taking_back_twice_is_once(ada):
    talk, key = a_talk(), uuid4()
    say(talk, ada)
    first = take_back(talk, 1, ada, client_id=key)
    assert take_back(talk, 1, ada, client_id=key).message == first.message
    assert take_back(talk, 1, ada).message == first.message
    assert Message.objects.count() == 2


def test_a_tick_that_got_lost_is_still_given_after_the_text_was_taken_back(ada):
    talk, key = a_talk(), uuid4()
    say(talk, ada, "Hallo", client_id=key)
    take_back(talk, 1, ada)
    assert say(talk, ada, "Hallo", client_id=key).message.seq == 1


def test_the_id_of_a_taking_back_is_no_id_of_a_message(ada):
    talk, key = a_talk(), uuid4()
    say(talk, ada)
    take_back(talk, 1, ada, client_id=key)
    with pytest.raises(ClientIdReused):
        say(talk, ada, "Hallo", client_id=key)


@pytest.mark.parametrize(("minutes", "may"), [(0, True), (14, True), (15, False), (600, False)])
def test_only_a_young_message_can_be_taken_back(minutes, may, ada):
    talk = a_talk()
    say(talk, ada)
    later = NOW + timedelta(minutes=minutes)
    if may:
        take_back(talk, 1, ada, now=later)
    else:
        with pytest.raises(TooLateToDelete):
            take_back(talk, 1, ada, now=later)


def test_only_ones_own_and_only_what_is_there(ada, ben, dora):
    talk = a_talk()
    say(talk, ada)
    for person, seq, error in ((ben, 1, NotAllowed), (dora, 1, NotVisible), (ada, 7, NotVisible)):
        with pytest.raises(error):
            take_back(talk, seq, person)


def test_what_was_taken_back_is_not_unread_and_not_the_last_word(ada, ben):
    talk = a_talk()
    say(talk, ada, "bleibt")
    say(talk, ada, "geht")
    take_back(talk, 2, ada)
    row = Conversation.objects.visible_to(ben).for_list(ben).get()
    assert (row.unread, row.last_body) == (1, "bleibt")


def test_taking_back_by_page(ada, ben, page_as):
    talk, browser = a_talk(), page_as(ada)
    say(talk, ada, "Verschrieben", now=timezone.now())
    url = reverse("messaging:delete", args=[talk.pk, 1])
    assert url in browser.get(_url(talk)).content.decode()
    assert "Verschrieben" in browser.get(url).content.decode()
    browser.post(url, {"client_id": uuid4()})
    for person in (ada, ben):
        page = page_as(person).get(_url(talk)).content.decode()
        assert "Diese Nachricht wurde gelöscht." in page
        assert "Verschrieben" not in page


# --- the calendar ----------
def test_after_the_end_the_talk_shuts_on_the_quarters_day_and_is_gone_by_the_calendar(ada, ben, page_as):
    talk = a_talk()
    say(talk, ada)
    talk.match.request.quarter.talk_open_days = 3
    actions.close_conversation(match=talk.match, now=NOW)
    page = page_as(ada).get(_url(talk)).content.decode()
    assert "Gelöscht wird" in page
    say(talk, ben, now=NOW + timedelta(days=3, seconds=-1))
    with pytest.raises(TalkClosed):
        say(talk, ben, now=NOW + timedelta(days=3))
    remove_expired(today=TODAY + timedelta(days=33))
    assert Conversation.objects.exists()
    remove_expired(today=TODAY + timedelta(days=34))
    assert not Conversation.objects.exists()
    assert not Message.objects.exists()


def test_both_read_until_when_they_may_write(ada, ben, page_as):
    talk = a_talk()
    actions.close_conversation(match=talk.match, now=timezone.now())
    for person in (ada, ben):
        assert "Sie können hier noch schreiben bis" in page_as(person).get(_url(talk)).content.decode()


def _url(talk) -> str:
    return reverse("messaging:talk", args=[talk.pk])
