"""The way of a notice: which one, when, what when it fails, what when nobody answers, and once over a crash."""

from datetime import datetime, timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from matching import actions
from messaging.actions import deliver_notices, delivery, office, tell
from messaging.models import Notice, NoticeWish
from messaging.outbox import sending
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 3, 12, tzinfo=BERLIN)
NIGHT = datetime(2026, 3, 3, 23, tzinfo=BERLIN)
MORNING = datetime(2026, 3, 4, 8, tzinfo=BERLIN)
DIGEST = datetime(2026, 3, 3, 17, tzinfo=BERLIN)
MOBILE = "+4915112345678"


def reach(person: User, **wish) -> User:
    """What the person wished, and a mobile number."""
    person.phone = MOBILE
    person.save(update_fields=["phone"])
    NoticeWish.objects.create(person=person, **wish)
    return person


def a_notice(person: User, kind: str = "office", *, now=NOON, **words) -> Notice:
    tell([person.pk], kind=kind, event=f"test:{Notice.objects.count()}", now=now, **words)
    return Notice.objects.order_by("-written_at", "-pk").filter(person=person).latest("written_at")


def state_after(notice: Notice, now: datetime) -> str:
    deliver_notices(now=now)
    notice.refresh_from_db()
    return notice.state


# --- which way, and when: the table ----------
@pytest.mark.parametrize("kind", ["office", "thanks", "called_off"])
@pytest.mark.parametrize("chosen", ["", "mail", "sms", "call", "letter", "none"])
@pytest.mark.parametrize("at_night", [False, True])
@pytest.mark.parametrize("urgent", [False, True])
def test_kind_way_quiet_hours_and_urgency(kind, chosen, at_night, urgent, ada, texts):
    """`none` holds only where one may do without (thanks); urgent breaks the quiet and takes a second way."""
    topic = {"called_off": "times"}.get(kind, kind)
    reach(ada, ways={topic: chosen} if chosen else {})
    way = chosen or "mail"
    if chosen == "none" and kind != "thanks":
        way = "mail"
    moment = NIGHT if at_night else NOON
    notice = a_notice(ada, kind, now=moment, urgent=urgent, thread=uuid4())
    deliver_notices(now=moment + 2 * MINUTE)
    waits = at_night and not urgent and way in ("mail", "sms")
    assert bool(mail.outbox) == (way == "mail" and not waits)
    assert bool(texts) == (way == "sms" and not waits)
    deliver_notices(now=MORNING)
    notice.refresh_from_db()
    last = {"mail": "sent", "sms": "sent", "call": "to_call", "letter": "to_print", "none": "unwanted"}[way]
    assert notice.state == ("to_call" if urgent and way in ("mail", "sms") else last)
    assert len(mail.outbox) == (way == "mail")
    assert len(texts) == (way == "sms")


@pytest.mark.parametrize(
    ("fields", "chosen", "state"),
    [
        ({"email": None, "phone": MOBILE}, "", "to_call"),
        ({"channel": "phone", "phone": MOBILE}, "", "to_call"),
        ({"channel": "letter"}, "", "to_print"),
        ({"email": None}, "", "to_print"),  # no number and an address
        ({"email": None, "place": None}, "", "to_call"),  # somebody must find out how
        ({"phone": "+4921412345"}, "sms", "to_call"),  # a number that reads nothing
        ({"suspended_at": NOW}, "", "over"),
        ({"is_active": False}, "", "over"),
    ],
)
def test_who_cannot_be_reached_so_is_reached_otherwise(fields, chosen, state, ada, texts):
    User.objects.filter(pk=ada.pk).update(**fields)
    NoticeWish.objects.create(person=ada, ways={"office": chosen} if chosen else {})
    assert state_after(a_notice(ada), NOON + 2 * MINUTE) == state
    assert not mail.outbox
    assert not texts


def test_what_the_call_list_says_by_itself_is_no_second_line(ada, ben):
    User.objects.filter(pk=ben.pk).update(channel="phone", phone=MOBILE)
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOW)
    deliver_notices(now=NOW + HOUR)
    assert Notice.objects.get().state == "listed"


# --- gathering ----------
def test_what_is_due_together_leaves_as_one_mail(ada):
    reach(ada)
    for kind in ("office", "thanks", "thanks"):
        a_notice(ada, kind, now=NIGHT)
    deliver_notices(now=MORNING)
    [letter] = mail.outbox
    assert letter.body.count("Danke, dass Sie helfen wollten") == 1
    assert "Ihr Quartiersbüro hat eine Nachricht" in letter.body


