"""The way of a notice: which one, when, and what when nobody answers; failures in test_delivery_fails."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import User
from matching import actions
from messaging.actions import deliver_notices, tell
from messaging.models import Notice, NoticeWish
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_match, a_request

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
