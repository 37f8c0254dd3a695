"""Person x page: the desk exists for workers of the quarter and for nobody else."""

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import RoleAssignment, User
from matching.models import Match, Round
from tests import people

pytestmark = pytest.mark.django_db


def a_worker_of(quarter_name: str) -> User:
    person = people.a_person("Emil", people.a_quarter(quarter_name, west=7.1), wants_help=False)
    RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter)
    return person


@pytest.fixture
def pages(ada: User, ben: User) -> dict[str, str]:
    match: Match = people.a_match(people.a_request(ada), ben)
    done = Round.objects.create(quarter=ada.quarter)
    return {
        "home": reverse("desk:home"),
        "people": reverse("desk:people"),
        "caller": reverse("desk:caller"),
        "calls": reverse("desk:calls"),
        "caller_page": reverse("desk:caller_page", args=[ada.pk]),
        "person_new": reverse("desk:person_new"),
        "round_start": reverse("desk:round_start"),
        "case": reverse("desk:case", args=[match.request_id]),
        "person": reverse("desk:person", args=[ada.pk]),
        "place": reverse("desk:place", args=[ada.pk]),
        "request_new": reverse("desk:request_new", args=[ada.pk]),
        "round": reverse("desk:round", args=[done.pk]),
        "quarter": reverse("desk:quarter", args=[ada.quarter.pk]),
        "weights": reverse("desk:weights", args=[ada.quarter.pk]),
    }


def what_it_says(answer: HttpResponse) -> bytes:
    """The page without its frame, where the forms carry fresh tokens and the page's own address."""
    return answer.content.split(b"<main")[1].split(b"</main>")[0]


OF_THE_QUARTER = ("caller_page", "case", "person", "place", "request_new", "round", "quarter", "weights")
ALL = ("home", "people", "caller", "calls", "person_new", "round_start", *OF_THE_QUARTER)


@pytest.mark.parametrize("page", ALL)
def test_the_worker_sees_the_page(page, pages, cleo, page_as):
    assert page_as(cleo).get(pages[page]).status_code == 200


@pytest.mark.parametrize("page", ALL)
@pytest.mark.parametrize("who", ["ada", "ben", "dora"])
def test_nobody_without_the_role_finds_the_page(who, page, pages, page_as, request):
    assert page_as(request.getfixturevalue(who)).get(pages[page]).status_code == 404


@pytest.mark.parametrize("page", ALL)
def test_who_is_not_logged_in_is_sent_to_the_door(page, pages, client):
    answer = client.get(pages[page])
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/")


@pytest.mark.parametrize("page", OF_THE_QUARTER)
def test_worker_of_another_quarter_gets_the_same_404_as_for_nothing(page, pages, page_as):
    client = page_as(a_worker_of("Rosenau"))
    nothing = "00000000-0000-4000-8000-000000000000"
    missing = reverse(f"desk:{page}", args=[nothing])
    theirs, none = client.get(pages[page]), client.get(missing)
    assert theirs.status_code == none.status_code == 404
    assert what_it_says(theirs) == what_it_says(none)


def test_a_coordinator_sees_numbers_but_no_cases(pages, dora, page_as):
    RoleAssignment.objects.create(user=dora, role="coordinator")
    client = page_as(dora)
    assert client.get(reverse("desk:numbers")).status_code == 200
    assert client.get(pages["case"]).status_code == 404


def test_a_worker_does_not_find_the_numbers_of_the_city(cleo, page_as):
    assert page_as(cleo).get(reverse("desk:numbers")).status_code == 404


def test_switching_letters_or_language_leaves_a_worker_where_they_are(cleo, pages, page_as):
    for name, address in pages.items():
        html = page_as(cleo).get(address).content.decode()
        assert f'name="next" value="{address}"' in html, name
