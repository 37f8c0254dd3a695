"""Delivered and read: they rise, never fall, and never pass the last message."""

import pytest

from core.errors import Invalid, NotVisible
from messaging.actions import mark_delivered, mark_read
from messaging.models import Conversation
from messaging.unread import count_for
from tests.messaging.talks import a_talk, say
from tests.people import a_volunteer

pytestmark = pytest.mark.django_db


def test_reading_raises_both_marks(ada, ben):
    talk = a_talk()
    say(talk, ada)
    mark = mark_read(conversation_id=talk.pk, by=ben, seq=1)
    assert (mark.read_seq, mark.delivered_seq) == (1, 1)


def test_delivery_raises_only_its_own(ada, ben):
    talk = a_talk()
    say(talk, ada)
    mark = mark_delivered(conversation_id=talk.pk, by=ben, seq=1)
    assert (mark.read_seq, mark.delivered_seq) == (0, 1)


def test_marks_in_any_order_leave_the_highest(ada, ben):
    talk = a_talk()
    for _ in range(3):
        say(talk, ada)
    reached = [mark_read(conversation_id=talk.pk, by=ben, seq=seq).read_seq for seq in (2, 1, 3, 2, 0)]
    assert reached == [2, 2, 3, 3, 3]


def test_nobody_reads_further_than_was_written(ada, ben):
    talk = a_talk()
    say(talk, ada)
    assert mark_read(conversation_id=talk.pk, by=ben, seq=2**62).read_seq == 1


@pytest.mark.parametrize("seq", [-1, 2**63, "1", True, 1.5, None])
def test_what_is_no_number_is_refused(ben, seq):
    with pytest.raises(Invalid):
        mark_read(conversation_id=a_talk().pk, by=ben, seq=seq)


@pytest.mark.parametrize("name", ["cleo", "dora"])
def test_strangers_mark_nothing(name, request):
    with pytest.raises(NotVisible):
        mark_read(conversation_id=a_talk().pk, by=request.getfixturevalue(name), seq=0)


def test_unread_counts_the_others_messages_only(ada, ben):
    talk, other = a_talk(), a_talk(volunteer=a_volunteer("Emil"))
    for _ in range(3):
        say(talk, ben)
    say(talk, ada)
    mark_read(conversation_id=talk.pk, by=ada, seq=1)
    rows = {row.pk: row.unread for row in Conversation.objects.visible_to(ada).with_unread(ada)}
    assert rows == {talk.pk: 2, other.pk: 0}
    assert (count_for(ada), count_for(ben)) == (2, 1)
