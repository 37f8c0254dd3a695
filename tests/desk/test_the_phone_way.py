"""Somebody calls who has neither e-mail nor login: from the first ring to the confirmed match, by the office alone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from matching import actions
from matching.models import HelpRequest, Match
from tests import people

pytestmark = pytest.mark.django_db
CALLER = {"first_name": "Else", "last_name": "Pütz", "phone": "0214 300101", "channel": "phone"}


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


@pytest.fixture
def caller(cleo) -> User:
    return people.a_person("Else", last_name="Pütz", email=None, channel="phone", created_by=cleo)


def new_person(quarter_pk: object, **more: str) -> dict:
    return CALLER | {"quarter": str(quarter_pk)} | more


def a_wish(**more: object) -> dict:
    until = timezone.localdate() + timedelta(days=10)
    plain = {"duration_minutes": "60", "helpers_needed": "1", "urgency": "0", "gender_wish": ""}
    return plain | {"skills": ["einkaufen"], "timing": "flexible", "flexible_until": f"{until}"} | more


def test_from_the_call_to_the_confirmed_match(desk, ben, cleo):
    answer = desk.post(reverse("desk:person_new"), new_person(cleo.quarter_id), follow=True)
    else_ = User.objects.get(first_name="Else")
    assert answer.redirect_chain[-1][0] == reverse("desk:person", args=[else_.pk])
    User.objects.filter(pk=else_.pk).update(place=people.a_place(else_.quarter))

    desk.post(reverse("desk:request_new", args=[else_.pk]), a_wish(publish="1", consent="on"))
    request = HelpRequest.objects.get(resident=else_)
    assert (request.state, request.consent, request.consent_by) == ("open", "oral", cleo)

    case = desk.get(reverse("desk:case", args=[request.pk]))
    assert [offer.volunteer for offer in case.context["offers"]] == [ben]
    desk.post(reverse("desk:propose", args=[request.pk]), {"volunteer": str(ben.pk), "ask": "1"})
    match = Match.objects.get(request=request)
    assert match.state == "asked"

    actions.accept_match(match_id=match.pk, by=ben, now=timezone.now())
    match.refresh_from_db()
    move = reverse("desk:move", args=[match.pk, "confirm"])
    refused = desk.post(move, {"version": str(match.version)})
    assert refused.status_code == 400
    desk.post(move, {"version": str(match.version), "spoken": "on"})
    match.refresh_from_db()
    assert match.state == "confirmed"
    assert match.events.get(move="confirm").spoken


EVERY_WEEK = {
    "timing": "weekly",
    "weekdays": ["1", "3"],
    "weekly_from": "10:00",
    "weekly_to": "12:30",
    "weekly_rhythm": "every",
    "skips_holidays": "on",
}


@pytest.mark.parametrize(
    "when", [{}, EVERY_WEEK, EVERY_WEEK | {"weekly_rhythm": "second", "weekly_begins": "2031-03-04"}]
)
def test_tapping_publish_twice_is_one_request(when, desk, caller):
    page, wish = reverse("desk:request_new", args=[caller.pk]), a_wish(publish="1", consent="on", **when)
    first, second = desk.post(page, wish), desk.post(page, wish)
    assert first.url == second.url
    desk.post(page, wish | {"description": "Und noch eine Bitte"})
    assert HelpRequest.objects.filter(resident=caller).count() == 2


def test_without_consent_nothing_is_published(desk, caller):
    people.a_skill()
    answer = desk.post(reverse("desk:request_new", args=[caller.pk]), a_wish(publish="1"))
    assert answer.status_code == 400
    assert not HelpRequest.objects.filter(state="open").exists()


def test_a_draft_is_kept_and_taken_up_again(desk, caller):
    people.a_skill()
    page = reverse("desk:request_new", args=[caller.pk])
    desk.post(page, a_wish(draft="1", description="Zwei Taschen"))
    draft = HelpRequest.objects.get(resident=caller)
    assert draft.state == "draft"
    assert b"Zwei Taschen" in desk.get(page).content
    desk.post(reverse("desk:publish", args=[draft.pk]), {"consent": "on"})
    draft.refresh_from_db()
    assert draft.state == "open"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"skills": []}, "skills"),
        ({"skills": ["gibt-es-nicht"]}, "skills"),
        ({"timing": "dated"}, "day_1"),
        ({"timing": "weekly"}, "weekdays"),
        ({"timing": "flexible", "flexible_until": ""}, "flexible_until"),
        ({"flexible_until": "2001-01-01"}, "flexible_until"),
        ({"timing": "weekly", "weekdays": ["1"], "weekly_from": "12:00", "weekly_to": "10:00"}, "weekly_to"),
        ({"duration_minutes": "9999"}, "duration_minutes"),
        ({"helpers_needed": "x"}, "helpers_needed"),
        ({"description": "a" * 1001}, "description"),
        ({"description": "a\x00b"}, "description"),
        ({"urgency": "7"}, "urgency"),
    ],
)
def test_bad_input_is_named_and_nothing_typed_is_lost(wrong, field, desk, caller):
    people.a_skill()
    words = {"description": "Brot und Milch"} | wrong
    answer = desk.post(reverse("desk:request_new", args=[caller.pk]), a_wish(publish="1", consent="on", **words))
    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert "description" in wrong or b"Brot und Milch" in answer.content
    assert not HelpRequest.objects.exists()


def test_weekly_and_dated_wishes_arrive(desk, caller):
    people.a_skill()
    page = reverse("desk:request_new", args=[caller.pk])
    weekly = {"timing": "weekly", "weekdays": ["1", "3"], "weekly_from": "10:00", "weekly_to": "12:30"}
    desk.post(page, a_wish(publish="1", consent="on", **weekly))
    day = timezone.localdate() + timedelta(days=3)
    dated = {"timing": "dated", "day_1": f"{day}", "from_1": "09:00", "to_1": "11:00", "day_2": f"{day}"}
    desk.post(page, a_wish(publish="1", consent="on", **dated))
    first, second = HelpRequest.objects.order_by("created_at")
    assert [(w.weekday, w.start_minute, w.end_minute) for w in first.windows.all()] == [(1, 600, 750), (3, 600, 750)]
    assert second.windows.count() == 2


def test_a_known_caller_is_shown_before_a_second_one_is_entered(desk, cleo):
    address = reverse("desk:person_new")
    desk.post(address, new_person(cleo.quarter_id))
    again = desk.post(address, new_person(cleo.quarter_id))
    assert [twin.first_name for twin in again.context["twins"]] == ["Else"]
    assert User.objects.filter(first_name="Else").count() == 1
    desk.post(address, new_person(cleo.quarter_id, anyway="on"))
    assert User.objects.filter(first_name="Else").count() == 2


def test_an_address_nobody_knows_is_kept_and_waits(desk, cleo):
    desk.post(reverse("desk:person_new"), new_person(cleo.quarter_id, street="Nirgendweg", number="7"))
    caller = User.objects.get(first_name="Else")
    assert caller.place is not None
    assert not caller.place.is_found
    lines = desk.get(reverse("desk:home") + "?liste=adressen").context["rows"]
    assert [line.title for line in lines] == ["Else Pütz"]


@pytest.mark.parametrize(
    "wrong",
    [{"first_name": ""}, {"phone": "abc"}, {"channel": "taube"}, {"quarter": "nein"}, {"first_name": "a\x00"}],
)
def test_a_person_that_does_not_fit_is_not_entered(wrong, desk, cleo):
    answer = desk.post(reverse("desk:person_new"), new_person(cleo.quarter_id) | wrong)
    assert answer.status_code == 400
    assert not User.objects.filter(last_name="Pütz").exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"phone": ""}, "phone"), ({"channel": "letter"}, "street"), ({"channel": "letter", "phone": ""}, "street")],
)
def test_nobody_is_entered_whom_the_office_cannot_reach(wrong, field, desk, cleo):
    answer = desk.post(reverse("desk:person_new"), new_person(cleo.quarter_id) | wrong)
    assert list(answer.context["form"].errors) == [field]
    assert not User.objects.filter(last_name="Pütz").exists()


def test_whoever_wants_letters_needs_an_address_and_no_number(desk, cleo):
    words = {"channel": "letter", "phone": "", "street": "Nirgendweg", "number": "7"}
    desk.post(reverse("desk:person_new"), new_person(cleo.quarter_id) | words)
    assert User.objects.get(first_name="Else").channel == "letter"


def test_the_number_of_whoever_is_called_cannot_be_taken_away(desk, caller):
    page, words = reverse("desk:contact", args=[caller.pk]), {"first_name": "Else", "last_name": "Maler"}
    User.objects.filter(pk=caller.pk).update(phone="+49214300101")
    assert "phone" in desk.post(page, words | {"phone": "", "channel": "phone"}).context["form"].errors
    assert desk.post(page, words | {"phone": "0214 300101", "channel": "phone"}).status_code == 302


def test_another_quarter_cannot_be_chosen(desk):
    other = people.a_quarter("Rosenau", west=7.1)
    assert desk.post(reverse("desk:person_new"), new_person(other.pk)).status_code == 400
