"""One request's own page and taking it back; what is open around a volunteer; lists that do not slow down."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import VolunteerProfile
from matching import states
from matching.models import HelpRequest, Match
from tests import people
from tests.matching.pages.test_home import a_fresh_match

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(ada) -> HelpRequest:
    return people.a_request(by=ada, now=timezone.now(), description="Zwei Taschen")


def url(name: str, thing) -> str:
    return reverse(f"matching:{name}", kwargs={"pk": thing.pk})


@pytest.mark.parametrize(("who", "status"), [("ada", 200), ("ben", 404), ("cleo", 302), ("dora", 404)])
def test_who_sees_the_page_of_a_request(who, status, wish, page_as, request):
    assert page_as(request.getfixturevalue(who)).get(url("request", wish)).status_code == status


def test_somebody_trusted_sees_it_with_the_name(wish, ada, dora, page_as):
    people.trusts(ada, dora)
    assert "Für Ada: Einkaufen" in page_as(dora).get(url("request", wish)).content.decode()


def test_taking_back_asks_first(wish, ada, ben, page_as):
    match, client = a_fresh_match(states.ASKED, wish, ben), page_as(ada)
    assert "jederzeit eine neue stellen" in client.get(url("request_withdraw", wish)).content.decode()
    assert client.post(url("request_withdraw", wish)).url == reverse("home")
    assert client.post(url("request_withdraw", wish)).url == reverse("home")  # twice is once
    wish.refresh_from_db()
    match.refresh_from_db()
    assert (wish.state, match.state) == (states.WITHDRAWN, states.CLOSED)


@pytest.mark.parametrize("who", ["ben", "dora"])
def test_nobody_else_takes_it_back(who, wish, page_as, request):
    assert page_as(request.getfixturevalue(who)).post(url("request_withdraw", wish)).status_code == 404
    wish.refresh_from_db()
    assert wish.state == states.OPEN


def test_an_open_request_is_changed_on_the_same_pages(wish, ada, page_as):
    HelpRequest.objects.filter(pk=wish.pk).update(step=5)
    client = page_as(ada)
    step = reverse("matching:request_step", kwargs={"pk": wish.pk, "step": 4})
    form = {"description": "Drei Taschen", "urgency": "0", "helpers_needed": "2"}
    assert client.post(step, form).url.endswith("/schritt/5/")
    wish.refresh_from_db()
    assert (wish.description, wish.helpers_needed, wish.state) == ("Drei Taschen", 2, states.OPEN)


# --- what is open around ----------
def test_open_requests_are_shown_roughly(wish, ben, page_as):
    page = page_as(ben).get(reverse("matching:open")).content.decode()
    for words in ("Einkaufen", "morgen, vormittags und mittags", "Lindenhof, ganz in der Nähe"):
        assert words in page
    for secret in ("Ada", "Zwei Taschen", "10 bis 14", "Lindenstraße"):
        assert secret not in page


@pytest.mark.parametrize(
    "query", ["?seite=999", "?seite=x", "?seite=-1", "?art=gibts-nicht", "?art=%00", "?art=einkaufen"]
)
def test_odd_addresses_still_show_a_list(wish, ben, page_as, query):
    answer = page_as(ben).get(reverse("matching:open") + query)
    assert answer.status_code == 200
    assert url("offer", wish) in answer.content.decode()


def test_the_list_narrows_to_a_kind(wish, ben, page_as):
    people.a_skill("vorlesen")
    page = page_as(ben).get(reverse("matching:open") + "?art=vorlesen").content.decode()
    assert "Dafür ist gerade nichts offen" in page


def test_somebody_who_does_not_help_sees_no_list(wish, dora, page_as):
    page = page_as(dora).get(reverse("matching:open")).content.decode()
    assert url("offer", wish) not in page
    assert page_as(dora).get(url("offer", wish)).status_code == 404
    assert page_as(dora).post(url("offer", wish)).status_code == 404


def test_an_offer_waits_for_the_office(wish, ben, page_as):
    client = page_as(ben)
    assert "Das Quartiersbüro sieht sich Ihr Angebot an." in client.get(url("offer", wish)).content.decode()
    answer = client.post(url("offer", wish))
    match = Match.objects.get()
    assert (match.state, match.needs_review, answer.url) == (states.ACCEPTED, True, url("match", match))
    assert "sieht sie sich gerade an" in client.get(answer.url).content.decode()
    assert client.post(url("offer", wish)).status_code == 409
    assert url("offer", wish) not in client.get(reverse("matching:open")).content.decode()


def test_an_offer_that_does_not_fit_is_answered_kindly(wish, ben, page_as):
    VolunteerProfile.objects.filter(user=ben).update(paused=True)
    told_at_once = page_as(ben).get(url("offer", wish)).content.decode()
    assert "Ihre Angaben jederzeit ändern" in told_at_once
    assert "Ja, ich biete Hilfe an" not in told_at_once
    answer = page_as(ben).post(url("offer", wish))
    assert answer.status_code == 409
    assert "Ihre Angaben jederzeit ändern" in answer.content.decode()


# --- the same number of queries for two rows and for twenty ----------
REASONS = [{"code": "near", "band": "same"}, {"code": "skill", "skills": ["einkaufen"]}, {"code": "never_asked"}]


def queries(client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


def fill(ada, ben, count: int) -> None:
    VolunteerProfile.objects.filter(user=ben).update(capacity=12)
    for number in range(count):
        wish = people.a_request(by=ada, now=timezone.now())
        state = (states.ASKED, states.ACCEPTED, states.CONFIRMED)[number % 3]
        a_fresh_match(state, wish, ben, reasons=REASONS)
        helper = people.a_volunteer(f"Helfer{HelpRequest.objects.count()}")
        if state != states.CONFIRMED:
            a_fresh_match(states.ASKED, wish, helper, reasons=REASONS)


@pytest.mark.parametrize("who", ["ada", "ben", "dora"])
@pytest.mark.parametrize("page", ["home", "matching:open"])
def test_lists_ask_the_database_as_often_for_twenty_as_for_two(who, page, ada, ben, dora, page_as, request):
    people.trusts(ada, dora)
    client = page_as(request.getfixturevalue(who))
    fill(ada, ben, 3)
    client.get(reverse(page))
    few = queries(client, reverse(page))
    fill(ada, ben, 18)
    assert queries(client, reverse(page)) == few
