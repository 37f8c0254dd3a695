"""Hints on devices: sealed for one browser, without content, once, and another way where no device is left."""

import json
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from time import monotonic, sleep
from unittest.mock import Mock
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from allauth.account import signals as allauth
from cryptography.hazmat.primitives.asymmetric import ec
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.people import cut_sessions
from accounts.models import RoleAssignment, User
from accounts.signals import announce_access
from config.data_protection.copies import copy_of
from config.data_protection.erasing import erase_person
from config.retention import remove_expired
from core.errors import Invalid, NotVisible
from matching import actions as matching
from messaging import actions
from messaging.actions import deliver_notices, delivery, tell
from messaging.actions.devices import MOST_DEVICES, NoPushHere
from messaging.devices import label_of
from messaging.models import Notice, NoticeWish, PushSubscription
from messaging.outbox import push, sealed, strangers_address, ways
from tests.messaging.outbox.push_service import HOST
from tests.messaging.outbox.test_delivery import Killed, reach
from tests.people import NOW, a_match, a_request

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 3, 12, tzinfo=BERLIN)
NIGHT = datetime(2026, 3, 3, 23, tzinfo=BERLIN)
MORNING = datetime(2026, 3, 4, 8, tzinfo=BERLIN)
DOOR = "/api/v1/me/devices/"


def a_device(person: User, service, name: str = "phone", *, session: str = "s", now=NOON) -> PushSubscription:
    said = service.browser(name)
    words = {"endpoint": said["endpoint"], "label": "Firefox, Android", "session_key": session, "now": now}
    return actions.add_device(by=person, **words, **said["keys"])


def a_notice(person: User, kind: str = "office", *, now=NOON, **words) -> Notice:
    tell([person.pk], kind=kind, event=f"push:{Notice.objects.count()}", now=now, **words)
    return Notice.objects.filter(person=person).latest("written_at")


def state_after(notice: Notice, now: datetime) -> tuple[str, str]:
    deliver_notices(now=now)
    notice.refresh_from_db()
    return notice.state, notice.way


# --- sealing ----------
def test_the_example_of_rfc_8291():
    """Its keys, its salt, its message; byte for byte its result."""
    body = sealed.seal(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=urlsafe_b64decode("DGv6ra1nlYgDCS1FRnbzlw=="),
        own=sealed.read_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        padded_to=0,
    )
    assert sealed.packed(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_"
        "yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize(
    ("p256dh", "auth"),
    [
        ("", ""),
        ("x" * 87, "BTBZMqHH6r4Tts7J_aSIgg"),  # no point of the curve
        ("BCVxsr7N", "BTBZMqHH6r4Tts7J_aSIgg"),
        ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "kurz"),
        ("äöü" * 29, "BTBZMqHH6r4Tts7J_aSIgg"),
    ],
)
def test_keys_that_are_none_are_refused_with_a_sentence(p256dh, auth, ada, push_to):
    with pytest.raises(Invalid):
        actions.add_device(
            by=ada,
            endpoint=push_to.browser("x")["endpoint"],
            p256dh=p256dh,
            auth=auth,
            label="",
            session_key="s",
            now=NOON,
        )


# --- what is said ----------
def test_a_hint_says_one_sentence_and_a_way_that_means_nothing_to_others(ada, ben, push_to):
    a_device(ben, push_to)
    match = a_match(a_request(ada, description="Bitte Milch mitbringen"), ben)
    matching.release_match(match_id=match.pk, by=None, now=NOON)
    assert deliver_notices(now=NOON + 2 * MINUTE) == 1
    [hint] = push_to.taken
    assert hint.said["body"] == "Es gibt Neues bei Gemeinsinn."
    assert set(hint.said) == {"title", "body", "path", "tag"}
    text = json.dumps(hint.said)
    for secret in ("Ada", "Ben", "Milch", "Einkauf", str(match.pk), str(ben.pk), str(Notice.objects.get().pk)):
        assert secret not in text
    assert not mail.outbox


