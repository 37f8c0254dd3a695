"""The page of one's own: what waits, what is agreed, how far the requests are."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import VolunteerProfile
from matching import actions, states
from matching.models import Appointment, Match
from tests import people

pytestmark = pytest.mark.django_db


def home_of(client) -> str:
    answer = client.get(reverse("home"))
    assert answer.status_code == 200
    return answer.content.decode()


def a_fresh_match(state: str, request=None, volunteer=None, **fields) -> Match:
    """A match with a deadline in two days from the real now."""
    match = people.a_match(request or people.a_request(now=timezone.now()), volunteer, state=state)
    if state == states.ASKED:
        fields.setdefault("deadline", timezone.now() + timedelta(hours=48))
    Match.objects.filter(pk=match.pk).update(**fields or {"origin": "hand"})
    match.refresh_from_db()
    return match


def test_an_empty_page_says_what_to_do(ada, page_as):
    page = home_of(page_as(ada))
    assert "Guten Tag, Ada" in page
    assert "Wobei können wir helfen?" in page
    assert reverse("matching:request_new") in page


def test_the_state_is_said_from_real_counts(ada, page_as):
    request = people.a_request(by=ada, now=timezone.now())
    for name in ("Ben", "Bert", "Bodo"):
        a_fresh_match(states.ASKED, request, people.a_volunteer(name))
    page = home_of(page_as(ada))
    assert "Wir haben drei Nachbarn gefragt." in page
    assert "Meist antworten sie bis" in page
    assert "Bodo" not in page


def test_who_said_yes_is_introduced(ada, ben, page_as):
    VolunteerProfile.objects.filter(user=ben).update(about="Ich koche gern.")
    match = a_fresh_match(states.ACCEPTED, people.a_request(by=ada, now=timezone.now()), ben)
    page = home_of(page_as(ada))
    for words in ("Soll Ben Ihnen helfen?", "Ich koche gern.", "Ausweis gesehen", "Ja, gerne", "Lieber jemand anderes"):
        assert words in page
    assert reverse("matching:match_move", kwargs={"pk": match.pk, "move": "confirm"}) in page
    assert "Bogen" not in page


def test_a_yes_that_the_office_still_looks_at_stays_nameless(ada, ben, page_as):
    a_fresh_match(states.ACCEPTED, people.a_request(by=ada, now=timezone.now()), ben, needs_review=True)
    page = home_of(page_as(ada))
    assert "Das Quartiersbüro sieht es sich gerade an." in page
    assert "Ben" not in page


def test_the_next_appointment_comes_first_with_its_code_word(ada, ben, page_as):
    match = a_fresh_match(states.CONFIRMED, people.a_request(by=ada, now=timezone.now()), ben, code_word="Apfelbaum")
    start = timezone.now() + timedelta(days=1)
    Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), state="agreed")
    for person in (ada, ben):
        page = home_of(page_as(person))
        assert "morgen, " in page
        assert "Apfelbaum" in page
        assert page.index("Apfelbaum") < page.index("Meine Bitten um Hilfe")


@pytest.mark.parametrize(
    ("starts_in", "arrived", "helper_reads", "resident_reads"),
    [
        (timedelta(days=3), False, "Verschieben oder absagen", "Verschieben oder absagen"),
        (timedelta(hours=1), False, "Bin da, verschieben, absagen", "Verschieben oder absagen"),
        (timedelta(0), True, "Zum Termin", "Zum Termin"),
    ],
)
def test_the_way_to_an_appointment_names_what_can_be_done_there(
    starts_in, arrived, helper_reads, resident_reads, ada, ben, page_as
):
    match = a_fresh_match(states.CONFIRMED, people.a_request(by=ada, now=timezone.now()), ben)
    start = timezone.now() + starts_in
    visit = Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), state="agreed")
    Appointment.objects.filter(pk=visit.pk).update(arrived_at=start if arrived else None)
    for person, said in ((ben, helper_reads), (ada, resident_reads)):
        assert f">{said}<span" in home_of(page_as(person))


def test_a_volunteer_sees_what_waits_and_why(ada, ben, page_as):
    request = people.a_request(by=ada, now=timezone.now(), description="Zwei Taschen", languages=["tr"])
    reasons = [{"code": "near", "band": "same"}, {"code": "never_asked"}]
    a_fresh_match(states.ASKED, request, ben, reasons=reasons)
    page = home_of(page_as(ben))
    for words in (
        "Ada bittet um Hilfe: Einkaufen",
        "Zwei Taschen",
        "ganz in der Nähe",
        "Türkisch",
        "Ja, das mache ich",
    ):
        assert words in page
    assert "Abend" not in page
    assert "1 von 3 Vermittlungen" in page


def test_somebody_not_welcomed_yet_hears_what_comes_next(ben, page_as):
    VolunteerProfile.objects.filter(user=ben).update(welcomed_at=None)
    assert "lernt das Quartiersbüro Sie" in home_of(page_as(ben))


def test_a_proposed_match_is_nobodys_news(ada, ben, page_as):
    a_fresh_match(states.PROPOSED, people.a_request(by=ada, now=timezone.now()), ben)
    assert "Ben" not in home_of(page_as(ada))
    assert "Ada" not in home_of(page_as(ben))


def test_who_comes_after_the_last_place_is_held_reads_that_somebody_was_faster(ada, ben, page_as):
    request = people.a_request(ada, now=timezone.now())
    match = a_fresh_match("asked", request, ben)
    a_fresh_match("accepted", request, people.a_volunteer("Emil"))
    client = page_as(ben)
    for page in (home_of(client), client.get(reverse("matching:match", args=[match.pk])).content.decode()):
        assert "Jemand war schneller" in page
        assert "Ja, das mache ich" not in page
    assert "Danke, dass Sie bereit waren" in home_of(client)
    late = client.post(reverse("matching:match_move", args=[match.pk, "accept"]))
    assert (late.status_code, "Jemand war schneller" in late.content.decode()) == (409, True)


def test_a_place_that_is_free_again_may_be_taken_after_all(ada, ben, page_as):
    request = people.a_request(ada, now=timezone.now())
    a_fresh_match("asked", request, ben)
    faster = a_fresh_match("accepted", request, people.a_volunteer("Emil"))
    actions.refuse_match(match_id=faster.pk, by=ada, now=timezone.now())
    assert "Ja, das mache ich" in home_of(page_as(ben))


@pytest.mark.parametrize(
    ("state", "days", "is_thanked"),
    [("closed", 0, True), ("refused", 6, True), ("closed", 8, False), ("declined", 0, False)],
)
def test_who_was_not_needed_is_thanked_for_a_week(state, days, is_thanked, ada, ben, page_as):
    a_fresh_match(state, people.a_request(ada), ben, ended_at=timezone.now() - timedelta(days=days))
    page = home_of(page_as(ben))
    assert ("Danke, dass Sie bereit waren" in page) == is_thanked
    assert "Ada" not in page


def test_a_proposal_nobody_heard_of_is_not_thanked_for(ada, ben, page_as):
    a_fresh_match("closed", people.a_request(ada), ben, ended_at=timezone.now(), asked_at=None)
    assert "Danke, dass Sie bereit waren" not in home_of(page_as(ben))
