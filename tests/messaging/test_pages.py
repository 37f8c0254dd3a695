"""The talk by pages alone: everything works by form and reload."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Block
from matching.models import Appointment
from messaging.actions import close_conversation
from messaging.models import Mark
from tests.matching.arranged import a_proposal
from tests.messaging.talks import a_talk, say
from tests.people import a_volunteer

pytestmark = pytest.mark.django_db


def _url(talk, name="talk", *args):
    return reverse(f"messaging:{name}", args=[talk.pk, *args])


def _html(page) -> str:
    return page.content.decode()


def test_a_message_by_form_is_stored_and_shown_to_both(ada, ben, page_as):
    talk = a_talk()
    answer = page_as(ada).post(_url(talk, "send"), {"client_id": uuid4(), "body": "Guten Tag, Ben"}, follow=True)
    assert "Guten Tag, Ben" in _html(answer)
    assert "gespeichert" in _html(answer)
    assert "Guten Tag, Ben" in _html(page_as(ben).get(_url(talk)))


def test_showing_the_page_marks_as_read_and_the_writer_sees_it(ada, ben, page_as):
    talk = a_talk()
    say(talk, ada, "Hallo")
    page_as(ben).get(_url(talk))
    assert "gelesen" in _html(page_as(ada).get(_url(talk)))


def test_the_same_form_sent_twice_is_one_message(ada, page_as):
    talk, typed = a_talk(), {"client_id": uuid4(), "body": "Hallo"}
    browser = page_as(ada)
    for _ in range(2):
        assert browser.post(_url(talk, "send"), typed).status_code == 302
    assert talk.messages.count() == 1


def test_an_old_form_with_another_text_keeps_the_text_and_can_be_sent(ada, page_as):
    talk, key, browser = a_talk(), uuid4(), page_as(ada)
    browser.post(_url(talk, "send"), {"client_id": key, "body": "Hallo"})
    again = browser.post(_url(talk, "send"), {"client_id": key, "body": "Noch etwas"})
    assert (again.status_code, "Noch etwas" in _html(again)) == (400, True)
    fresh = again.context["form"]["client_id"].value()
    assert browser.post(_url(talk, "send"), {"client_id": fresh, "body": "Noch etwas"}).status_code == 302
    assert talk.messages.count() == 2


def test_a_quick_sentence_needs_one_tap(ada, page_as):
    talk = a_talk()
    page_as(ada).post(_url(talk, "send"), {"client_id": uuid4(), "quick": "late"})
    assert talk.messages.get().body == "Ich bin fünf Minuten später da."


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"body": ""},
        {"body": "x" * 4001},
        {"body": "a\0b"},
        {"body": "Hallo", "client_id": "x"},
        {"body": "Hallo", "client_id": "\0"},
        {"quick": "unknown"},
    ],
)
def test_what_does_not_fit_comes_back_with_a_sentence(ada, page_as, typed):
    talk = a_talk()
    answer = page_as(ada).post(_url(talk, "send"), {"client_id": str(uuid4())} | typed)
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert not talk.messages.exists()


def test_a_text_too_long_is_still_in_the_field(ada, page_as):
    answer = page_as(ada).post(_url(a_talk(), "send"), {"client_id": uuid4(), "body": "x" * 4001})
    assert "x" * 4001 in _html(answer)


def test_after_the_end_the_page_says_so_and_keeps_the_text(ada, page_as):
    talk = a_talk()
    close_conversation(match=talk.match, now=timezone.now() - timedelta(days=20))
    assert "Dieses Gespräch ist zu Ende" in _html(page_as(ada).get(_url(talk)))
    answer = page_as(ada).post(_url(talk, "send"), {"client_id": uuid4(), "body": "Noch ein Wort"})
    assert (answer.status_code, "Noch ein Wort" in _html(answer)) == (409, True)


def test_a_block_looks_like_any_closed_talk(ada, ben, page_as):
    talk = a_talk()
    Block.objects.create(blocker=ada, blocked=ben)
    page = _html(page_as(ben).get(_url(talk)))
    assert "zurzeit nicht schreiben" in page
    assert "block" not in page.lower().replace("blockquote", "")


@pytest.mark.parametrize("name", ["cleo", "dora"])
def test_strangers_find_nothing_anywhere(name, request, page_as):
    talk = a_talk()
    browser = page_as(request.getfixturevalue(name))
    for kind in ("talk", "uneasy"):
        assert browser.get(_url(talk, kind)).status_code == 404
    for kind in ("send", "mark", "propose"):
        typed = {"client_id": uuid4(), "body": "x", "seq": "1", "day": "2030-01-01", "start": "10:00", "minutes": "60"}
        assert browser.post(_url(talk, kind), typed).status_code == 404
    assert browser.post(_url(talk, "appointment", uuid4(), "zusagen")).status_code == 404


def test_nobody_gets_in_without_a_login(client):
    talk = a_talk()
    assert client.get(_url(talk)).status_code == 302
    assert client.get(reverse("messaging:list")).status_code == 302


def test_older_messages_come_page_by_page(ada, ben, page_as):
    talk = a_talk()
    for number in range(120):
        say(talk, ada, f"Nummer {number + 1} Ende")
    browser = page_as(ben)
    newest = _html(browser.get(_url(talk)))
    assert "Nummer 71 Ende" in newest
    assert "Nummer 70 Ende" not in newest
    older = _html(browser.get(_url(talk) + "?vor=71"))
    assert "Nummer 21 Ende" in older
    assert "Nummer 71 Ende" not in older


@pytest.mark.parametrize("number", ["x", "-1", "1e9", "9" * 40, "²", "\0", ""])
def test_a_broken_number_shows_the_newest(ada, page_as, number):
    assert page_as(ada).get(_url(a_talk()), {"vor": number}).status_code == 200


def test_looking_at_older_messages_does_not_read_the_newest(ada, ben, page_as):
    talk = a_talk()
    for _ in range(60):
        say(talk, ada)
    page_as(ben).get(_url(talk) + "?vor=11")
    assert not Mark.objects.filter(person=ben, read_seq__gt=0).exists()


def test_mark_reads_up_to_a_number(ada, ben, page_as):
    talk = a_talk()
    say(talk, ada)
    page_as(ben).post(_url(talk, "mark"), {"seq": "1"})
    assert Mark.objects.get(person=ben).read_seq == 1


def test_a_long_talk_costs_as_many_queries_as_a_short_one(ada, ben, page_as):
    talk, counts = a_talk(), []
    browser = page_as(ada)
    for more in (2, 40):
        for _ in range(more):
            say(talk, ben)
        browser.get(_url(talk))
        counts.append(_queries(browser, _url(talk)))
    assert counts[0] == counts[1]


def _queries(browser, url) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(url).status_code == 200
    return len(seen)


def test_names_and_texts_are_never_markup(ada, ben, page_as):
    talk = a_talk()
    say(talk, ada, "<script>alert(1)</script>\"'&")
    ada.first_name = "<b>\"Ada'</b>"
    ada.save()
    for browser, url in [(page_as(ben), _url(talk)), (page_as(ben), reverse("messaging:list"))]:
        page = _html(browser.get(url))
        assert "<script>alert" not in page
        assert "<b>" not in page


def test_the_page_has_no_inline_script_or_style(ada, page_as):
    page = _html(page_as(ada).get(_url(a_talk())))
    assert " style=" not in page
    assert " onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


# --- appointments ----------
def _typed(days: int = 2, **fields) -> dict:
    day = timezone.localdate() + timedelta(days=days)
    return {"day": day.isoformat(), "start": "10:00", "minutes": "60"} | fields


def test_a_time_is_proposed_agreed_and_called_off(ada, ben, page_as):
    talk = a_talk()
    asks, helps = page_as(ada), page_as(ben)
    assert asks.post(_url(talk, "propose"), _typed()).status_code == 302
    made = Appointment.objects.get()
    assert timezone.localtime(made.start).hour == 10
    assert made.end - made.start == timedelta(hours=1)
    assert "Einverstanden" in _html(helps.get(_url(talk)))
    assert "Einverstanden" not in _html(asks.get(_url(talk)))
    helps.post(_url(talk, "appointment", made.pk, "zusagen"))
    assert "Termin steht" in _html(asks.get(_url(talk)))
    asks.post(_url(talk, "appointment", made.pk, "absagen"))
    made.refresh_from_db()
    assert made.state == Appointment.State.CANCELLED


@pytest.mark.parametrize(
    "typed",
    [
        {"day": ""},
        {"day": "2026-02-30"},
        {"start": "25:00"},
        {"minutes": "7"},
        {"minutes": "x"},
        {"day": "2020-01-01"},
        {"day": "9999-12-31"},
        {"day": "\0"},
    ],
)
def test_a_time_that_does_not_fit_comes_back_with_a_sentence(ada, page_as, typed):
    answer = page_as(ada).post(_url(a_talk(), "propose"), _typed(**typed))
    assert answer.status_code == 400
    assert answer.context["appointment_form"].errors
    assert not Appointment.objects.exists()


def test_nobody_moves_an_appointment_of_another_talk(ada, ben, page_as):
    talk, other = a_talk(), a_talk(volunteer=a_volunteer("Emil"))
    page_as(ada).post(_url(other, "propose"), _typed())
    made = Appointment.objects.get()
    assert page_as(ada).post(_url(talk, "appointment", made.pk, "absagen")).status_code == 404
    assert page_as(ben).post(_url(other, "appointment", made.pk, "zusagen")).status_code == 404


def test_a_second_answer_is_told_and_no_error(ada, ben, page_as):
    talk = a_talk()
    page_as(ada).post(_url(talk, "propose"), _typed())
    made, helps = Appointment.objects.get(), page_as(ben)
    for _ in range(2):
        answer = helps.post(_url(talk, "appointment", made.pk, "zusagen"), follow=True)
    assert answer.status_code == 200
    assert list(answer.context["messages"])


def test_the_way_out_names_the_office(ada, page_as):
    talk = a_talk()
    assert _url(talk, "uneasy") in _html(page_as(ada).get(_url(talk)))
    page = _html(page_as(ada).get(_url(talk, "uneasy")))
    assert "0214 000000" in page
    assert "110" in page


DOES = ["senden", "gelesen", "termin", "termin/{visit}/zusagen", "serie/{visit}/beenden"]


@pytest.mark.parametrize("address", DOES)
@pytest.mark.parametrize("method", ["get", "head"])
def test_whoever_reloads_a_page_that_only_does_something_is_led_to_the_talk(address, method, ada, page_as):
    talk = a_talk()
    visit = a_proposal(talk.match, start=timezone.now() + timedelta(days=2), now=timezone.now())
    answer = getattr(page_as(ada), method)(f"{_url(talk)}{address.format(visit=visit.pk)}/")
    assert (answer.status_code, answer["Location"]) == (302, _url(talk))
    visit.refresh_from_db()
    assert (visit.state, talk.messages.count()) == ("proposed", 0)


@pytest.mark.parametrize("address", DOES)
def test_a_stranger_who_looks_there_finds_nothing(address, dora, page_as):
    there = f"{_url(a_talk())}{address.format(visit=uuid4())}/"
    assert page_as(dora).get(there).status_code == 404
