"""Hints on devices: without content, once, when they may, and another way where no device is left."""

import json
from datetime import datetime, timedelta
from unittest.mock import Mock
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from matching import actions as matching
from messaging import actions
from messaging.actions import deliver_notices, delivery
from messaging.models import Notice, NoticeWish, PushSubscription
from messaging.outbox import push, strangers_address, ways
from tests.messaging.outbox.pushing import BERLIN, DAY, MINUTE, NOON, a_device, a_notice, state_after
from tests.messaging.outbox.test_delivery import reach
from tests.messaging.outbox.test_delivery_fails import Killed
from tests.people import a_match, a_request

pytestmark = pytest.mark.django_db
NIGHT = datetime(2026, 3, 3, 23, tzinfo=BERLIN)
MORNING = datetime(2026, 3, 4, 8, tzinfo=BERLIN)


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


@pytest.mark.parametrize(("given", "answered", "left"), [(2, False, 0), (2, True, 1), (0, False, 1)])
def test_an_address_nobody_ever_answered_at_is_forgotten_after_a_day(given, answered, left, ada, push_to, monkeypatch):
    device, days_ago = a_device(ada, push_to), NOON - timedelta(days=given)
    known = {"created_at": days_ago, "last_success_at": days_ago if answered else None}
    PushSubscription.objects.filter(pk=device.pk).update(failures=push.MOST_FAILURES - 1, **known)
    monkeypatch.setattr(strangers_address.socket, "create_connection", Mock(side_effect=TimeoutError))
    assert state_after(a_notice(ada), NOON + 2 * MINUTE)[1] == ("push" if left else "mail")
    assert PushSubscription.objects.count() == left


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