def test_all_hints_are_of_one_length_and_in_the_language_of_the_reader(ada, ben, push_to):
    User.objects.filter(pk=ben.pk).update(language="en")
    for person in (ada, User.objects.get(pk=ben.pk)):
        a_device(person, push_to, person.first_name)
        a_notice(person)
    deliver_notices(now=NOON + 2 * MINUTE)
    assert {hint.said["body"] for hint in push_to.taken} == {
        "Es gibt Neues bei Gemeinsinn.",
        "There is something new at Gemeinsinn.",
    }
    assert len({hint.length for hint in push_to.taken}) == 1


def test_the_page_behind_a_hint_asks_who_is_there_and_leads_on(ada, ben, push_to, page_as):
    a_device(ben, push_to)
    match = a_match(a_request(ada), ben)
    matching.release_match(match_id=match.pk, by=None, now=NOON)
    deliver_notices(now=NOON + 2 * MINUTE)
    path = push_to.taken[0].said["path"]
    assert "/konto/login/" in Client().get(path).headers["Location"]
    assert page_as(ada).get(path).headers["Location"] == "/mein/"  # of somebody else it means nothing
    assert page_as(ben).get(path).headers["Location"] == f"/vermittlung/{match.pk}/"
    assert Notice.objects.get().seen_at is not None


# --- one way, and when ----------
def test_several_devices_get_one_hint_each_and_no_mail(ada, push_to):
    for name in ("phone", "tablet"):
        a_device(ada, push_to, name)
    notice = a_notice(ada)
    assert state_after(notice, NOON + 2 * MINUTE) == ("sent", "push")
    assert sorted(hint.device for hint in push_to.taken) == ["phone", "tablet"]
    assert deliver_notices(now=NOON + 30 * MINUTE) == 0
    assert not mail.outbox
    assert PushSubscription.objects.first().last_success_at == NOON + 2 * MINUTE


def test_quiet_hours_hold_a_hint_and_let_an_urgent_one_through(ada, push_to):
    a_device(ada, push_to)
    notice = a_notice(ada, now=NIGHT)
    assert state_after(notice, NIGHT + 2 * MINUTE) == ("waiting", "")
    a_notice(ada, now=NIGHT, urgent=True)
    deliver_notices(now=NIGHT + 2 * MINUTE)
    assert [hint.headers["Urgency"] for hint in push_to.taken] == ["high"]
    assert state_after(notice, MORNING) == ("sent", "push")


def test_what_is_urgent_takes_one_silent_way_and_then_a_loud_one(ada, push_to):
    reach(ada)
    a_device(ada, push_to)
    notice = a_notice(ada, "called_off", urgent=True)
    deliver_notices(now=NOON + 2 * MINUTE)
    assert state_after(notice, NOON + 4 * MINUTE) == ("to_call", "call")
    assert len(push_to.taken) == 1
    assert not mail.outbox


def test_an_urgent_hint_is_found_though_a_text_left_with_it_and_the_text_by_its_report(ada, push_to, texts, page_as):
    reach(ada, sms_if_urgent=True)
    a_device(ada, push_to)
    notice = a_notice(ada, "report", about=uuid4(), urgent=True)
    deliver_notices(now=NOON + 2 * MINUTE)
    assert state_after(notice, NOON + 4 * MINUTE) == ("sent", "sms")
    assert actions.hear_arrivals([("text-1", "delivered")], now=NOON + 5 * MINUTE) == 1
    page_as(ada).get(push_to.taken[0].said["path"])
    assert Notice.objects.get().seen_at is not None


def test_a_question_without_an_answer_goes_on_to_mail_and_then_to_the_telephone(ada, ben, push_to):
    reach(ben)
    a_device(ben, push_to)
    match = a_match(a_request(ada), ben)
    matching.release_match(match_id=match.pk, by=None, now=NOON)
    now, trail = NOON, []
    while now < NOON + 2 * DAY:
        deliver_notices(now=now)
        now += timedelta(minutes=30)
    trail = [way for way, _at in Notice.objects.get().used]
    assert trail == ["push", "mail"]
    assert Notice.objects.get().state == "to_call"


