"""One request on one screen: suggestions, moves, what would help, and a page that was too old."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import OfferedSkill
from matching import actions
from matching.actions.swaps import SWAPPED
from matching.desk.story import OF_THE_HOUSE
from matching.models import HelpRequest, Match
from matching.models.matches import APART, LEFT, SUSPENDED
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


@pytest.fixture
def wish(ada) -> HelpRequest:
    return people.a_request(ada, now=timezone.now())


def url_of(wish: HelpRequest, page: str = "case") -> str:
    return reverse(f"desk:{page}", args=[wish.pk])


def test_the_case_shows_who_fits_with_reasons_and_parts(desk, wish, ben):
    [offer] = desk.get(url_of(wish)).context["offers"]
    assert offer.volunteer == ben
    assert offer.reasons
    assert offer.parts


def test_a_proposal_is_released_and_asked(desk, wish, ben):
    desk.post(url_of(wish, "propose"), {"volunteer": str(ben.pk)})
    match = Match.objects.get()
    assert match.state == "proposed"
    desk.post(reverse("desk:move", args=[match.pk, "release"]), {"version": match.version})
    match.refresh_from_db()
    assert match.state == "asked"


def test_a_stale_page_gets_409_and_the_new_state(desk, wish, ben):
    match = people.a_match(wish, ben)
    Match.objects.filter(pk=match.pk).update(version=3)
    answer = desk.post(reverse("desk:move", args=[match.pk, "release"]), {"version": "1"})
    assert answer.status_code == 409
    assert answer.context["pairs"][0].match.version == 3


def test_a_move_from_the_wrong_state_gets_409(desk, wish, ben):
    match = people.a_match(wish, ben, state="asked")
    assert desk.post(reverse("desk:move", args=[match.pk, "complete"])).status_code == 409


def test_rejecting_needs_a_reason_and_remembers_it(desk, wish, ben):
    match = people.a_match(wish, ben)
    move = reverse("desk:move", args=[match.pk, "reject"])
    assert desk.post(move, {"reason": " "}).status_code == 400
    desk.post(move, {"reason": "kennen sich schon"})
    match.refresh_from_db()
    assert (match.state, match.end_reason) == ("rejected", "kennen sich schon")


def test_a_self_offer_is_let_through(desk, wish, ben):
    match = actions.offer_help(request_id=wish.pk, by=ben, now=timezone.now())
    desk.post(reverse("desk:move", args=[match.pk, "clear"]), {"version": match.version})
    match.refresh_from_db()
    assert not match.needs_review


@pytest.mark.parametrize(("move", "state"), [("accept", "accepted"), ("decline", "declined")])
def test_what_a_volunteer_said_on_the_telephone_is_entered(move, state, desk, wish, ben):
    match = people.a_match(wish, ben, state="asked")
    Match.objects.filter(pk=match.pk).update(deadline=timezone.now() + timedelta(hours=1))
    page = reverse("desk:move", args=[match.pk, move])
    assert desk.post(page).status_code == 400
    desk.post(page, {"spoken": "on"})
    match.refresh_from_db()
    assert (match.state, match.events.get(move=move).spoken) == (state, True)


@pytest.mark.parametrize("move", ["expire", "unsinn"])
def test_moves_that_are_not_the_offices_do_not_exist(move, desk, wish, ben):
    match = people.a_match(wish, ben, state="asked")
    assert desk.post(reverse("desk:move", args=[match.pk, move])).status_code == 404


@pytest.mark.parametrize("volunteer", ["", "x", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_proposing_nobody_in_particular_is_404(volunteer, desk, wish):
    assert desk.post(url_of(wish, "propose"), {"volunteer": volunteer}).status_code == 404


def test_somebody_behind_a_gate_is_not_proposed_and_the_page_says_why(desk, wish):
    busy = people.a_volunteer("Carl", skills=("vorlesen",))
    answer = desk.post(url_of(wish, "propose"), {"volunteer": str(busy.pk)})
    assert answer.status_code in (400, 409)
    assert not Match.objects.exists()


def test_nobody_fits_says_at_which_gates_and_a_click_helps(desk, ada):
    wish = people.a_request(ada, gender_wish="woman", now=timezone.now())
    people.a_volunteer("Carl", gender="man")
    page = desk.get(url_of(wish))
    assert [obstacle.count for obstacle in page.context["obstacles"]] == [1]
    [change] = [change for change in page.context["helpful"] if change.key.startswith("gender")]
    desk.post(url_of(wish, "change"), {"change": change.key})
    wish.refresh_from_db()
    assert wish.gender_wish == ""
    page = desk.get(url_of(wish))  # looked for at once, and found
    assert [pair.match.volunteer.first_name for pair in page.context["pairs"]] == ["Carl"]
    assert "Vorgeschlagen ist jetzt: Carl Beispiel." in page.content.decode()


def test_wider_windows_are_a_click_too(desk, ada):
    now = timezone.now()
    start = timezone.localtime(now).replace(hour=6, minute=15, second=0, microsecond=0) + timedelta(days=2)
    early = [(start, start + timedelta(minutes=90))]
    wish = people.a_request(ada, now=now, windows=early, duration_minutes=60)
    people.a_volunteer("Carl")
    [change] = [c for c in desk.get(url_of(wish)).context["helpful"] if c.key.startswith(("stretch", "any"))][:1]
    assert desk.post(url_of(wish, "change"), {"change": change.key}).status_code == 302
    assert len(desk.get(url_of(wish)).context["pairs"]) == 1


@pytest.mark.parametrize("change", ["", "gender:", "stretch:9999", "\x00"])
def test_a_change_that_is_not_offered_is_refused(change, desk, wish, ben):
    assert desk.post(url_of(wish, "change"), {"change": change}).status_code == 400


def test_a_request_is_withdrawn_and_the_asked_are_let_go(desk, wish, ben):
    match = people.a_match(wish, ben, state="asked")
    desk.post(url_of(wish, "withdraw"), {"reason": "hat sich erledigt"})
    match.refresh_from_db()
    wish.refresh_from_db()
    assert (wish.state, match.state) == ("withdrawn", "closed")


def test_a_residents_own_draft_is_not_the_offices_business(desk, ada):
    draft = people.a_request(ada, state="draft", open_since=None)
    assert desk.get(url_of(draft)).status_code == 404


def test_the_story_says_who_did_what(desk, wish, ben):
    desk.post(url_of(wish, "propose"), {"volunteer": str(ben.pk), "ask": "1"})
    told = [entry.text for entry in desk.get(url_of(wish)).context["story"]]
    assert told == ["Ben Bogen ist vorgeschlagen.", "Ben Bogen ist gefragt."]


def test_ten_who_fit_cost_as_much_as_two(desk, wish):
    counts = []
    desk.get(url_of(wish))  # once, so that caches are warm
    for some in (range(3), range(3, 10)):
        for number in some:
            people.a_volunteer(f"H{number}")
        OfferedSkill.objects.update(level=3)  # at home in it: a reason that names the skill
        with CaptureQueriesContext(connection) as asked:
            page = desk.get(url_of(wish))
        counts.append(len(asked))
    assert len(page.context["offers"]) == 10
    assert counts[0] == counts[1]


def test_why_a_pair_ended_stands_in_words(ada, ben, cleo, page_as):
    request = people.a_request(ada)
    reasons = {LEFT, APART, SUSPENDED, SWAPPED, "filled", "withdrawn", "expired", "held"}
    assert reasons <= set(OF_THE_HOUSE)
    match = people.a_match(request, ben, state="ended")
    Match.objects.filter(pk=match.pk).update(end_reason=LEFT)
    page = page_as(cleo).get(reverse("desk:case", args=[request.pk])).content.decode()
    assert "Die helfende Person hört auf." in page
