"""Two senders, and a sender beside writers: everything once, nothing forgotten; on either database."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event
from time import sleep

import pytest
from django.core import mail
from django.db import connections, transaction

from messaging.actions import deliver_notices, tell
from messaging.actions.storing import locked
from messaging.models import Notice
from messaging.outbox import sending
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_person, a_volunteer

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


def in_threads(*jobs) -> list:
    start = Barrier(len(jobs))

    def run(job):
        try:
            start.wait()
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_four_senders_at_once_tell_everybody_once():
    people = [a_person(f"P{number}") for number in range(12)]
    for number in range(3):
        tell(
            [one.pk for one in people],
            kind=("office", "thanks", "ended")[number],
            event=f"race:{number}",
            about=people[0].pk,
            now=NOW,
        )
    sent = in_threads(*[lambda: deliver_notices(now=NOW + 2 * MINUTE)] * 4)
    assert sum(sent) == len(mail.outbox) == 12  # one mail for the three
    assert Counter(letter.to[0] for letter in mail.outbox).most_common(1)[0][1] == 1
    assert set(Notice.objects.values_list("state", "tries")) == {("sent", 1)}


def test_the_same_thing_told_by_eight_at_once_is_told_once():
    ada = a_person("Ada")
    in_threads(*[lambda: tell([ada.pk], kind="office", event="once", now=NOW)] * 8)
    assert Notice.objects.count() == 1


def test_a_message_that_comes_while_its_notice_leaves_is_never_forgotten(ada, ben, monkeypatch):
    """Either the mail is not gone yet, or a notice of its own waits."""
    talk = a_talk()
    for round_ in range(10):
        now = NOW + round_ * timedelta(hours=1)
        say(talk, ada, f"erste {round_}", now=now)
        in_threads(
            lambda now=now: deliver_notices(now=now + 11 * MINUTE),
            lambda now=now, n=round_: say(talk, ada, f"zweite {n}", now=now + 11 * MINUTE),
        )
        newest = Notice.objects.filter(person=ben).latest("written_at")
        assert newest.state in ("waiting", "sent")
        Notice.objects.filter(state="waiting").update(state="over")
    assert len(mail.outbox) >= 1


def test_whoever_stores_into_several_talks_and_whoever_tells_of_them_lock_in_one_order(ada):
    """Were one of them not in order, PostgreSQL would end one of the two."""
    talks = sorted((a_talk(ada, a_volunteer(f"V{number}")) for number in range(3)), key=lambda talk: talk.pk)
    for late, talk in enumerate(reversed(talks)):
        say(talk, talk.match.volunteer, now=NOW + late * MINUTE)
    holds = Event()

    def stores() -> None:
        with transaction.atomic():
            locked([talks[0].pk])
            holds.set()
            sleep(0.4)  # the other has come as far as it gets
            locked([talks[-1].pk])

    def tells() -> int:
        holds.wait()
        return deliver_notices(now=NOW + 20 * MINUTE)

    assert in_threads(stores, tells) == [None, 1]


def test_a_slow_mail_server_keeps_nobody_else_from_telling(monkeypatch):
    """The lock on a person is gone before anything is sent."""
    ada, ben = a_person("Ada"), a_person("Ben")
    tell([ada.pk], kind="office", event="slow", now=NOW)
    real = sending.send

    def slow(way, notices):
        tell([ben.pk], kind="office", event="meanwhile", now=NOW)  # would wait for ever behind an open transaction
        return real(way, notices)

    monkeypatch.setattr(sending, "send", slow)
    assert deliver_notices(now=NOW + 2 * MINUTE) == 1
    assert Notice.objects.get(person=ben).state == "waiting"
