"""A notice when something fails: the mail server, one of many, the process between sending and marking."""

from datetime import datetime
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from messaging.actions import deliver_notices, delivery, office, tell
from messaging.models import Notice, NoticeWish
from messaging.outbox import sending
from tests.messaging.outbox.test_delivery import BERLIN, DAY, HOUR, MINUTE, NOON, a_notice, state_after
from tests.messaging.talks import a_talk, say
from tests.people import a_volunteer

pytestmark = pytest.mark.django_db


# --- failing ----------
def away(*_args, **_words):
    raise ConnectionRefusedError


def test_a_mail_server_away_costs_time_and_no_news(ada, monkeypatch):
    notice = a_notice(ada)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", away)
        assert state_after(notice, NOON + MINUTE) == "sending"
        assert notice.problem == "ConnectionRefusedError"
    assert state_after(notice, NOON + MINUTE) == "sending"  # waits a moment
    assert state_after(notice, NOON + 3 * MINUTE) == "sent"
    assert notice.problem == ""


def _next_minute(notice: Notice, now: datetime) -> datetime:
    """The clock strikes each minute where something could happen; up to an hour is passed over where it waits."""
    notice.refresh_from_db()
    due = notice.claimed_until or (notice.due_at if notice.state == "waiting" else now + DAY)
    return min(max(now + MINUTE, due - 2 * MINUTE), now + HOUR)


def test_after_the_last_try_it_is_on_the_desk_and_can_be_tried_again(ada, cleo, monkeypatch):
    notice, now = a_notice(ada), NOON
    tries = []
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", lambda *_a, **_w: tries.append(1) or away())
        while now < NOON + 2 * DAY:
            deliver_notices(now=now)
            now = _next_minute(notice, now)
    notice.refresh_from_db()
    assert (notice.state, len(tries)) == ("failed", len(delivery.BACK_OFF) + 1)
    office.retry_notice(notice_id=notice.pk, by=cleo, now=now)
    assert state_after(notice, datetime(2026, 3, 6, 9, tzinfo=BERLIN)) == "sent"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (SMTPRecipientsRefused({"ada@example.org": (550, b"no such user")}), "failed"),
        (SMTPDataError(554, b"refused"), "failed"),
        # a grey list, a full disk, a password of ours, a sender of ours: the same mail goes when that is mended
        (SMTPRecipientsRefused({"ada@example.org": (450, b"come back later")}), "sending"),
        (SMTPRecipientsRefused({}), "sending"),
        (SMTPDataError(452, b"disk full"), "sending"),
        (SMTPAuthenticationError(535, b"bad password"), "sending"),
        (SMTPSenderRefused(553, b"sender unknown", "gemeinsinn@localhost"), "sending"),
    ],
)
def test_only_what_a_mail_server_refuses_for_good_fails_at_once(answer, state, ada, monkeypatch):
    def refused(*_args, **_words):
        raise answer

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    assert state_after(a_notice(ada), NOON + MINUTE) == state


@pytest.mark.parametrize("all_at_once", [True, False])
def test_two_failed_notices_of_one_talk_are_tried_again_as_one(all_at_once, ada, ben, cleo):
    """Only one may wait for the messages of a talk; the other is over, not an error."""
    talk = a_talk()
    rows = []
    for number in range(2):
        say(talk, ada, f"Nachricht {number}", now=NOON + number * HOUR)
        rows.append(Notice.objects.get(person=ben, state="waiting"))
        Notice.objects.filter(pk=rows[-1].pk).update(state="failed", problem="ConnectionRefusedError", tries=8)
    now = NOON + 2 * HOUR
    if all_at_once:
        assert office.retry_failed(by=cleo, now=now) == 1
    else:
        states = [office.retry_notice(notice_id=row.pk, by=cleo, now=now).state for row in reversed(rows)]
        assert states == ["waiting", "over"]
    assert deliver_notices(now=now) == 1
    assert len(mail.outbox) == 1
    assert [Notice.objects.get(pk=row.pk).state for row in rows] == ["over", "sent"]


def test_the_talks_of_a_person_are_locked_once_and_in_ascending_order(ada, ben):
    """As whoever stores messages into several does it: the two never wait for each other."""
    talks = sorted((a_talk(), a_talk(ada, a_volunteer("Emil")), a_talk(ada, a_volunteer("Fina"))), key=lambda t: t.pk)
    for minute, talk in enumerate(reversed(talks)):
        say(talk, talk.match.volunteer, now=NOON + minute * MINUTE)
    with CaptureQueriesContext(connection) as asked:
        deliver_notices(now=NOON + HOUR)
    [lock] = [one["sql"] for one in asked if 'FROM "messaging_conversation"' in one["sql"] and "JOIN" not in one["sql"]]
    assert "ORDER BY 1 ASC" in lock  # the key, the one column asked for


def test_a_failure_for_one_holds_up_nobody_else(ada, ben, monkeypatch):
    first, second = a_notice(ada), a_notice(ben)
    real = sending.send
    broken = [ZeroDivisionError]

    def once(way, notices):
        if broken:
            raise broken.pop()
        return real(way, notices)

    monkeypatch.setattr(sending, "send", once)
    deliver_notices(now=NOON + MINUTE)
    assert sorted(Notice.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == [
        "sending",
        "sent",
    ]


# --- crashing ----------
class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("start", ["2026-03-03 12:00", "2026-03-28 22:00", "2026-10-24 22:00"])
def test_killed_between_sending_and_marking_a_hundred_times_nothing_is_missing(start, ada, monkeypatch):
    """Duplicates are at most as many as kills; also over the nights in which the clocks change."""
    now = datetime.strptime(start, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN).astimezone(ZoneInfo("UTC"))
    NoticeWish.objects.create(person=ada, quiet_from=0, quiet_until=0)
    mark, kills = delivery._mark_told, 0

    def dies(*args):
        raise Killed

    for number in range(100):
        tell([ada.pk], kind="office", event=f"crash:{number}", now=now)
        monkeypatch.setattr(delivery, "_mark_told", dies)
        try:
            deliver_notices(now=now + 2 * MINUTE)
        except Killed:
            kills += 1
        monkeypatch.setattr(delivery, "_mark_told", mark)
        now += delivery.LEASE + 3 * MINUTE
        deliver_notices(now=now)
    assert kills == 100
    assert not Notice.objects.exclude(state="sent").exists()
    assert 100 <= len(mail.outbox) <= 100 + kills
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 100  # known again by a mail server


def test_killed_between_claiming_and_sending_costs_a_lease(ada, monkeypatch):
    notice = a_notice(ada)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "send", lambda *_: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            deliver_notices(now=NOON + MINUTE)
    assert state_after(notice, NOON + 2 * MINUTE) == "sending"
    assert state_after(notice, NOON + MINUTE + delivery.LEASE + MINUTE) == "sent"
    assert len(mail.outbox) == 1
