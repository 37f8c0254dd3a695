"""A request taken down in a few keys while somebody is on the telephone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from matching import words
from matching.desk.forms.calls import QuickRequestForm
from matching.forms.when import WhenForm
from matching.models import Call, HelpRequest
from tests import people
from tests.desk.calling import a_caller
from tests.people import NOW

pytestmark = pytest.mark.django_db
FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
SAID = {"skill": "einkaufen", "duration_minutes": "60", "when": "week", "consent": "on", "publish": "1"}


@pytest.fixture(autouse=True)
def _on_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


def quick(now: datetime, **said: str) -> QuickRequestForm:
    people.a_skill("einkaufen")
    return QuickRequestForm(SAID | said, now=now)


def days(form: Any) -> list[date]:
    assert form.is_valid(), form.errors
    return [timezone.localdate(window["start"]) for window in form.changes()["windows"]]


@pytest.mark.parametrize("now", [NOW, FRIDAY, FRIDAY + timedelta(hours=13)])
@pytest.mark.parametrize("when", ["today", "tomorrow", "week"])
def test_the_telephone_and_the_page_mean_the_same_by_the_same_words(when, now, ada):
    page = WhenForm({"when": when, "duration": "60"}, request=people.a_request(ada), now=now)
    phone = quick(now, when=when)
    assert phone.is_valid() == page.is_valid()
    if page.is_valid():
        assert phone.changes()["windows"] == page.changes()["windows"]


def test_next_week_is_from_monday_to_sunday():
    assert days(quick(FRIDAY, when="next")) == [date(2026, 3, 9) + timedelta(days=n) for n in range(7)]


def test_in_the_evening_nobody_comes_today_any_more():
    form = quick(FRIDAY + timedelta(hours=10), when="today")
    assert list(form.errors) == ["when"]


@pytest.mark.parametrize(
    ("now", "usual", "first"),
    [
        (NOW, "week", "Diese Woche, bis Sonntag, 8. März"),
        (FRIDAY, "next", "Diese Woche, bis Sonntag, 8. März"),
        (FRIDAY + timedelta(days=1), "next", "Heute"),
    ],
)
def test_the_week_says_its_last_day_and_is_no_choice_at_the_weekend(now, usual, first):
    form = QuickRequestForm(now=now)
    assert (form["when"].value(), form.fields["when"].choices[0][1]) == (usual, first)


@pytest.mark.parametrize(
    "other", [{"when": "next"}, {"when": "month"}, {"when": "tomorrow"}, {"duration_minutes": "180"}]
)
def test_another_day_or_length_is_a_second_request(other, desk):
    page = reverse("desk:caller_page", args=[a_caller().pk])
    people.a_skill("einkaufen")
    first, second, again = desk.post(page, SAID), desk.post(page, SAID | other), desk.post(page, SAID | other)
    assert first.url != second.url == again.url
    assert HelpRequest.objects.count() == 2


def test_a_draft_of_the_next_week_keeps_its_seven_days(desk):
    page = reverse("desk:caller_page", args=[a_caller().pk])
    people.a_skill("einkaufen")
    edit = desk.post(page, {"skill": "einkaufen", "duration_minutes": "60", "when": "next", "more": "1"}).url
    form = desk.get(edit).context["form"]
    shown = {field.html_name: field.value() or "" for row in form.day_rows for field in row}
    typed = {
        "skills": ["einkaufen"],
        "timing": "dated",
        "duration_minutes": "60",
        "helpers_needed": "1",
        "urgency": "0",
    }
    desk.post(edit, typed | shown | {"draft": "1"})
    [line] = words.when(HelpRequest.objects.get(), now=NOW)
    assert line == "jeden Tag von Montag, 9. März bis Sonntag, 15. März, 8 bis 20 Uhr"


def test_the_quick_request_begins_with_what_was_last_and_is_open_at_once(desk, cleo):
    else_ = a_caller()
    people.a_request(else_, skills=("spazieren",), duration_minutes=90, state="done")
    page = desk.get(reverse("desk:caller_page", args=[else_.pk]))
    form = page.context["form"]
    assert (form["skill"].value(), form["duration_minutes"].value(), form["when"].value()) == ("spazieren", 90, "week")
    said = {"skill": "spazieren", "duration_minutes": "90", "when": "week", "consent": "on", "publish": "1"}
    for _ in range(2):  # a second tap is no second request
        desk.post(reverse("desk:caller_page", args=[else_.pk]), said)
    request = HelpRequest.objects.get(resident=else_, state="open")
    assert (request.consent, request.consent_by, request.duration_minutes) == ("oral", cleo, 90)
    call = Call.objects.get()
    assert (call.person, call.request, call.incoming, call.answer) == (else_, request, True, "request")
    assert call.delete_on is not None


@pytest.mark.parametrize("when", ["week", "today", "tomorrow", "next", "fortnight", "month"])
def test_every_when_can_be_published(when, desk):
    else_ = a_caller()
    said = {"skill": "einkaufen", "duration_minutes": "60", "when": when, "consent": "on", "publish": "1"}
    answer = desk.post(reverse("desk:caller_page", args=[else_.pk]), said)
    assert answer.status_code == 302
    assert HelpRequest.objects.get(resident=else_).state == "open"


@pytest.mark.parametrize(
    "wrong", [{"consent": ""}, {"skill": "x"}, {"when": "x"}, {"duration_minutes": "x"}, {"description": "a\x00"}]
)
def test_what_is_missing_is_said_and_nothing_kept(wrong, desk):
    else_ = a_caller()
    said = {"skill": "einkaufen", "duration_minutes": "60", "when": "week", "consent": "on", "publish": "1"} | wrong
    assert desk.post(reverse("desk:caller_page", args=[else_.pk]), said).status_code == 400
    assert not HelpRequest.objects.exists()
    assert not Call.objects.exists()
