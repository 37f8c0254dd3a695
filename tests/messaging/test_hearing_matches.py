"""The talk follows its match, and the two hear of moves without a word about what moved."""

import logging
from datetime import timedelta

import pytest

from config.data_protection.erasing import erase_person
from matching.actions import complete_match, confirm_match, propose_appointment, release_match
from matching.models import Match
from messaging.models import Conversation
from tests import people
from tests.messaging.sockets import Device, in_thread
from tests.messaging.talks import a_talk
from tests.people import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_confirmation_opens_the_talk(ada, ben):
    match = people.a_match(state="accepted")
    confirm_match(match_id=match.pk, by=ada, now=NOW)
    assert Conversation.objects.get().match == match


def test_completion_closes_it_some_days_later(ada, ben):
    talk = a_talk()
    complete_match(match_id=talk.match_id, by=ada, now=NOW)
    talk.refresh_from_db()
    assert talk.closes_at == NOW + timedelta(days=14)


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_a_match_that_went_with_somebodys_data_is_no_fault(who, ada, ben, caplog):
    person = {"ada": ada, "ben": ben}[who]
    people.a_match(people.a_request(ada), ben, state="confirmed")
    with caplog.at_level(logging.ERROR):
        erase_person(person=person, by=person, now=NOW)
    assert caplog.messages == []
    assert not Match.objects.exists()
    assert not Conversation.objects.exists()


def test_for_the_request_that_stays_the_next_best_is_asked_all_the_same(ada, ben):
    request, nils = people.a_request(ada), people.a_volunteer("Nils")
    people.a_match(request, ben, state="confirmed")
    erase_person(person=ben, by=ben, now=NOW)
    assert [match.volunteer for match in request.matches.all()] == [nils]


async def test_the_two_hear_of_a_confirmation():
    match = await in_thread(people.a_match, state="accepted")
    ben = await Device(await in_thread(people.ben)).open()
    await ben.hello()
    await in_thread(confirm_match, match_id=match.pk, by=await in_thread(people.ada), now=NOW)
    event = await ben.hear("event")
    assert event == {"v": 1, "type": "event", "kind": "match_moved", "id": str(match.pk), "move": "confirm"}
    await ben.close()


async def test_the_resident_hears_nothing_of_a_match_they_may_not_see():
    match = await in_thread(people.a_match)
    ada = await Device(await in_thread(people.ada)).open()
    await ada.hello()
    await in_thread(release_match, match_id=match.pk, by=await in_thread(people.cleo), now=NOW)
    assert await ada.silence()
    await ada.close()


async def test_both_hear_of_an_appointment():
    talk = await in_thread(a_talk)
    ada, ben = await in_thread(people.ada), await in_thread(people.ben)
    devices = [await Device(person).open() for person in (ada, ben)]
    for device in devices:
        await device.hello()
    start = NOW + timedelta(days=1)
    made = await in_thread(
        propose_appointment, match_id=talk.match_id, start=start, end=start + timedelta(hours=1), by=ada, now=NOW
    )
    for device in devices:
        event = await device.hear("event")
        assert (event["kind"], event["id"], event["match"]) == ("appointment_moved", str(made.pk), str(talk.match_id))
        await device.close()
