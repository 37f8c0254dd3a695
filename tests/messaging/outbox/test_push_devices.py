"""Whose device it is, and when it is forgotten."""

import json
from datetime import timedelta

import pytest
from allauth.account import signals as allauth
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.management import call_command
from django.test import Client

from accounts.actions.people import cut_sessions
from accounts.models import RoleAssignment, User
from accounts.signals import announce_access
from config.data_protection.copies import copy_of
from config.data_protection.erasing import erase_person
from config.retention import remove_expired
from core.errors import NotVisible
from messaging import actions
from messaging.actions.devices import MOST_DEVICES, NoPushHere
from messaging.devices import label_of
from messaging.models import PushSubscription
from messaging.outbox import sealed
from tests.messaging.outbox.pushing import DOOR, MINUTE, NOON, a_device, a_notice, state_after
from tests.people import NOW

pytestmark = pytest.mark.django_db


def test_a_browser_belongs_to_one_person(ada, ben, push_to):
    a_device(ada, push_to)
    a_device(ben, push_to)
    assert PushSubscription.objects.get().person == ben


def test_the_oldest_device_makes_room(ada, push_to):
    for number in range(MOST_DEVICES + 2):
        a_device(ada, push_to, f"d{number}", now=NOON + number * MINUTE)
    assert PushSubscription.objects.count() == MOST_DEVICES
    assert PushSubscription.objects.first().endpoint.endswith("/d2")


def test_logging_out_forgets_the_device_of_this_session_alone(ada, push_to, page_as):
    here, there = page_as(ada), page_as(ada)
    for client, name in ((here, "here"), (there, "there")):
        answer = client.post(DOOR, push_to.browser(name), content_type="application/json")
        assert answer.status_code == 201
    here.post("/konto/logout/")
    assert [row.endpoint.rsplit("/", 1)[1] for row in PushSubscription.objects.all()] == ["there"]


@pytest.mark.parametrize("what", ["cut", "suspended", "password", "role", "erased"])
def test_other_ends_of_access_forget_all_devices(what, ada, push_to, django_capture_on_commit_callbacks):
    a_device(ada, push_to)
    with django_capture_on_commit_callbacks(execute=True):
        if what == "cut":
            cut_sessions(person=ada)
        elif what == "suspended":
            User.objects.filter(pk=ada.pk).update(suspended_at=NOW)
            announce_access(User.objects.get(pk=ada.pk))
        elif what == "password":
            allauth.password_changed.send(sender=User, request=None, user=ada)
        elif what == "role":
            RoleAssignment.objects.create(user=ada, role="worker", quarter=ada.quarter)
            announce_access(ada)
        else:
            erase_person(person=ada, by=ada, now=NOW)
    assert not PushSubscription.objects.exists()


def test_a_device_of_a_session_that_was_cut_is_told_nothing_even_if_it_was_not_forgotten(ada, push_to):
    a_device(ada, push_to)
    User.objects.filter(pk=ada.pk).update(auth_epoch=7)
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sent", "mail")


def test_the_calendar_lets_go_of_what_took_nothing_for_ninety_days(ada, push_to):
    a_device(ada, push_to)
    remove_expired(today=(NOON + timedelta(days=90)).date())
    assert PushSubscription.objects.count() == 1
    remove_expired(today=(NOON + timedelta(days=91)).date())
    assert PushSubscription.objects.count() == 0


def test_the_copy_of_the_own_data_names_the_device_and_no_key(ada, push_to):
    device = a_device(ada, push_to)
    said = json.dumps(copy_of(ada, now=NOW), default=str)
    assert "Firefox, Android" in said
    for secret in (device.endpoint, device.p256dh, device.auth, device.session, device.endpoint_sum):
        assert secret not in said


def test_who_works_in_the_office_sits_at_shared_machines(cleo, push_to, page_as):
    with pytest.raises(NoPushHere):
        a_device(cleo, push_to)
    assert "geraet" not in page_as(cleo).get("/profil/benachrichtigungen/").content.decode()


def test_without_a_key_of_the_operator_nothing_of_it_is_there(ada, page_as, settings):
    assert "geraet" not in page_as(ada).get("/profil/benachrichtigungen/").content.decode()
    assert page_as(ada).get("/api/v1/me/wishes/").json()["push_key"] == ""


def test_the_privacy_page_names_the_one_exception_where_there_is_one(push_to, settings):
    assert "der Hersteller Ihres Browsers" in Client().get("/datenschutz/").content.decode()
    settings.PUSH_KEY = ""
    assert "der Hersteller Ihres Browsers" not in Client().get("/datenschutz/").content.decode()


def test_nobody_takes_off_somebody_elses_device(ada, ben, push_to, page_as):
    device = a_device(ada, push_to)
    with pytest.raises(NotVisible):
        actions.remove_device(device_id=device.pk, by=ben)
    assert page_as(ben).delete(f"{DOOR}{device.pk}/").status_code == 404
    page_as(ada).post(f"/profil/benachrichtigungen/geraet/{device.pk}/entfernen/")
    assert not PushSubscription.objects.exists()


def test_the_key_is_made_once(tmp_path, settings, capsys):
    settings.DATA_DIR, settings.PUSH_KEY = tmp_path, ""
    call_command("push_key")
    text = (tmp_path / "push_key").read_text()
    assert isinstance(sealed.read_key(text), ec.EllipticCurvePrivateKey)
    assert (tmp_path / "push_key").stat().st_mode & 0o077 == 0
    settings.PUSH_KEY = text
    call_command("push_key")
    assert (tmp_path / "push_key").read_text() == text


def test_a_browser_is_called_what_its_owner_knows_it_by():
    assert label_of("Mozilla/5.0 (Android 14; Mobile; rv:128.0) Gecko/128.0 Firefox/128.0") == "Firefox, Android"
    assert label_of("<script>") == "Ein Gerät"
