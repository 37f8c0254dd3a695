"""What one process says, the other hears: in any pieces, refusals with all they say, people and talks as they were."""

from uuid import uuid4

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid, NotVisible, TooMany
from messaging.auth import Revoked
from messaging.errors import ClientIdReused, Suspended, TalkClosed
from messaging.scribe import wire
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
    (there,) = wire.answers_out(wire.answers_in([refusal]))
    assert type(there) is type(refusal)
    assert there.args == refusal.args
    assert {key: str(value) for key, value in vars(there).items()} == {
        key: str(value) for key, value in vars(refusal).items()
    }
    assert str(getattr(there, "detail", "")) == str(getattr(refusal, "detail", ""))


def test_texts_and_nothing_go_as_they_are():
    assert wire.answers_out(wire.answers_in(["ein Häkchen", None])) == ["ein Häkchen", None]


def test_wakes_arrive_with_people_talk_and_text():
    talk = uuid4()
    fresh = Fresh(talk, 7, '{"body":"Grüße"}', 12.5)
    wakes = [
        Wake([uuid4(), uuid4()], {"type": "wake", "conversation": str(talk), "seq": 7}, fresh),
        Wake([uuid4()], {"type": "recheck"}),
    ]
    assert wire.wakes_out(wire.wakes_in(wakes)) == wakes
