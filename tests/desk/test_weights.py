"""The page of a quarter's weights: tried, compared, switched on, and back again."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching import actions
from matching.desk.forms.weights import WORDS, as_numbers
from matching.models import Match, Weighing
from matching.scoring import WEIGHTS
from tests import people

pytestmark = pytest.mark.django_db
TRIED = as_numbers(WEIGHTS) | {"fair_turn": 90, "tage": 28}


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


@pytest.fixture
def address(cleo):
    return reverse("desk:weights", args=[cleo.quarter_id])


@pytest.fixture
def past(ada, ben, cleo):
    """Two days ago a round asked Ben, who said yes."""
    at = timezone.now() - timedelta(days=2)
    start = at + timedelta(days=3)
    people.a_request(ada, now=at, windows=[(start, start + timedelta(days=2))])
    actions.run_round(quarter=cleo.quarter, by=cleo, now=at)
    match = Match.objects.get()
    actions.release_match(match_id=match.pk, by=cleo, now=at + timedelta(hours=1))
    actions.accept_match(match_id=match.pk, by=match.volunteer, now=at + timedelta(hours=2))


def test_every_part_has_a_word():
    assert WORDS.keys() == WEIGHTS.keys()


def test_the_page_begins_with_what_counts_now(desk, address, cleo):
    Weighing.objects.create(quarter=cleo.quarter, number=1, weights=WEIGHTS | {"nearness": 0.4})
    page = desk.get(address)
    assert page.context["form"]["nearness"].value() == 40
    assert [one.is_current for one in page.context["versions"]] == [True, False]
    assert page.context["switch"] is None


def test_trying_compares_and_keeps_nothing(desk, address, past):
    page = desk.get(address, TRIED)
    rows = {row.key: (row.before, row.after, row.difference) for row in page.context["rows"]}
    assert rows["asks"] == ("1", "1", "gleich")
    assert rows["filled"] == ("0 von 100", "0 von 100", "gleich")
    assert "Dieselben Zahlen als Tabelle" in page.content.decode()
    assert not Weighing.objects.exists()


def test_without_rounds_the_page_says_what_will_come(desk, address):
    page = desk.get(address, TRIED)
    assert "Noch keine Runden in dieser Zeit" in page.content.decode()
    assert page.context["switch"] is not None


@pytest.mark.parametrize("wrong", [{"nearness": "101"}, {"nearness": "-1"}, {"nearness": "viel"}, {"tage": "3"}])
def test_what_does_not_fit_is_said_beside_its_field(desk, address, wrong):
    page = desk.get(address, TRIED | wrong)
    assert page.status_code == 400
    assert list(page.context["form"].errors) == list(wrong)


def test_all_zero_weighs_nothing(desk, address):
    page = desk.get(address, dict.fromkeys(WEIGHTS, 0))
    assert page.status_code == 400
    assert "Mindestens ein Gewicht" in page.content.decode()


def test_switching_on_asks_once_more(desk, address):
    page = desk.post(address, TRIED | {"note": "fairer"})
    assert page.status_code == 400
    assert not Weighing.objects.exists()
    desk.post(address, TRIED | {"note": "fairer", "sure": "on"})
    made = Weighing.objects.get()
    assert (made.number, made.weights["fair_turn"], made.note, made.by.first_name) == (1, 0.9, "fairer", "Cleo")


def test_an_earlier_version_is_tried_with_one_click_and_says_how_many_came_by_it(desk, address, past, cleo):
    said = {"quarter_id": cleo.quarter_id, "by": cleo, "now": timezone.now()}
    first = actions.switch_on_weights(weights=WEIGHTS | {"nearness": 0.4}, **said)
    actions.switch_on_weights(weights=WEIGHTS, **said)
    Match.objects.update(weighing=first)
    versions = desk.get(address).context["versions"]
    assert [(one.number, one.matches) for one in versions] == [(2, 0), (1, 1), (None, 0)]
    again = desk.get(f"{address}?{versions[1].again}")
    assert again.context["switch"]["nearness"].value() == "40"


@pytest.mark.parametrize("who", ["ada", "ben", "dora", "egon"])
def test_nobody_else_finds_the_page(who, page_as, address, ben):
    elsewhere = people.a_quarter("Birkenau", west=7.1)
    person = people.a_person("Egon", elsewhere) if who == "egon" else getattr(people, who)()
    assert page_as(person).get(address).status_code == 404
    assert page_as(person).post(address, TRIED).status_code == 404


def test_the_quarter_page_leads_there(desk, address, cleo):
    assert address in desk.get(reverse("desk:quarter", args=[cleo.quarter_id])).content.decode()
