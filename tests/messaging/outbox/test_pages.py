"""Pages of reaching people: the own wishes and what was told, the office's list, letters, wishes taken on the phone."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AddressReading, User
from core.errors import Invalid, NotAllowed, NotVisible, WrongState
from matching import actions as matching
from matching.calls.book import book
from matching.calls.verbs import answer
from matching.desk import queues
from messaging import actions
from messaging.actions import deliver_notices, tell
from messaging.models import Notice, NoticeWish
from tests import people
from tests.people import NOW, a_match, a_request

pytestmark = pytest.mark.django_db
MINE = "/profil/benachrichtigungen/"
LIST = "/buero/benachrichtigungen/"
MOBILE = "+4915112345678"


def a_notice(person: User, state: str = "failed", **fields) -> Notice:
    tell([person.pk], kind="office", event=f"page:{Notice.objects.count()}", now=timezone.now())
    found = Notice.objects.filter(person=person).latest("written_at")
    Notice.objects.filter(pk=found.pk).update(state=state, **fields)
    found.refresh_from_db()
    return found


def typed(**more) -> dict:
    return {"rests": "on", "quiet_from": "1200", "quiet_until": "480"} | more


# --- the person ----------
def test_a_person_chooses_a_way_per_kind_quiet_hours_and_the_digest(ada, page_as):
    User.objects.filter(pk=ada.pk).update(phone=MOBILE)
    client = page_as(ada)
    names = re.findall(r'name="(way_\w+)"', client.get(MINE).content.decode())
    ways = dict.fromkeys(names, "mail") | {"way_message": "none", "way_times": "call"}
    answer_ = client.post(MINE, typed(**ways, quiet_from="1320", digest="on"))
    assert answer_.status_code == 302
    wish = NoticeWish.objects.get(person=ada)
    assert (wish.ways["message"], wish.ways["times"], wish.quiet_from, wish.digest) == ("none", "call", 1320, True)
    page = client.get(MINE).content.decode()
    assert '<option value="none" selected>' in page


def test_what_must_be_heard_cannot_be_switched_off(ada, page_as):
    User.objects.filter(pk=ada.pk).update(phone=MOBILE)
    page = page_as(ada).get(MINE).content.decode()
    asked = page[page.index('name="way_asked"') :].split("</select>")[0]
    assert 'value="none"' not in asked
    with pytest.raises(Invalid):
        actions.set_wishes(person_id=ada.pk, by=ada, now=NOW, chosen={"ways": {"asked": "none"}})


@pytest.mark.parametrize(
    "wrong",
    [
        {"ways": {"message": "sms"}},  # no gateway
        {"ways": {"weather": "mail"}},
        {"ways": {"message": "pigeon"}},
        {"quiet_from": 1440},
        {"quiet_until": "8"},
        {"person": "somebody"},
    ],
)
def test_what_cannot_be_wished_is_refused(wrong, ada):
    with pytest.raises(Invalid):
        actions.set_wishes(person_id=ada.pk, by=ada, now=NOW, chosen=wrong)


def test_a_wrong_hour_is_a_sentence_and_no_500(ada, page_as):
    answer_ = page_as(ada).post(MINE, typed(quiet_from="99"))
    assert answer_.status_code == 400


def test_the_page_says_what_was_told_and_by_which_way(ada, ben, page_as):
    assert "Noch nichts" in page_as(ada).get(MINE).content.decode()
    match = a_match(a_request(ada), ben)
    matching.release_match(match_id=match.pk, by=None, now=NOW)
    deliver_notices(now=NOW + timedelta(minutes=2))
    page = page_as(ben).get(MINE).content.decode()
    assert f"/vermittlung/{match.pk}/" in page
    assert "per E-Mail" in page.split("gesagt haben")[1]


@pytest.mark.parametrize("door", [MINE, "/api/v1/me/notices/"])
def test_what_was_told_costs_the_same_queries_for_two_and_for_eight(door, ada, page_as):
    client, counts = page_as(ada), []
    for number in (1, 4):
        for match in [people.a_match(state="ended") for _ in range(number)]:
            tell([ada.pk], kind="ended", event=f"end:{match.pk}", about=match.pk, thread=match.pk, now=NOW)
            tell([ada.pk], kind="agreed", event=f"agreed:{match.pk}", about=match.pk, thread=match.pk, now=NOW)
        client.get(door)  # the session is looked after once
        with CaptureQueriesContext(connection) as queries:
            client.get(door)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["asked", "ended", "message", "agreed", "check_in", "report"])
def test_what_is_gone_is_no_link(kind, ada, page_as):
    tell([ada.pk], kind=kind, event="gone", about=uuid4(), thread=uuid4(), now=NOW)
    assert page_as(ada).get("/api/v1/me/notices/").json()["results"][0]["page"] == "/mein/"


def test_opening_the_page_a_notice_leads_to_spares_the_mail(ada, ben, page_as):
    match = a_match(a_request(ada), ben)
    matching.release_match(match_id=match.pk, by=None, now=timezone.now())
    assert page_as(ben).get(f"/vermittlung/{match.pk}/").status_code == 200
    deliver_notices(now=timezone.now() + timedelta(minutes=5))
    assert not mail.outbox
    assert Notice.objects.get().state == "seen"


# --- the office ----------
def test_what_did_not_arrive_is_on_the_desk_and_goes_out_again(ada, cleo, page_as):
    notice = a_notice(ada)
    client = page_as(cleo)
    assert "nicht zugestellt" in client.get("/buero/?liste=bescheid").content.decode()
    assert "Noch einmal versuchen" in client.get(f"/buero/benachrichtigung/{notice.pk}/").content.decode()
    client.post(f"/buero/benachrichtigung/{notice.pk}/nochmal/")
    notice.refresh_from_db()
    assert notice.state == "waiting"
    client.post(f"/buero/benachrichtigung/{notice.pk}/nochmal/")  # a second tap says so, and does nothing
    assert "schon jemand" in client.get("/buero/").content.decode()


def test_after_an_outage_one_click_sends_everything_again(ada, ben, cleo, page_as):
    for person in (ada, ben):
        a_notice(person)
    client = page_as(cleo)
    assert "Alle noch einmal versuchen" in client.get(LIST).content.decode()
    client.post(f"{LIST}nochmal/")
    assert Notice.objects.filter(state="waiting").count() == 2


def test_the_call_list_holds_whoever_must_be_called_and_an_answer_takes_them_off(ada, cleo):
    notice = a_notice(ada, "to_call", used=[["mail", NOW.isoformat()]])
    home, now = [people.a_quarter()], timezone.now()
    [entry] = book(home, reader=cleo, now=now).now
    assert entry.line.person == ada
    assert "keine Antwort" in entry.line.say[0]
    line = entry.line
    answer(kind=line.kind, about=line.about, person_id=ada.pk, name="told", by=cleo, now=now)
    notice.refresh_from_db()
    assert (notice.state, notice.done_by) == ("called", cleo)
    assert book(home, reader=cleo, now=now).now == []


def test_letters_are_printed_one_a_sheet_and_each_opening_of_an_address_is_kept(ada, ben, cleo, page_as):
    for person in (ada, ben):
        a_notice(person, "to_print")
    page = page_as(cleo).get(f"{LIST}briefe/").content.decode()
    assert page.count('<article class="letter"') == 2
    assert "Lindenstraße 1" in page
    assert AddressReading.objects.filter(reader=cleo, reason="letter").count() == 2
    page_as(cleo).post(f"{LIST}briefe/", {"brief": re.findall(r'name="brief" value="([^"]+)"', page)})
    assert set(Notice.objects.values_list("state", flat=True)) == {"printed"}


def test_a_worker_writes_down_what_somebody_says_on_the_phone(ada, cleo, page_as):
    User.objects.filter(pk=ada.pk).update(phone=MOBILE)
    address = f"/buero/person/{ada.pk}/benachrichtigungen/"
    client = page_as(cleo)
    names = re.findall(r'name="(way_\w+)"', client.get(address).content.decode())
    client.post(address, typed(**dict.fromkeys(names, "call")))
    assert set(NoticeWish.objects.get(person=ada).ways.values()) == {"call"}


# --- doors ----------
@pytest.mark.parametrize("who", ["ada", "ben", "dora", "far"])
def test_a_stranger_finds_none_of_it(who, ada, ben, dora, request, page_as):
    if who == "far":
        person = people.a_person("Fritz", people.a_quarter("Rosenau", west=7.1))
        people.RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter)
    else:
        person = request.getfixturevalue(who)
    notice = a_notice(people.a_person("Gerda"))
    client = page_as(person)
    assert client.get(f"/buero/benachrichtigung/{notice.pk}/").status_code == 404
    assert client.post(f"/buero/benachrichtigung/{notice.pk}/angerufen/").status_code == 404
    assert client.get(f"/buero/person/{notice.person_id}/benachrichtigungen/").status_code == 404
    with pytest.raises(NotVisible):
        actions.mark_called(notice_id=notice.pk, by=person, now=NOW)
    with pytest.raises(NotVisible):
        actions.set_wishes(person_id=notice.person_id, by=person, now=NOW, chosen={"digest": True})


def test_nobody_ticks_off_their_own_notice(cleo):
    with pytest.raises(NotAllowed):
        actions.mark_called(notice_id=a_notice(cleo).pk, by=cleo, now=NOW)


@pytest.mark.parametrize("state", ["waiting", "sending", "sent", "seen", "over", "called", "printed"])
def test_only_what_waits_for_the_office_is_ticked_off(state, ada, cleo):
    notice = a_notice(ada, state)
    for verb in (actions.mark_called, actions.mark_printed, actions.retry_notice):
        with pytest.raises(WrongState):
            verb(notice_id=notice.pk, by=cleo, now=NOW)


def test_the_list_costs_one_query_however_long_it_is(ada, django_assert_num_queries):
    for number in range(6):
        a_notice(people.a_person(f"P{number}"))
    queue, home = queues.named("bescheid"), [people.a_quarter()]
    with django_assert_num_queries(1):
        assert len(queue.lines(list(queue.rows(home, NOW)), NOW)) == 6
