"""Somebody says that something is wrong: what is kept, who sees it, and how they hear of the end."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Block, User
from config.retention import remove_expired
from core.errors import Invalid, NotVisible, TooMany, WrongState
from messaging import actions, states
from messaging.actions import reports
from messaging.models import Evidence, Notice, Report, TalkReading
from tests.messaging.talks import a_talk, say
from tests.people import NOW, TODAY, a_quarter

pytestmark = pytest.mark.django_db


def a_report(talk, by, **words) -> Report:
    return actions.report_person(conversation_id=talk.pk, by=by, now=NOW, **words)


def settled(report: Report, cleo: User, move: str = "settle", outcome: str = "talked", **words) -> Report:
    for step, said in (("take", {}), (move, {"outcome": outcome, **words})):
        report = actions.move_report(report_id=report.pk, move=step, by=cleo, now=NOW, **said)
    return report


@pytest.mark.parametrize("state", states.REPORT_STATES)
@pytest.mark.parametrize("move", ["take", "settle", "dismiss", "reopen"])
def test_the_table_of_moves(state, move):
    there = {("open", "take"): "in_work", ("in_work", "settle"): "settled", ("in_work", "dismiss"): "dismissed"}
    if (state, move) in there:
        assert states.report_after(state, move) == there[state, move]
    else:
        with pytest.raises(WrongState):
            states.report_after(state, move)


def test_the_reported_message_and_those_around_it_are_frozen(ada, ben):
    talk = a_talk()
    for number in range(1, 15):
        say(talk, ben, f"Satz {number}")
    report = actions.report_message(conversation_id=talk.pk, seq=8, by=ada, now=NOW, reason="rude")
    kept = list(report.evidence.values_list("seq", "body", "is_meant"))
    assert [seq for seq, _, _ in kept] == list(range(3, 14))
    assert [body for _, body, meant in kept if meant] == ["Satz 8"]
    assert (report.about, report.quarter) == (ben, ada.quarter)


def test_evidence_outlives_the_deleted_message_and_the_deleted_talk(ada, ben):
    talk = a_talk()
    say(talk, ben, "Geben Sie mir Geld")
    report = actions.report_message(conversation_id=talk.pk, seq=1, by=ada, now=NOW)
    actions.delete_message(conversation_id=talk.pk, seq=1, by=ben, client_id=uuid4(), now=NOW)
    talk.delete()
    report.refresh_from_db()
    assert (report.conversation, report.evidence.get().body) == (None, "Geben Sie mir Geld")


def test_a_report_goes_half_a_year_after_its_end_and_not_before(ada, cleo):
    report = a_report(a_talk(), ada)
    remove_expired(today=TODAY + timedelta(days=3000))
    assert Report.objects.filter(pk=report.pk).exists()
    settled(report, cleo)
    remove_expired(today=TODAY + timedelta(days=180))
    assert Report.objects.filter(pk=report.pk).exists()
    remove_expired(today=TODAY + timedelta(days=181))
    assert not Report.objects.filter(pk=report.pk).exists()
    assert not Evidence.objects.exists()


def test_the_same_message_again_is_the_same_report(ada, ben):
    talk = a_talk()
    say(talk, ben)
    first, again = (actions.report_message(conversation_id=talk.pk, seq=1, by=ada, now=NOW) for _n in range(2))
    assert first == again


def test_one_reports_the_other_and_never_oneself(ada):
    talk = a_talk()
    say(talk, ada)
    with pytest.raises(NotVisible):
        actions.report_message(conversation_id=talk.pk, seq=1, by=ada, now=NOW)


def test_the_eleventh_report_of_a_day_is_too_many(ada):
    talk = a_talk()
    for _n in range(reports.PER_PERSON):
        a_report(talk, ada)
    with pytest.raises(TooMany):
        a_report(talk, ada)


@pytest.mark.parametrize("fields", [{"state": "settled"}, {"state": "gone"}, {"outcome": "talked"}])
def test_the_database_keeps_the_rules(fields, ada):
    report = a_report(a_talk(), ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**fields)


@pytest.mark.parametrize(("move", "outcome"), [("settle", ""), ("settle", "nothing"), ("dismiss", "warned")])
def test_an_end_needs_an_outcome_of_its_kind(move, outcome, ada, cleo):
    with pytest.raises(Invalid):
        settled(a_report(a_talk(), ada), cleo, move, outcome)


def test_nobody_handles_a_report_in_which_they_stand(ada, ben, cleo):
    mine = a_report(a_talk(resident=cleo), cleo)
    about_me = a_report(a_talk(resident=cleo), ben)
    assert not Report.objects.on_desk_of(cleo).filter(pk__in=[mine.pk, about_me.pk]).exists()


def test_reading_is_possible_while_the_report_stands_is_logged_and_both_see_it(ada, ben, cleo, page_as):
    talk = a_talk()
    say(talk, ben, "Guten Morgen, Frau Abend")
    report, office = a_report(talk, ada, with_messages=False), page_as(cleo)
    url = reverse("office:conversation", args=[report.pk])
    assert office.get(url).status_code == 404  # nothing is read before it is written down
    assert "Guten Morgen, Frau Abend" in office.post(url, follow=True).content.decode()
    assert TalkReading.objects.get().reader == cleo
    for person in (ada, ben):
        assert "Das Quartiersbüro hat dieses Gespräch" in page_as(person).get(_talk_url(talk)).content.decode()
    settled(report, cleo)
    assert office.get(url).status_code == 404
    assert office.post(url).status_code == 409
    assert TalkReading.objects.count() == 1


def test_a_talk_may_be_read_without_a_report_by_nobody(ada, ben, cleo, page_as):
    talk = a_talk()
    assert page_as(cleo).get(_talk_url(talk)).status_code == 404
    assert page_as(cleo).post(reverse("office:conversation", args=[talk.pk])).status_code == 404


def test_the_other_side_never_learns_of_the_report(ada, ben, cleo, page_as):
    talk = a_talk()
    before = _without_tokens(page_as(ben).get(_talk_url(talk)))
    report = a_report(talk, ada, text="Er macht mir Angst")
    assert _without_tokens(page_as(ben).get(_talk_url(talk))) == before
    assert page_as(ben).get(reverse("messaging:report", args=[report.pk])).status_code == 404
    settled(report, cleo)
    assert _without_tokens(page_as(ben).get(_talk_url(talk))) == before


def test_who_reported_hears_that_it_was_looked_at(ada, cleo, page_as):
    report = a_report(a_talk(), ada)
    settled(report, cleo, answer="Wir haben mit ihm gesprochen.")
    page = page_as(ada).get(reverse("messaging:report", args=[report.pk])).content.decode()
    assert "Angesehen und abgeschlossen" in page
    assert Notice.objects.filter(person=ada, kind="report", about=report.pk).count() == 1
    assert "Wir haben mit ihm gesprochen." in page


def test_who_has_only_a_telephone_stays_on_the_list_until_the_office_called(ada, cleo, page_as):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    report = a_report(a_talk(), User.objects.get(pk=ada.pk))
    settled(report, cleo)
    desk = page_as(cleo).get("/buero/?liste=meldungen").content.decode()
    assert "bitte Bescheid geben" in desk
    page_as(cleo).post(reverse("office:move", args=[report.pk, "bescheid"]))
    assert "bitte Bescheid geben" not in page_as(cleo).get("/buero/?liste=meldungen").content.decode()


def test_reporting_by_page_with_no_contact_any_more(ada, ben, page_as):
    talk = a_talk()
    say(talk, ben, "Frechheit")
    url = reverse("messaging:uneasy", args=[talk.pk]) + "?nachricht=1"
    assert "Frechheit" in page_as(ada).get(url).content.decode()
    answer = page_as(ada).post(url, {"reason": "rude", "block": "on"}, follow=True)
    assert "Danke, dass Sie uns das sagen" in answer.content.decode()
    assert Block.objects.get().blocked == ben
    assert Report.objects.get().message_seq == 1


@pytest.mark.parametrize("wish", ["2", "0", "x", "9" * 30])
def test_a_message_that_is_not_there_cannot_be_meant(wish, ada, page_as):
    url = reverse("messaging:uneasy", args=[a_talk().pk])
    assert page_as(ada).get(f"{url}?nachricht={wish}").status_code == 404


def test_anybody_may_report_and_look_it_up_by_its_number(client, cleo):
    quarter = a_quarter()
    page = client.post("/melden/", {"text": "Jemand klingelt überall", "quarter": quarter.slug})
    report = Report.objects.get()
    shown = f"{report.number[:5]}-{report.number[5:]}"
    assert shown in page.content.decode()
    state = client.post("/melden/nachsehen/", {"number": shown.lower()})
    assert "ist angekommen" in state.content.decode()
    assert "klingelt" not in state.content.decode()
    assert client.post("/melden/nachsehen/", {"number": "ABCDE-FGHJK"}).status_code == 404
    assert Report.objects.on_desk_of(cleo).get() == report


def test_reports_and_look_ups_from_one_address_are_limited_in_the_database(client):
    quarter = a_quarter()
    for _n in range(reports.PER_ADDRESS):
        client.post("/melden/", {"text": "Hilfe", "quarter": quarter.slug})
    assert client.post("/melden/", {"text": "Hilfe", "quarter": quarter.slug}).status_code == 400
    assert Report.objects.count() == reports.PER_ADDRESS
    for _n in range(reports.LOOK_UPS):
        client.post("/melden/nachsehen/", {"number": "ABCDEFGHJK"})
    number, forged = Report.objects.latest("pk").number, {"x-forwarded-for": "9.9.9.9"}
    answer = client.post("/melden/nachsehen/", {"number": number}, headers=forged)
    assert answer.status_code == 429


def test_a_report_without_words_or_quarter_comes_back_with_sentences(client):
    page = client.post("/melden/", {"text": "", "quarter": "9"})
    assert page.status_code == 400
    assert "Bitte schreiben Sie in ein paar Worten" in page.content.decode()
    assert "Bitte wählen Sie das Quartier" in page.content.decode()


def test_the_desk_shows_and_moves_a_report(ada, ben, cleo, page_as):
    talk = a_talk()
    say(talk, ben, "Ungut")
    report = actions.report_message(conversation_id=talk.pk, seq=1, by=ada, now=timezone.now(), text="Bitte ansehen")
    office, url = page_as(cleo), reverse("office:report", args=[report.pk])
    assert "Bitte ansehen" in office.get(url).content.decode()
    office.post(reverse("office:move", args=[report.pk, "ansehen"]))
    assert office.post(reverse("office:move", args=[report.pk, "abschliessen"])).status_code == 400
    office.post(reverse("office:move", args=[report.pk, "abschliessen"]), {"outcome": "warned"})
    assert office.post(reverse("office:move", args=[report.pk, "ansehen"])).status_code == 409
    report.refresh_from_db()
    assert (report.state, report.outcome, report.taken_by) == ("settled", "warned", cleo)


def test_the_case_counts_warnings_without_their_text(ada, ben, cleo, page_as):
    talk = a_talk()
    say(talk, ben, "Können Sie mir 200 Euro leihen?")
    case = page_as(cleo).get(reverse("desk:case", args=[talk.match.request_id])).content.decode()
    assert "Geld leihen: 1 Nachricht" in case
    assert "200 Euro" not in case


def _talk_url(talk) -> str:
    return reverse("messaging:talk", args=[talk.pk])


def _without_tokens(page) -> str:
    text = re.sub(r'name="(csrfmiddlewaretoken|client_id)" value="[^"]*"', "", page.content.decode())
    return re.sub(r"[0-9a-f-]{36}", "", text)


def test_nobody_sees_on_their_own_desk_that_they_were_reported(ada, cleo, page_as):
    report = Report.objects.create(about=cleo, quarter=a_quarter(), kind="person", made_at=NOW)
    page = page_as(cleo).get("/buero/?liste=meldungen").content.decode()
    assert str(report.pk) not in page
    assert "Zurzeit liegt keine Meldung vor." in page
