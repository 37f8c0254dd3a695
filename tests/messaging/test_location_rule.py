"""Location rule for the socket: what others hear is a function of the cell, never of the point."""

import json

import pytest
from django.utils import timezone

from matching import states
from matching.models import Match
from messaging.receivers import hear_match_moved
from places.models import ExactAddress
from tests import people
from tests.messaging.sockets import Device, in_thread
from tests.messaging.talks import a_talk, say

pytestmark = pytest.mark.django_db(transaction=True)
ENOUGH = 0.5  # seconds of silence after which nothing more comes


def a_scene(page_as):
    """Ada with a talk and a pair that waits for her; the cookies of Ben, of the volunteer Nils and the worker Cleo."""
    talk, nils = a_talk(), people.a_volunteer("Nils")
    say(talk, people.ada(), "Bis morgen")
    waiting = people.a_match(people.a_request(people.ada()), nils, state=states.ASKED)
    three = [people.ben(), nils, people.cleo()]
    return talk, waiting, [(one, page_as(one).cookies["sessionid"].value) for one in three]


async def frames_of(device: Device) -> list[str]:
    """Every frame as it came over the line, until it is quiet."""
    heard = []
    while not await device.line.receive_nothing(timeout=ENOUGH):
        heard.append((await device.line.receive_output())["text"])
    return heard


def news_of(*matches: Match) -> None:
    for match in matches:
        hear_match_moved(Match, match=match, move="release", at=timezone.now())


async def all_heard(talk, waiting, three) -> list[list[str]]:
    devices = [await Device(person, cookie=cookie).open() for person, cookie in three]
    for device in devices:
        await device.say("hello", epoch=None, cursors={})
    before = [await frames_of(device) for device in devices]
    await in_thread(news_of, await in_thread(lambda: Match.objects.get(conversation=talk)), waiting)
    after = [await frames_of(device) for device in devices]
    for device in devices:
        await device.close()
    return [first + then for first, then in zip(before, after, strict=True)]


async def test_moving_within_the_cell_changes_no_byte_of_the_frames_three_others_receive(page_as):
    talk, waiting, three = await in_thread(a_scene, page_as)
    here = await all_heard(talk, waiting, three)
    ada = await in_thread(people.ada)
    home = ExactAddress.objects.filter(place=ada.place_id)
    await in_thread(home.update, lat=51.0531, lon=6.9987, street="Ganz woanders", number="99", hint="Hinterhaus")
    assert await all_heard(talk, waiting, three) == here
    assert {"welcome", "message", "event"} <= {json.loads(frame)["type"] for frame in here[0]}
    assert [len(heard) for heard in here] == [3, 2, 1]
