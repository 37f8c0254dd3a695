"""The call list and the new call as pages: what stands there, what a button does, at a price that does not grow."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleAssignment, User
from matching.models import Appointment, Call, Reminder, Series
from tests import people
from tests.desk.calling import HOUR, a_caller, an_asked_helper, line_of, only

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


def test_the_list_names_who_to_call_and_why(desk):
    an_asked_helper()
    page = desk.get(reverse("desk:calls"))
    [row] = only(page.context["now_blocks"])
    assert (row.person.first_name, row.title) == ("Bert", "Ob sie helfen")
    assert "RBert" in page.content.decode()


def test_what_is_too_late_says_so(desk, ada, ben):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    match = people.a_match(people.a_request(ada), ben, state="confirmed")
    first = timezone.localdate() + timedelta(days=5)
    for waited, words in ((timedelta(), "bis"), (timedelta(days=3), "überfällig seit")):
        Series.objects.all().delete()
        Series.objects.create(
            match=match,
            proposed_by=ben,
            first_on=first,
            start_minute=600,
            minutes=60,
            created_at=timezone.now() - waited,
        )
        [row] = only(desk.get(reverse("desk:calls")).context["now_blocks"])
        assert row.due.startswith(words)


def test_one_button_enters_the_yes_and_the_list_of_today_says_so(desk):
    match = an_asked_helper()
    address = line_of(match, match.volunteer)
    assert b'data-key="1"' in desk.get(address).content
    page = desk.post(address, {"answer": "yes"}, follow=True)
    match.refresh_from_db()
    assert match.state == "accepted"
    assert [done.what for done in page.context["done_rows"]] == ["Ob sie helfen: sagt ja"]


def test_nobody_answered_twice_and_the_page_says_so(desk):
    match = an_asked_helper()
    address = line_of(match, match.volunteer)
    for _ in range(2):
        desk.post(address, {"missed": "1", "again": "tomorrow"})
    page = desk.get(reverse("desk:calls"))
    assert page.context["now_blocks"] == []
    [row] = only(page.context["later_blocks"])
    assert row.tries == "2-mal nicht erreicht"


def test_a_note_and_the_handing_over(desk, cleo):
    karl = people.a_person("Karl", wants_help=False)
    RoleAssignment.objects.create(user=karl, role="worker", quarter=karl.quarter)
    match = an_asked_helper()
    address = line_of(match, match.volunteer)
    desk.post(address, {"save": "1", "note": "nach dem Mittag"})
    desk.post(address, {"hand": "1", "to": str(karl.pk)})
    page = desk.get(reverse("desk:calls"))
    [row] = only(page.context["other_blocks"])
    assert (row.entry.taken_by, row.entry.note) == (karl, "nach dem Mittag")
    desk.post(address, {"take": "1"})
    assert len(desk.get(reverse("desk:calls")).context["now_blocks"]) == 1


@pytest.mark.parametrize("words", [{}, {"note": " "}, {"answer": "unsinn"}, {"note": "a\x00"}])
def test_what_is_no_answer_is_400_with_a_sentence(words, desk):
    match = an_asked_helper()
    answer = desk.post(line_of(match, match.volunteer), words)
    assert answer.status_code == 400
    assert not Call.objects.exists()


def test_a_line_that_is_through_leads_back_to_the_list(desk):
    match = an_asked_helper()
    address = line_of(match, match.volunteer)
    desk.post(address, {"answer": "yes"})
    page = desk.post(address, {"answer": "no"}, follow=True)
    assert "inzwischen erledigt" in page.content.decode()
    match.refresh_from_db()
    assert match.state == "accepted"


@pytest.mark.parametrize(
    "when",
    [
        {"day": "", "clock": ""},
        {"day": "2001-01-01", "clock": "10:00"},
        {"day": "9999-12-31", "clock": "23:30"},
        {"day": "x"},
    ],
)
def test_another_time_needs_a_day_and_an_hour_ahead(when, desk, ada, ben):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    match = people.a_match(people.a_request(ada), ben, state="confirmed")
    start = timezone.now() + 30 * HOUR
    visit = Appointment.objects.create(match=match, start=start, end=start + HOUR, proposed_by=ben)
    answer = desk.post(reverse("desk:call", args=["zeit", visit.pk.hex, ada.pk]), {"answer": "other"} | when)
    assert answer.status_code == 400
    visit.refresh_from_db()
    assert visit.state == "proposed"


def test_the_table_and_the_paper_hold_the_same_lines(desk):
    an_asked_helper()
    table = desk.get(reverse("desk:calls_table")).content.decode()
    assert "Bert Beispiel;02143001;" in table.replace(" 3001", "3001")
    assert "☐ Sagt ja" in desk.get(reverse("desk:calls_print")).content.decode()


@pytest.mark.parametrize("name", ["desk:calls", "desk:calls_print", "desk:calls_table"])
def test_two_calls_cost_as_many_queries_as_eight(name, desk):
    fill(2)
    desk.get(reverse(name))
    with CaptureQueriesContext(connection) as few:
        desk.get(reverse(name))
    fill(6)
    with CaptureQueriesContext(connection) as many:
        desk.get(reverse(name))
    assert len(few) == len(many)


def fill(count: int) -> None:
    now = timezone.now()
    for number in range(count):
        match = an_asked_helper(f"B{number}{User.objects.count()}")
        Call.objects.create(
            person=match.volunteer, quarter=match.request.quarter, kind="gefragt", about=match.pk.hex, outcome="missed"
        )
        sure = people.a_match(
            people.a_request(a_caller(f"C{number}{User.objects.count()}"), now=now), state="confirmed"
        )
        visit = Appointment.objects.create(match=sure, start=now + HOUR, end=now + 2 * HOUR, state="agreed")
        Reminder.objects.create(appointment=visit, person=sure.resident, kind="day", by_phone=True, due_at=now)
        Appointment.objects.create(match=sure, start=now + 30 * HOUR, end=now + 31 * HOUR)


# --- the telephone rings ----------
def test_a_few_letters_lead_straight_to_the_caller(desk):
    else_ = a_caller()
    answer = desk.post(reverse("desk:caller"), {"q": "pütz"})
    assert answer.url == reverse("desk:caller_page", args=[else_.pk])


def test_a_slip_is_forgiven_and_shown_for_choosing(desk):
    else_ = a_caller()
    page = desk.post(reverse("desk:caller"), {"q": "Püts"})
    assert page.context["found"] == [else_]


def test_what_waits_for_the_caller_is_answered_on_the_spot(desk):
    match = an_asked_helper()
    page = desk.get(reverse("desk:caller_page", args=[match.volunteer_id]))
    [row] = page.context["waiting"]
    desk.post(row.href, {"answer": "no", "caller": str(match.volunteer_id)})
    match.refresh_from_db()
    assert match.state == "declined"
    assert Call.objects.get().incoming


def test_somebody_new_goes_on_to_their_call(desk, cleo):
    page = desk.post(reverse("desk:caller_new"), {"q": "Else Pütz"})
    assert (page.context["form"]["first_name"].value(), page.context["form"]["last_name"].value()) == ("Else", "Pütz")
    words = {"first_name": "Else", "last_name": "Pütz", "channel": "phone", "phone": "0214 300101"}
    words["quarter"] = str(cleo.quarter_id)
    answer = desk.post(reverse("desk:person_new") + "?weiter=anruf", words)
    assert answer.url == reverse("desk:caller_page", args=[User.objects.get(first_name="Else").pk])


def test_a_call_about_something_else_is_noted(desk):
    else_ = a_caller()
    page = reverse("desk:caller_page", args=[else_.pk])
    assert desk.post(page, {"note": " "}).status_code == 400
    desk.post(page, {"note": "fragt nach dem Treff"})
    assert [call.note for call in desk.get(page).context["calls"]] == ["fragt nach dem Treff"]


def test_another_quarters_caller_does_not_exist(desk):
    far = a_caller("Fritz", quarter=people.a_quarter("Fern", west=7.2))
    assert desk.get(reverse("desk:caller_page", args=[far.pk])).status_code == 404
