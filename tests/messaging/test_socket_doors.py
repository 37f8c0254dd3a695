"""Closed doors first: who never gets a talk, and who loses it."""

from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.actions.people import cut_sessions
from accounts.actions.roles import revoke_role
from accounts.models import User
from messaging.consumers import TalkSocket
from messaging.limits import Gate
from messaging.sockets import seats
from tests import people
from tests.messaging.sockets import ORIGIN, Device, cookie_of, in_thread
from tests.messaging.talks import a_talk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://[",
        "http://127.0.0.1",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8001",
        "http://127.0.0.1:99999999",
        "http://evil.example:8000",
        "http://127.0.0.1.evil.example:8000",
        "127.0.0.1:8000",
        "\x00",
        "http://ä",
    ],
)
async def test_another_page_is_refused(origin):
    assert await (await Device(None, origin=origin).open()).code() == 4403


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/v1", "/ws/v2/", "/ws/v1/x", "/ws/v1/../v1/"])
async def test_an_unknown_address_is_refused(path):
    assert await (await Device(None, path=path).open()).code() == 4404


@pytest.mark.parametrize("cookie", ["", "x", "a" * 32, "ä", "a" * 4000, "../../etc", "\x00"])
async def test_without_a_session_log_in_first(cookie):
    assert await (await Device(None, cookie=cookie).open()).code() == 4401


async def test_a_suspended_person_stays_outside():
    ada = await in_thread(people.ada)
    device = Device(ada, cookie=await in_thread(cookie_of, ada))
    await in_thread(User.objects.filter(pk=ada.pk).update, suspended_at=timezone.now())
    assert await (await device.open()).code() == 4401


async def test_an_expired_session_is_none():
    ada = await in_thread(people.ada)
    device = Device(ada, cookie=await in_thread(cookie_of, ada))
    await in_thread(Session.objects.update, expire_date=timezone.now())
    assert await (await device.open()).code() == 4401


async def test_a_rotated_key_keeps_people_in(settings):
    ada = await in_thread(people.ada)
    cookie = await in_thread(cookie_of, ada)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another-key-of-enough-length-0123456789-0123456789",
    )
    device = await Device(ada, cookie=cookie).open()
    assert (await device.hello())["type"] == "welcome"
    await device.close()
    assert await in_thread(Session.objects.filter(session_key=cookie).exists)


async def _seated(person: User, cookie: str, count: int) -> list[Device]:
    devices = [await Device(person, cookie=cookie).open() for _ in range(count)]
    assert [(await device.hello())["type"] for device in devices] == ["welcome"] * count
    return devices


async def test_more_than_five_sockets_of_one_session_are_too_many():
    ada = await in_thread(people.ada)
    tablet, phone = [await in_thread(cookie_of, ada) for _ in range(2)]
    devices = await _seated(ada, tablet, 5)
    assert await (await Device(ada, cookie=tablet).open()).code() == 4429
    devices += await _seated(ada, phone, 1)  # another session of the same person has seats of its own
    await devices.pop(0).close()
    devices += await _seated(ada, tablet, 1)  # and a tab that was closed gives its seat back
    for device in devices:
        await device.close()
    assert len(seats) == 0


async def test_more_than_twenty_sockets_of_one_person_are_too_many():
    ada = await in_thread(people.ada)
    devices = [one for _ in range(4) for one in await _seated(ada, await in_thread(cookie_of, ada), 5)]
    fresh = await in_thread(cookie_of, ada)
    assert await (await Device(ada, cookie=fresh).open()).code() == 4429
    for device in devices:
        await device.close()
    assert len(seats) == 0


async def _revoke_by_logout(person: User, cookie: str) -> None:
    await in_thread(import_module(settings.SESSION_ENGINE).SessionStore(cookie).flush)


async def _revoke_by_epoch(person: User, cookie: str) -> None:
    await in_thread(User.objects.filter(pk=person.pk).update, auth_epoch=7)