def test_a_topic_by_mail_stays_by_mail(ada, push_to):
    a_device(ada, push_to)
    actions.set_wishes(person_id=ada.pk, by=ada, now=NOON, chosen={"ways": {"office": "mail"}})
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sent", "mail")
    assert push_to.taken == []


@pytest.mark.parametrize("channel", ["phone", "letter"])
def test_nobody_looks_for_devices_of_people_of_the_telephone_and_of_letters(channel, ada, push_to):
    ada.channel = channel
    with CaptureQueriesContext(connection) as queries:
        ways.default(ada)
    assert not queries.captured_queries


@pytest.mark.parametrize("door", ["/profil/benachrichtigungen/", "/api/v1/me/wishes/"])
def test_the_page_of_wishes_looks_for_devices_once_for_all_topics(door, ada, push_to, page_as):
    client = page_as(ada)
    with CaptureQueriesContext(connection) as queries:
        client.get(door)
    assert sum(PushSubscription._meta.db_table in one["sql"] for one in queries.captured_queries) <= 3


def test_switching_a_device_on_takes_over_what_came_by_mail_and_nothing_else(ada, push_to):
    reach(ada, ways={"office": "mail", "times": "call", "thanks": "none"})
    a_device(ada, push_to)
    assert NoticeWish.objects.get(person=ada).ways == {"times": "call", "thanks": "none"}


# --- crashing ----------
def test_killed_between_sending_and_marking_the_same_hint_goes_again_under_the_same_name(ada, push_to, monkeypatch):
    """The push service and the browser replace the one by the other, so that nobody sees two."""
    a_device(ada, push_to)
    notice = a_notice(ada)

    def dies(*_args):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_mark_told", dies)
        with pytest.raises(Killed):
            deliver_notices(now=NOON + 2 * MINUTE)
    assert state_after(notice, NOON + 3 * MINUTE) == ("sending", "push")
    assert state_after(notice, NOON + 2 * MINUTE + delivery.LEASE + MINUTE) == ("sent", "push")
    assert len(push_to.taken) == 2
    assert len({(hint.said["tag"], hint.headers["Topic"]) for hint in push_to.taken}) == 1


def test_a_push_service_away_is_tried_again_and_then_it_is_a_mail(ada, push_to):
    a_device(ada, push_to)
    push_to.answers["phone"] = 503
    notice, now = a_notice(ada), NOON
    states = []
    while not mail.outbox and now < NOON + DAY:
        states.append(state_after(notice, now))
        now += MINUTE
    assert ("sending", "push") in states
    assert now < NOON + timedelta(hours=1)
    notice.refresh_from_db()
    assert [way for way, _at in notice.used] == ["mail"]


def test_one_device_that_takes_it_is_enough(ada, push_to):
    for name in ("phone", "tablet"):
        a_device(ada, push_to, name)
    push_to.answers["phone"] = 500
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sent", "push")


@pytest.mark.parametrize("status", [307, 408, 429, 500, 503])
def test_troubles_of_the_moment_count_nothing_against_a_device(status, ada, push_to):
    device = a_device(ada, push_to)
    PushSubscription.objects.filter(pk=device.pk).update(failures=push.MOST_FAILURES - 1)
    push_to.answers["phone"] = status
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sending", "push")
    assert PushSubscription.objects.get().failures == push.MOST_FAILURES - 1


def test_a_push_service_that_is_away_counts_nothing_either(ada, push_to, monkeypatch):
    a_device(ada, push_to)
    monkeypatch.setattr(strangers_address.socket, "create_connection", Mock(side_effect=ConnectionRefusedError))
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sending", "push")
    assert PushSubscription.objects.get().failures == 0


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten_and_the_mail_goes_at_once(status, ada, push_to):
    a_device(ada, push_to)
    push_to.answers["phone"] = status
    notice = a_notice(ada)
    assert state_after(notice, NOON + 2 * MINUTE) == ("waiting", "mail")
    assert not PushSubscription.objects.exists()
    assert state_after(notice, NOON + 3 * MINUTE) == ("sent", "mail")
    assert len(mail.outbox) == 1


