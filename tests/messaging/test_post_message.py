"""Stored once, numbered without a gap, by the two and nobody else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from accounts.models import Block, User
from core.errors import Invalid, NotVisible
from messaging.actions import close_conversation, messages_after, messages_before, post_message, storing
from messaging.errors import ClientIdReused, Suspended, TalkClosed
from messaging.models import Conversation, Message
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_volunteer

pytestmark = pytest.mark.django_db


def test_both_write_and_numbers_count_from_one(ada, ben):
    talk = a_talk()
    assert [say(talk, ada).message.seq, say(talk, ben).message.seq] == [1, 2]


def test_the_same_send_again_is_the_same_message(ada):
    talk, key = a_talk(), uuid4()
    first, again = say(talk, ada, "Hallo", key), say(talk, ada, "Hallo", str(key))
    assert (again.message.pk, again.repeated, first.repeated) == (first.message.pk, True, False)
    talk.refresh_from_db()
    assert talk.last_seq == 1


def test_a_send_that_comes_again_wakes_both_again(ada, monkeypatch, django_capture_on_commit_callbacks):
    """Whoever stored it may have died before it woke anybody."""
    talk, key, woken = a_talk(), uuid4(), []
    say(talk, ada, "Hallo", key)
    monkeypatch.setattr(storing, "wake_all", woken.extend)
    with django_capture_on_commit_callbacks(execute=True):
        say(talk, ada, "Hallo", key)
    assert [(set(one.people), one.message["seq"], one.fresh) for one in woken] == [(set(talk.member_ids), 1, None)]


def test_the_same_id_with_another_text_is_a_conflict(ada):
    talk, key = a_talk(), uuid4()
    say(talk, ada, "Hallo", key)
    with pytest.raises(ClientIdReused):
        say(talk, ada, "Etwas anderes", key)
    talk.refresh_from_db()
    assert talk.last_seq == 1


def test_the_same_id_in_another_conversation_is_a_conflict(ada):
    talk, other, key = a_talk(), a_talk(volunteer=a_volunteer("Emil")), uuid4()
    say(talk, ada, "Hallo", key)
    with pytest.raises(ClientIdReused):
        say(other, ada, "Hallo", key)


def test_another_writer_may_have_the_same_id(ada, ben):
    talk, key = a_talk(), uuid4()
    assert say(talk, ada, "Hallo", key).message != say(talk, ben, "Hallo", key).message


@pytest.mark.parametrize("name", ["cleo", "dora"])
def test_everybody_else_finds_nothing(name, request):
    with pytest.raises(NotVisible):
        say(a_talk(), request.getfixturevalue(name))


def test_an_unknown_or_broken_key_finds_nothing(ada):
    for key in (uuid4(), "x", "\0", 7, None):
        with pytest.raises(NotVisible):
            post_message(conversation_id=key, by=ada, client_id=uuid4(), body="Hallo", now=NOW)


def test_a_suspended_writer_is_told(ada):
    talk = a_talk()
    User.objects.filter(pk=ada.pk).update(suspended_at=NOW)  # after the page was loaded
    with pytest.raises(Suspended):
        say(talk, ada)


def test_after_the_end_writing_stays_open_for_the_days_of_the_quarter(ada):
    talk = a_talk()
    close_conversation(match=talk.match, now=NOW)
    say(talk, ada, now=NOW + timedelta(days=13))
    with pytest.raises(TalkClosed):
        say(talk, ada, now=NOW + timedelta(days=14))


def test_a_lost_tick_is_still_owed_after_the_end(ada):
    talk, key = a_talk(), uuid4()
    first = say(talk, ada, "Hallo", key)
    close_conversation(match=talk.match, now=NOW)
    assert say(talk, ada, "Hallo", key, now=NOW + timedelta(days=60)).message == first.message


def test_a_block_closes_the_talk_for_both_without_saying_who(ada, ben):
    talk = a_talk()
    Block.objects.create(blocker=ada, blocked=ben)
    for writer in (ada, ben):
        with pytest.raises(TalkClosed):
            say(talk, writer)
    assert not Message.objects.exists()


@pytest.mark.parametrize("body", ["", "  \r\n ", "x" * 4001, "a\0b", "a\ud800b", None, 7, ["a"]])
def test_what_is_no_message_is_refused(ada, body):
    talk = a_talk()
    with pytest.raises(Invalid) as wrong:
        say(talk, ada, body)
    assert list(wrong.value.fields) == ["body"]


@pytest.mark.parametrize("key", ["", "x", 7, "\0", [1]])
def test_a_broken_client_id_is_refused(ada, key):
    with pytest.raises(Invalid) as wrong:
        post_message(conversation_id=a_talk().pk, by=ada, client_id=key, body="Hallo", now=NOW)
    assert list(wrong.value.fields) == ["client_id"]


def test_line_ends_become_one_kind(ada):
    assert say(a_talk(), ada, "eins\r\nzwei\rdrei ").message.body == "eins\nzwei\ndrei"


def test_the_longest_message_is_kept_whole(ada):
    assert say(a_talk(), ada, "ä" * 4000).message.body == "ä" * 4000


def test_reading_on_and_reading_back(ada):
    talk = a_talk()
    for number in range(5):
        say(talk, ada, str(number))
    assert [row.seq for row in messages_after(talk, 2)] == [3, 4, 5]
    assert [row.seq for row in messages_after(talk, 0, limit=2)] == [1, 2]
    assert [row.seq for row in messages_before(talk, 4, limit=2)] == [2, 3]
    assert [row.seq for row in messages_before(talk, None, limit=2)] == [4, 5]


def test_writing_costs_the_same_with_two_and_with_many_messages(ada, django_assert_max_num_queries):
    talk = a_talk()
    for _ in range(20):
        say(talk, ada)
    with django_assert_max_num_queries(11):
        say(talk, ada)


def test_only_the_two_see_the_conversation(ada, ben, cleo, dora):
    talk = a_talk()
    seen = [talk in Conversation.objects.visible_to(person) for person in (ada, ben, cleo, dora)]
    assert seen == [True, True, False, False]