async def _revoke_by_suspension(person: User, cookie: str) -> None:
    await in_thread(User.objects.filter(pk=person.pk).update, suspended_at=timezone.now())


async def _revoke_by_password(person: User, cookie: str) -> None:
    await in_thread(User.objects.filter(pk=person.pk).update, password="another")


REVOCATIONS = [_revoke_by_logout, _revoke_by_epoch, _revoke_by_suspension, _revoke_by_password]


@pytest.mark.parametrize("revoke", REVOCATIONS)
async def test_nothing_is_stored_for_a_revoked_session(revoke):
    talk = await in_thread(a_talk)
    ada = await in_thread(people.ada)
    device = await Device(ada).open()
    await device.hello()
    await revoke(ada, device.cookie)
    await device.say("send", conversation=talk.pk, client_id=talk.pk, body="Hallo")
    assert await device.code() == 4401
    assert await in_thread(talk.messages.count) == 0


@pytest.mark.parametrize("revoke", REVOCATIONS)
async def test_the_heartbeat_closes_a_revoked_socket(revoke, monkeypatch):
    monkeypatch.setattr(TalkSocket, "heartbeat_seconds", 0.3)
    ada = await in_thread(people.ada)
    device = await Device(ada).open()
    await device.hello()
    await revoke(ada, device.cookie)
    assert await device.code(timeout=3) == 4401


async def test_logging_out_closes_the_socket_at_once():
    ada = await in_thread(people.ada)
    device = await Device(ada).open()
    await device.hello()
    await _revoke_by_logout(ada, device.cookie)
    assert await device.code(timeout=2) == 4401


async def _cut(person: User) -> None:
    await in_thread(cut_sessions, person=person)


async def _change_password(person: User) -> None:
    def change():
        from allauth.account.signals import password_changed

        person.set_password("noch-ein-langes-passwort-7")
        person.save(update_fields=["password"])
        password_changed.send(sender=User, request=None, user=person)

    await in_thread(change)


@pytest.mark.parametrize("end", [_cut, _change_password])
async def test_the_end_of_access_closes_the_socket_within_two_seconds(end):
    ada = await in_thread(people.ada)
    device = await Device(ada).open()
    await device.hello()
    await end(ada)
    assert await device.code(timeout=2) == 4401


async def test_the_end_of_a_role_ends_the_sessions_made_with_it():
    cleo = await in_thread(people.cleo)
    device = await Device(cleo).open()
    await device.hello()
    ended = await in_thread(
        revoke_role, email=cleo.email, role="worker", quarter_slug=cleo.quarter.slug, now=timezone.now()
    )
    assert ended == 1
    assert await device.code(timeout=2) == 4401


async def test_in_a_storm_the_rest_is_asked_to_come_back_later(monkeypatch):
    monkeypatch.setattr(Gate, "enter", lambda self: False)
    ada = await in_thread(people.ada)
    assert await (await Device(ada).open()).code() == 4429


def test_the_origin_of_the_tests_is_the_sites_own():
    assert settings.SITE_URL == ORIGIN


async def test_a_session_from_before_the_cut_opens_no_new_socket():
    ada = await in_thread(people.ada)
    device = Device(ada, cookie=await in_thread(cookie_of, ada))
    await in_thread(cut_sessions, person=ada)
    assert await (await device.open()).code() == 4401


async def test_whoever_works_here_shows_the_second_factor_before_the_socket_opens():
    cleo = await in_thread(people.cleo)
    only_password = Client()
    await in_thread(only_password.force_login, cleo, backend="django.contrib.auth.backends.ModelBackend")
    half = only_password.cookies[settings.SESSION_COOKIE_NAME].value
    assert await (await Device(cleo, cookie=half).open()).code() == 4401
    device = await Device(cleo).open()
    assert (await device.hello())["type"] == "welcome"
    await device.close()