def test_a_device_that_is_refused_again_and_again_is_forgotten(ada, push_to):
    a_device(ada, push_to)
    push_to.answers["phone"] = 403
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sending", "push")
    assert PushSubscription.objects.filter(failures=1).update(failures=push.MOST_FAILURES - 1)
    assert state_after(a_notice(ada), NOON + 4 * MINUTE) == ("waiting", "mail")
    assert not PushSubscription.objects.exists()


# --- whose device ----------
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


# --- the address a stranger names ----------
@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://localhost/x",
        "https://2130706433/x",
        "https://user@push.example.org/x",
        "https://push.example.org:6379/x",
        "https://push.example.org:99999/x",
        "https://push.example.org/x#y",
        "https://push.example.org/a b",
        "https://push.example.org/\r\nHost: x",
        "https://pusch.exämple.org/",
        "file:///etc/passwd",
        "https://push.example.org/" + "x" * 1000,
        "https://[push/",
        "",
    ],
)
def test_an_address_that_is_none_of_a_push_service_is_refused(address, ada, push_to, page_as):
    said = push_to.browser("x") | {"endpoint": address}
    assert page_as(ada).post(DOOR, said, content_type="application/json").status_code == 400
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("127.0.0.1", False),
        ("10.0.0.5", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::1", False),
    ],
)
def test_only_addresses_of_the_open_net_are_called(address, is_public):
    assert strangers_address.is_public(address) == is_public


def test_a_name_that_leads_inside_is_never_called(monkeypatch):
    """One of its addresses inside is enough."""
    found = [(0, 0, 0, "", (one, 443)) for one in ("8.8.8.8", "10.0.0.5")]
    monkeypatch.setattr(strangers_address.socket, "getaddrinfo", lambda *_a, **_w: found)
    monkeypatch.setattr(strangers_address.socket, "create_connection", lambda *_a, **_w: pytest.fail("called"))
    with pytest.raises(strangers_address.NotOutside):
        strangers_address.post("https://push.example.org/x", b"", {})


def test_a_redirect_is_not_followed(ada, push_to):
    a_device(ada, push_to)
    push_to.answers["phone"] = 307
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == ("sending", "push")
    assert push_to.taken == []


def test_a_service_that_drips_is_cut_after_some_seconds(ada, push_to, monkeypatch):
    monkeypatch.setattr(strangers_address, "SECONDS", 0.5)
    push_to.before, push_to.answers["phone"] = lambda _device: sleep(2), 500
    began = monotonic()
    with pytest.raises(OSError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    assert monotonic() - began < 1.8


def test_a_name_that_is_looked_up_for_ever_is_given_up(push_to, monkeypatch):
    monkeypatch.setattr(strangers_address, "SECONDS", 0.2)
    monkeypatch.setattr(strangers_address, "public_addresses", lambda _host, _port: sleep(2) or ["127.0.0.1"])
    began = monotonic()
    with pytest.raises(TimeoutError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    assert monotonic() - began < 1.5


def test_a_connection_that_comes_after_the_cut_is_closed(push_to, monkeypatch):
    monkeypatch.setattr(strangers_address, "SECONDS", 0.2)
    reached, made = strangers_address.socket.create_connection, []

    def late(*args, **_words):
        sleep(0.6)
        made.append(reached(*args))
        return made[0]

    monkeypatch.setattr(strangers_address.socket, "create_connection", late)
    with pytest.raises(TimeoutError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    assert made[0].fileno() == -1


def test_of_many_addresses_two_are_tried(push_to, monkeypatch):
    tried = []
    monkeypatch.setattr(strangers_address, "public_addresses", lambda _host, _port: [f"8.8.8.{n}" for n in range(9)])

    def refused(address, **_words):
        tried.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(strangers_address.socket, "create_connection", refused)
    with pytest.raises(ConnectionRefusedError):
        strangers_address.post(push_to.browser("phone")["endpoint"], b"x", {})
    assert tried == ["8.8.8.0", "8.8.8.1"]


def test_a_certificate_of_another_name_is_refused(push_to):
    other = push_to.browser("x")["endpoint"].replace(HOST, "other.example.org")
    with pytest.raises(OSError):
        strangers_address.post(other, b"x", {})
