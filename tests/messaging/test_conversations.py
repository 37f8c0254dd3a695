"""A talk opens with the confirmation, closes after the end, and is mended where nobody heard of either."""

from datetime import timedelta

import pytest

from matching import states
from messaging.actions import close_conversation, open_conversation, open_missing_conversations
from messaging.models import Conversation
from tests import people
from tests.messaging.talks import a_talk
from tests.people import NOW

pytestmark = pytest.mark.django_db


def test_opening_twice_is_one_conversation(ada, ben):
    talk = a_talk()
    assert open_conversation(match=talk.match, now=NOW) == talk


def test_closing_sets_the_day_of_deletion(ada, ben):
    talk = close_conversation(match=a_talk().match, now=NOW)
    assert talk.closes_at == NOW + timedelta(days=14)
    assert talk.delete_on == (NOW + timedelta(days=44)).date()


def test_a_second_end_does_not_prolong(ada, ben):
    match = a_talk().match
    first = close_conversation(match=match, now=NOW).closes_at
    assert close_conversation(match=match, now=NOW + timedelta(days=5)).closes_at == first


def test_repair_opens_for_a_confirmed_match_and_only_once(ada, ben):
    match = people.a_match(state=states.CONFIRMED)
    assert [open_missing_conversations(now=NOW) for _ in range(2)] == [1, 0]
    assert Conversation.objects.get().match == match


def test_repair_closes_after_an_end_nobody_heard_of(ada, ben):
    match = a_talk().match
    type(match).objects.filter(pk=match.pk).update(state=states.ENDED, ended_at=NOW)
    assert [open_missing_conversations(now=NOW + timedelta(days=1)) for _ in range(2)] == [1, 0]
    assert Conversation.objects.get().closes_at == NOW + timedelta(days=14)


def test_repair_does_not_bring_back_what_was_removed_in_time(ada, ben):
    match = people.a_match(state=states.COMPLETED)
    type(match).objects.filter(pk=match.pk).update(ended_at=NOW - timedelta(days=44))
    assert open_missing_conversations(now=NOW) == 0
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("state", ["proposed", "asked", "accepted", "refused"])
def test_repair_leaves_other_matches_alone(ada, ben, state):
    people.a_match(state=state)
    assert open_missing_conversations(now=NOW) == 0