def test_the_digest_gathers_what_can_wait_and_nothing_else(ada, ben):
    reach(ben, digest=True)
    match = a_match(a_request(ada), ben)
    a_notice(ben, "thanks")
    deliver_notices(now=NOON + HOUR)
    assert not mail.outbox
    actions.release_match(match_id=match.pk, by=None, now=NOON + HOUR)
    deliver_notices(now=NOON + 2 * HOUR)
    assert len(mail.outbox) == 1
    deliver_notices(now=DIGEST)
    assert "Danke" in mail.outbox[1].body


def test_of_one_talk_comes_at_most_one_mail_in_half_an_hour(ada, ben):
    talk = a_talk()
    sent = []
    for minute in range(120):
        now = NOON + minute * MINUTE
        say(talk, ada, f"Nachricht {minute}", now=now)
        if deliver_notices(now=now):
            sent.append(minute)
    assert sent == [10, 40, 70, 100]


def test_a_reminder_before_an_early_visit_does_not_wait_for_its_end(ada):
    notice = a_notice(ada, now=NIGHT, until=MORNING - HOUR)
    assert state_after(notice, NIGHT + 2 * MINUTE) == "sent"


def test_news_that_are_none_any_more_are_not_told(ada):
    notice = a_notice(ada, until=NOON + MINUTE)
    assert state_after(notice, NOON + HOUR) == "over"
    assert not mail.outbox


# --- what it says ----------
def test_a_mail_names_nobody_and_leads_to_the_page(ada, ben):
    match = a_match(a_request(ada, description="Bitte Milch mitbringen"), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOON)
    deliver_notices(now=NOON + HOUR)
    [letter] = mail.outbox
    assert f"/vermittlung/{match.pk}/" in letter.body
    assert "0214 000000" in letter.body
    for secret in ("Ada", "Abend", "Ben", "Milch", "Einkauf", "Lindenstraße"):
        assert secret not in letter.subject + letter.body


def test_a_mail_about_messages_leads_to_the_talk_and_repeats_no_word(ada, ben):
    talk = a_talk()
    say(talk, ada, "Der Schlüssel liegt unter der Matte", now=NOON)
    deliver_notices(now=NOON + HOUR)
    [letter] = mail.outbox
    assert f"/gespraech/zu/{talk.match_id}/" in letter.body
    assert "Schlüssel" not in letter.subject + letter.body


def test_a_text_message_is_short_and_says_nothing(ada, texts):
    reach(ada, ways={"office": "sms"})
    a_notice(ada)
    deliver_notices(now=NOON + HOUR)
    [(number, text)] = texts
    assert number == MOBILE
    assert len(text) <= 160
    assert "Ada" not in text


def test_the_link_of_a_mail_logs_nobody_in(ada, client):
    match = a_match(a_request(ada))
    actions.release_match(match_id=match.pk, by=None, now=NOON)
    deliver_notices(now=NOON + HOUR)
    [page] = [line for line in mail.outbox[0].body.splitlines() if "/vermittlung/" in line]
    answer = client.get(
        page.split("8000", 1)[-1] if "8000" in page else "/vermittlung/" + page.split("/vermittlung/")[1]
    )
    assert answer.status_code == 302
    assert "/konto/login/" in answer.headers["Location"]


# --- nobody answers ----------
def test_a_question_without_an_answer_becomes_louder_and_ends_at_the_office(ada, ben, texts):
    reach(ben, sms_if_urgent=True)
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOON)  # 48 hours to answer
    trail, now = [], NOON
    while now < NOON + 2 * DAY:
        deliver_notices(now=now)
        trail.append((len(mail.outbox), len(texts), Notice.objects.get().state))
        now += HOUR
    assert trail[1] == (1, 0, "sent")
    assert trail[23] == (1, 0, "sent")
    assert trail[25] == (1, 1, "sent")
    assert trail[37] == (1, 1, "to_call")
    assert [way for way, _at in Notice.objects.get().used] == ["mail", "sms"]


def test_who_saw_the_question_and_did_not_answer_is_asked_again(ada, ben):
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOON)
    Notice.objects.update(state="seen")
    deliver_notices(now=NOON + DAY)
    assert len(mail.outbox) == 1


def test_an_answer_ends_the_asking_also_on_the_list(ada, ben):
    reach(ben, ways={"asked": "call"})
    match = a_match(a_request(ada), ben)
    actions.release_match(match_id=match.pk, by=None, now=NOON)
    deliver_notices(now=NOON + HOUR)
    assert Notice.objects.get().state == "to_call"
    actions.accept_match(match_id=match.pk, by=ben, now=NOON + HOUR)
    deliver_notices(now=NOON + 2 * HOUR)
    assert Notice.objects.get(person=ben).state == "over"


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


def test_after_the_last_try_it_is_on_the_desk_and_can_be_tried_again(ada, cleo, monkeypatch):
    notice, now = a_notice(ada), NOON
    tries = []
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", lambda *_a, **_w: tries.append(1) or away())
        while now < NOON + 2 * DAY:
            deliver_notices(now=now)
            now += MINUTE
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
