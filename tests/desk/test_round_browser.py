"""A round in a real browser: started, watched, one released, one swapped, one change made; without scripts too."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, VolunteerProfile
from matching import actions, states
from matching.models import Match, Round
from places.models import Border
from tests import people
from tests.browsing import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def quarter(ada, ben, cleo, dora):
    """Ada and Dora with the two who help, one each; Edith, who wished for a woman, with nobody."""
    VolunteerProfile.objects.filter(user=ben).update(capacity=1)
    people.a_volunteer("Emil", last_name="Ernst", profile={"capacity": 1})
    people.a_volunteer("Fred", gender="man", skills=("vorlesen",))
    edith = people.a_person("Edith")
    for person, wish in ((ada, {}), (dora, {}), (edith, {"gender_wish": "woman", "skills": ("vorlesen",)})):
        people.a_request(person, now=timezone.now(), **wish)
    Border.objects.create(quarter=ada.quarter, neighbour=people.a_quarter("Birkenau", west=7.02), admitted=False)
    return ada.quarter


def carry_out() -> Round:
    """What the queue does a moment after the click; the test's server has no clock."""
    found = Round.objects.get(kind="hand")
    actions.carry_out_round(round_id=found.pk, now=timezone.now())
    return found


@pytest.mark.parametrize("script", [True, False])
def test_a_worker_walks_through_a_round(script, quarter, cleo, browser_as):
    page = browser_as(cleo, script=script, size=DESK if script else PHONE)
    page.goto(reverse("desk:round_start"))
    page.get_by_role("button", name="Runde starten").click()
    page.get_by_text("Die Runde beginnt gleich.").first.wait_for()
    found = carry_out()
    page.get_by_text("2 von 3 Plätzen").wait_for()  # by itself, with scripts and without

    card = page.locator("article", has_text="Ada Abend")
    card.get_by_role("link", name="Jemand anderes").click()
    page.get_by_role("link", name=re.compile("Was wäre mit")).click()
    page.get_by_text("Ada Abend bekommt").first.wait_for()
    page.get_by_text("Dora Dohle bekommt").first.wait_for()
    before = Match.objects.get(resident__first_name="Ada").volunteer
    page.get_by_role("button", name="So machen").click()
    page.get_by_text("Getauscht.").wait_for()
    assert Match.objects.get(resident__first_name="Ada", state=states.PROPOSED).volunteer != before

    page.locator("article", has_text="Ada Abend").get_by_role("button", name="Freigeben und anfragen").click()
    page.get_by_text("1 Vermittlung ist freigegeben.").wait_for()
    assert Match.objects.get(resident__first_name="Ada", state=states.ASKED).round == found

    page.get_by_role("button", name="Nach Rücksprache ändern").click()
    page.get_by_text("Vorgeschlagen ist jetzt: Fred Beispiel.").wait_for()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_axe_finds_nothing_on_the_pages_of_a_round_and_they_fit_a_phone(size, quarter, cleo, browser_as):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = actions.run_round(quarter=quarter, by=cleo, now=timezone.now())
    running = Round.objects.create(quarter=quarter, state="running", step="solve", step_done=34, step_of=120)
    failed = Round.objects.create(quarter=quarter, state="failed")
    match = Match.objects.get(resident__first_name="Ada")
    other = User.objects.exclude(pk=match.volunteer_id).get(first_name__in=["Ben", "Emil"])
    edith = found.results.get(request__resident__first_name="Edith").request_id
    page = browser_as(cleo, size=size, bypass_csp=True)
    for address in (
        reverse("desk:round", args=[found.pk]),
        reverse("desk:round", args=[running.pk]),
        reverse("desk:round", args=[failed.pk]),
        reverse("desk:round_swap", args=[found.pk, match.pk]) + f"?mit={other.pk}",
        reverse("desk:round_around", args=[quarter.pk]),
        reverse("desk:would", args=[edith, "gender"]),
        reverse("desk:quarter", args=[quarter.pk]),
    ):
        page.goto(address)
        assert size == PHONE or axe.run(page).response["violations"] == [], address
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
