"""The scribe knows the sockets of the other side, and stores in their name what they want stored."""

from uuid import uuid4

import pytest

from messaging import actions
from messaging.models import Mark
from messaging.scribe import wire
from messaging.scribe.chamber import Chamber
from tests.messaging.sockets import cookie_of
from tests.messaging.talks import a_talk, say

pytestmark = pytest.mark.django_db(transaction=True)
ADA, BEN, TABLET = 1, 2, 3


@pytest.fixture
def talk(ada, ben):
    return a_talk()


@pytest.fixture
def chamber(talk, ada, ben):
    chamber = Chamber()
    for number, person in ((ADA, ada), (BEN, ben), (TABLET, ada)):
        chamber.know(number, person.pk.hex, cookie_of(person), None)
    return chamber


def post(chamber, by, talk, body="Guten Tag", key=None):
    answers, wakes, stands = chamber.post(chamber.passes([by]), [(talk.pk.hex, str(key or uuid4()), body, "")])
    return *wire.told_out(answers, wakes), stands


def test_what_a_socket_wrote_is_stored_and_answered_as_it_stands(chamber, talk, ada, ben):
    key = uuid4()
    (posted,), (woken,), _ = post(chamber, ADA, talk, "Grüße", key)
    stored = talk.messages.get()
    assert (stored.body, stored.sender_id, stored.client_id) == ("Grüße", ada.pk, key)
    assert (posted.message.pk, posted.message.seq, posted.repeated) == (stored.pk, 1, False)
    assert (set(woken.people), woken.fresh.seq) == ({ada.pk, ben.pk}, 1)


def test_all_sockets_that_hear_it_were_asked_about_in_the_same_transaction(chamber, talk):
    _, (woken,), stands = post(chamber, ADA, talk)
    (good_at,) = stands
    assert sorted(stands[good_at]) == [ADA, BEN, TABLET]
    assert good_at >= woken.fresh.since


def test_whoever_was_forgotten_hears_nothing(chamber, talk, ben):
    chamber.forget(BEN, ben.pk.hex)
    _, _, stands = post(chamber, ADA, talk)
    assert sorted(number for numbers in stands.values() for number in numbers) == [ADA, TABLET]
    chamber.forget(BEN, ben.pk.hex)  # twice does no harm


def test_a_socket_whose_person_may_not_stay_is_good_for_nothing(chamber, talk, ben):
    ben.is_active = False
    ben.save()
    _, _, stands = post(chamber, ADA, talk)
    assert stands[0.0] == [BEN]
    ((refused,), wakes, _) = post(chamber, BEN, talk)
    assert (refused.code, wakes) == ("not_authenticated", [])


def test_each_of_many_is_answered_for_itself(chamber, talk, ada):
    elsewhere, key = uuid4().hex, uuid4()
    actions.post_message(conversation_id=talk.pk, by=ada, client_id=key, body="eins", now=talk.opened_at)
    wishes = [
        (talk.pk.hex, str(key), "zwei", ""),
        (elsewhere, str(uuid4()), "drei", ""),
        (talk.pk.hex, str(uuid4()), "vier", ""),
    ]
    answers, _, _ = chamber.post(chamber.passes([ADA, ADA, BEN]), wishes)
    told, _ = wire.told_out(answers, [])
    assert [getattr(one, "code", "stored") for one in told] == ["client_id_reused", "not_found", "stored"]


def test_marks_rise_in_the_name_of_their_socket(chamber, talk, ada, ben):
    say(talk, ada)
    answers, wakes, _ = chamber.mark(chamber.passes([BEN]), [(talk.pk.hex, 1, True)])
    assert answers == [None]
    assert Mark.objects.get(conversation=talk, person=ben).read_seq == 1
    assert {person for woken in wire.told_out([], wakes)[1] for person in woken.people} == {ada.pk, ben.pk}


def test_where_all_goes_wrong_everybody_hears_it(chamber, talk, monkeypatch):
    def broken(*args, **named):
        raise RuntimeError

    monkeypatch.setattr("messaging.writing.post", broken)
    (told,), wakes, _ = post(chamber, ADA, talk)
    assert isinstance(told, RuntimeError)
    assert wakes == []
