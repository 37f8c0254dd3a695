"""What is typed during a call is kept, whichever button is pressed, and every outcome has words afterwards."""

from datetime import timedelta
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleAssignment, User
from matching.models import Appointment, Call
from tests import people
from tests.desk.calling import HOUR, an_asked_helper, line_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


class Form(HTMLParser):
    """The fields and the buttons of the form that holds the note, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[list[tuple[str, str, str]]] = []
        self.feed(page)
        self.parts = next(form for form in self.forms if any(name == "note" for _tag, name, _value in form))

    def handle_starttag(self, tag: str, attrs: list) -> None:
        about = dict(attrs)
        if tag == "form":
            self.forms.append([])
        elif self.forms and about.get("name"):
            self.forms[-1].append((tag, about["name"], about.get("value") or ""))

    def buttons(self) -> list[tuple[str, str]]:
        return [(name, value) for tag, name, value in self.parts if tag == "button"]


def test_a_note_goes_with_every_button_of_the_page(desk, cleo):
    karl = people.a_person("Karl", wants_help=False)
    RoleAssignment.objects.create(user=karl, role="worker", quarter=karl.quarter)
    match = an_asked_helper()
    address = line_of(match, match.volunteer)
    buttons = Form(desk.get(address).content.decode()).buttons()
    expected = [("answer", "yes"), ("answer", "no"), ("missed", "1"), ("save", "1"), ("take", "1"), ("hand", "1")]
    assert buttons == [("enter", "1"), *expected]
    for number, (name, value) in enumerate(buttons):
        match = an_asked_helper(f"B{number}")
        words = {name: value, "note": "hat einen Hund", "to": str(karl.pk), "again": ""}
        assert desk.post(line_of(match, match.volunteer), words).status_code == 302
        assert Call.objects.get(person=match.volunteer).note == "hat einen Hund"


def test_enter_keeps_the_note_and_says_yes_for_nobody(desk):
    match = an_asked_helper()
    desk.post(line_of(match, match.volunteer), {"enter": "1", "note": "später"})
    match.refresh_from_db()
    assert (match.state, Call.objects.get().outcome) == ("asked", "noted")


def test_enter_behind_a_time_proposes_it_with_the_note(desk, ada, ben):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    match = people.a_match(people.a_request(ada), ben, state="confirmed")
    start = timezone.now() + 30 * HOUR
    visit = Appointment.objects.create(match=match, start=start, end=start + HOUR, proposed_by=ben)
    day = timezone.localdate() + timedelta(days=3)
    words = {"enter": "1", "day": f"{day}", "clock": "10:00", "note": "kommt mit dem Bus"}
    desk.post(reverse("desk:call", args=["zeit", visit.pk.hex, ada.pk]), words)
    assert Appointment.objects.get(state="proposed").start.date() == day
    assert (Call.objects.get().answer, Call.objects.get().note) == ("other", "kommt mit dem Bus")


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ({"missed": "1"}, "Ob sie helfen: nicht erreicht"),
        ({"take": "1"}, "Ob sie helfen: übergeben"),
        ({"save": "1", "note": "später"}, "Ob sie helfen: Notiz"),
        ({"answer": "yes"}, "Ob sie helfen: sagt ja"),
    ],
)
def test_every_outcome_has_words_on_the_page_of_the_person(outcome, words, desk):
    match = an_asked_helper()
    desk.post(line_of(match, match.volunteer), outcome)
    page = desk.get(reverse("desk:caller_page", args=[match.volunteer_id]))
    assert [done.what for done in page.context["calls"]] == [words]
