"""Text messages that arrive, and those that do not: asked for or called back, said once, and then another way."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from matching.calls.book import book
from messaging.actions import ask_gateway, deliver_notices, hear_arrivals, tell
from messaging.models import Notice
from messaging.outbox import sms
from tests.messaging.outbox.test_delivery import NOON, reach

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SENT = NOON + 2 * MINUTE


@pytest.fixture
def gateway(texts):
    """`states`: reference -> what it says when asked; `asked`: how often."""
    module = sms.gateway()
    module.states, module.asked = {}, []
    module.report = lambda *, reference: module.asked.append(reference) or module.states.get(reference, "")
    module.read = lambda body, *, content_type: [(one["id"], one["state"]) for one in json.loads(body)]
    return module


def a_text(person: User, **words) -> Notice:
    """A notice that left as a text message."""
    reach(person, ways={"office": "sms"})
    tell([person.pk], kind="office", event="text", now=NOON, **words)
    deliver_notices(now=SENT)
    notice = Notice.objects.get(person=person)
    assert (notice.state, notice.way, notice.reference) == ("sent", "sms", "text-1")
    return notice


def after(notice: Notice, now) -> tuple[str, str]:
    deliver_notices(now=now)
    notice.refresh_from_db()
    return notice.state, notice.way


# --- asked ----------
def test_what_arrived_is_noted_and_asked_about_no_more(ada, gateway):
    notice = a_text(ada)
    assert ask_gateway(now=SENT + MINUTE) == 0
    assert gateway.asked == []
    gateway.states["text-1"] = "delivered"
    assert ask_gateway(now=SENT + 2 * MINUTE) == 1
    assert after(notice, SENT + HOUR) == ("sent", "sms")
    assert notice.reached_at == SENT + 2 * MINUTE
    assert ask_gateway(now=SENT + DAY) == 0
    assert len(gateway.asked) == 1


def test_what_is_not_known_is_asked_ever_less_often_and_then_not_at_all(ada, gateway):
    a_text(ada)
    now = SENT
    while now < SENT + 4 * DAY:
        ask_gateway(now=now)
        now += MINUTE
    assert 8 <= len(gateway.asked) <= 16
    assert Notice.objects.get().report_at is None


def test_a_text_that_did_not_arrive_is_a_line_of_the_call_list(ada, cleo, gateway):
    notice = a_text(ada)
    gateway.states["text-1"] = "failed"
    ask_gateway(now=SENT + 2 * MINUTE)
    assert after(notice, SENT + 3 * MINUTE) == ("to_call", "call")
    [entry] = book([cleo.quarter], reader=cleo, now=SENT + HOUR).now
    assert (entry.line.person, entry.line.why) == (ada, "die SMS kam nicht an")
    assert entry.line.say[0].startswith("Unsere SMS kam nicht an.")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads so few rows as they come")
def test_reports_find_their_texts_by_an_index():
    assert "texts_by_reference" in Notice.objects.called("text-1").explain()
    assert "texts_to_ask_about" in Notice.objects.filter(report_at__lte=SENT).explain()


def test_a_gateway_that_breaks_when_asked_holds_up_nobody(ada, ben, gateway):
    notice = a_text(ada)

    def broken(*, reference):
        raise ConnectionError

    gateway.report = broken
    assert ask_gateway(now=SENT + 2 * MINUTE) == 0
    notice.refresh_from_db()
    assert (notice.state, notice.report_at) == ("sent", SENT + 4 * MINUTE)


def test_a_gateway_that_knows_nothing_of_it_is_not_asked(ada, texts):
    assert a_text(ada).report_at is None
    assert ask_gateway(now=SENT + DAY) == 0


def test_whoever_saw_it_meanwhile_is_left_alone(ada, gateway):
    notice = a_text(ada)
    Notice.objects.update(seen_at=SENT + MINUTE)
    hear_arrivals([("text-1", "failed")], now=SENT + HOUR)
    assert after(notice, SENT + HOUR) == ("sent", "sms")


@pytest.mark.parametrize(
    ("first", "then", "state"), [("delivered", "failed", "sent"), ("failed", "delivered", "to_call")]
)
def test_the_first_word_counts_however_often_it_is_said(first, then, state, ada, gateway):
    notice = a_text(ada)
    for word in (first, first, then, first):
        hear_arrivals([("text-1", word)], now=SENT + HOUR)
    assert after(notice, SENT + HOUR)[0] == state
    assert len(Notice.objects.get().used) == 1


def test_an_urgent_one_that_is_on_the_call_list_already_stays_one_line(ada, cleo, gateway):
    reach(ada, ways={"office": "sms"})
    tell([ada.pk], kind="office", event="text", now=NOON, urgent=True)
    deliver_notices(now=SENT)
    notice = Notice.objects.get()
    assert after(notice, SENT + MINUTE) == ("to_call", "call")
    hear_arrivals([("text-1", "failed")], now=SENT + HOUR)
    assert after(notice, SENT + HOUR) == ("to_call", "call")
    assert len(book([cleo.quarter], reader=cleo, now=SENT + HOUR).now) == 1


def test_several_things_in_one_text_all_go_on(ada, gateway):
    reach(ada, ways={"office": "sms", "thanks": "sms"})
    for kind in ("office", "thanks"):
        tell([ada.pk], kind=kind, event=kind, now=NOON)
    deliver_notices(now=SENT)
    assert hear_arrivals([("text-1", "failed")], now=SENT + HOUR) == 2
    deliver_notices(now=SENT + HOUR)
    assert set(Notice.objects.values_list("state", flat=True)) == {"to_call"}


# --- called back ----------
def address(capsys) -> str:
    call_command("sms_report_url")
    return capsys.readouterr().out.strip().split("8000")[-1]


def test_a_gateway_calls_a_secret_address(ada, gateway, capsys):
    notice, door = a_text(ada), Client(enforce_csrf_checks=True)
    where = address(capsys)
    said = [{"id": "text-1", "state": "failed"}]
    assert door.post(where, said, content_type="application/json").status_code == 204
    assert after(notice, timezone.now() + DAY) == ("to_call", "call")
    assert door.post(where, [{"id": "unknown", "state": "failed"}], content_type="application/json").status_code == 404
    assert door.get(where).status_code == 405


@pytest.mark.parametrize("body", ["", "{", "[1]", "[[]]", "\x00", '[{"id": 1}]'])
def test_what_it_does_not_understand_is_a_400(body, gateway, capsys):
    where = address(capsys)
    assert Client().post(where, body, content_type="application/json").status_code == 400


def test_too_much_is_a_413(gateway, capsys):
    assert Client().post(address(capsys), "x" * 70_000, content_type="text/plain").status_code == 413


def test_without_the_secret_there_is_nothing(ada, gateway, capsys):
    notice = a_text(ada)
    wrong = address(capsys)[:-4] + "000/"
    said = [{"id": "text-1", "state": "failed"}]
    assert Client().post(wrong, said, content_type="application/json").status_code == 404
    assert after(notice, SENT + HOUR) == ("sent", "sms")


def test_the_secret_of_the_key_before_stays_good_while_it_is_a_fallback(settings):
    old, settings.SECRET_KEY_FALLBACKS = sms.secret(), [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-more-than-fifty-characters-for-this-test-0123456789"
    assert old != sms.secret()
    assert sms.is_secret(old)
    settings.SECRET_KEY_FALLBACKS = []
    assert not sms.is_secret(old)


def test_the_gateway_that_prints_says_that_it_arrived(ada, settings, capsys):
    settings.SMS_GATEWAY = "messaging.outbox.console"
    reach(ada, ways={"office": "sms"})
    tell([ada.pk], kind="office", event="text", now=NOON)
    deliver_notices(now=SENT)
    assert ask_gateway(now=SENT + 2 * MINUTE) == 1
    notice = Notice.objects.get()
    assert notice.reached_at == SENT + 2 * MINUTE
    said = json.dumps([{"reference": notice.reference, "state": "delivered"}]).encode()
    assert list(sms.read(said, content_type="application/json")) == [(notice.reference, "delivered")]
