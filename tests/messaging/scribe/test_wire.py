"""What one process says, the other hears: in any pieces, refusals with all they say, people and talks as they were."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, NotVisible, TooMany
from messaging.auth import Revoked
from messaging.errors import ClientIdReused, Suspended, TalkClosed
from messaging.frames import message_text
from messaging.scribe import wire
from messaging.sending import Posted, Stored
from messaging.wake import Fresh, Wake

words = st.tuples(st.integers(0, 3), st.lists(st.text(max_size=30), max_size=5))


@given(said=st.lists(words, max_size=8), cuts=st.lists(st.integers(1, 40)))
def test_words_arrive_whole_and_in_order_however_the_bytes_come(said, cuts):
    stream, unpacking, heard = b"".join(wire.packed(*one) for one in said), wire.Unpacking(), []
    for size in [*cuts, len(stream) or 1]:
        heard += unpacking.words(stream[:size])
        stream = stream[size:]
    assert heard + list(unpacking.words(stream)) == said


REFUSALS = [
    NotVisible(),
    TalkClosed(),
    ClientIdReused(),
    Suspended(),
    Revoked(),
    Invalid(fields={"body": ["Bitte schreiben Sie zuerst etwas."]}),
    TooMany(retry_after=7),
    TooMany("Langsam."),
    OperationalError("database is locked"),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: type(one).__name__)
def test_a_refusal_says_over_there_what_it_says_here(refusal):
    ((there,), _) = over_there([refusal], [])
    assert type(there) is type(refusal)
    assert there.args == refusal.args
    assert {key: str(value) for key, value in vars(there).items()} == {
        key: str(value) for key, value in vars(refusal).items()
    }
    assert str(getattr(there, "detail", "")) == str(getattr(refusal, "detail", ""))


def over_there(answers, wakes):
    (words,) = wire.Unpacking().words(wire.packed(*wire.told_in(answers, wakes)))
    return wire.told_out(*words)


def test_where_there_is_nothing_to_say_nothing_is_said():
    assert over_there([None, None], []) == ([None, None], [])


MESSAGE = Stored(uuid4(), uuid4(), 7, uuid4(), uuid4(), "Grüße", datetime(2026, 3, 1, 9, tzinfo=UTC), "money bank")
TAKEN_BACK = MESSAGE._replace(body="", deleted_at=datetime(2026, 3, 1, 10, tzinfo=UTC), deletes=3)


@pytest.mark.parametrize("message", [MESSAGE, TAKEN_BACK])
def test_a_message_arrives_with_all_that_is_known_of_it(message):
    told, _ = over_there([Posted(message, repeated=True), Posted(message, repeated=False)], [])
    assert told == [Posted(message, repeated=True), Posted(message, repeated=False)]


def test_wakes_arrive_with_people_and_message_which_goes_once():
    wakes = [
        Wake([uuid4(), uuid4()], {"type": "wake", "conversation": str(MESSAGE.conversation_id), "seq": 7}),
        Wake([uuid4()], {"type": "recheck"}),
    ]
    fresh = wakes[0]._replace(fresh=Fresh(MESSAGE, 12.5))
    (posted,), there = over_there([Posted(MESSAGE, repeated=False)], [fresh, wakes[1]])
    assert [one._replace(fresh=None) for one in there] == wakes
    assert there[0].fresh.message is posted.message
    assert (there[0].fresh.since, there[0].fresh.text) == (12.5, message_text(MESSAGE))
    whole = len(wire.packed(*wire.told_in([Posted(MESSAGE, repeated=False)], [fresh])))
    alone = len(wire.packed(*wire.told_in([], [fresh])))
    assert whole - alone < 50
