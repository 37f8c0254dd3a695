"""The desk in a real browser: by keys alone, without scripts, and nothing axe would object to."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from matching import actions
from matching.desk.forms.weights import as_numbers
from matching.models import Match
from matching.scoring import WEIGHTS
from tests import people
from tests.browsing import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def waiting(ada, ben, cleo):
    request = people.a_request(ada, now=timezone.now())
    return people.a_match(request, ben)


def test_j_and_enter_open_the_first_case_and_n_begins_a_call(waiting, cleo, browser_as):
    page = browser_as(cleo, size=DESK)
    page.goto(reverse("desk:home"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{reverse('desk:case', args=[waiting.request_id])}**")
    page.keyboard.press("n")
    page.wait_for_url(f"**{reverse('desk:caller')}")


def test_a_letter_typed_into_a_field_stays_a_letter(cleo, browser_as):
    page = browser_as(cleo, size=DESK)
    page.goto(reverse("desk:people"))
    page.get_by_label("Name, Straße oder Telefonnummer").press_sequentially("njk")
    assert page.get_by_label("Name, Straße oder Telefonnummer").input_value() == "njk"


def test_a_proposal_is_released_without_scripts_on_a_phone(waiting, cleo, browser_as):
    page = browser_as(cleo, script=False)
    page.goto(reverse("desk:home"))
    page.get_by_role("link", name="Ada Abend und Ben Bogen").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Freigeben und anfragen").click()
    waiting.refresh_from_db()
    assert waiting.state == "asked"


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_axe_finds_nothing_and_nothing_comes_from_elsewhere(size, waiting, ada, cleo, browser_as):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = browser_as(cleo, size=size, bypass_csp=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    people.a_request(ada, now=timezone.now())
    actions.run_round(quarter=ada.quarter, by=cleo, now=timezone.now() - timedelta(minutes=1))
    match = people.a_match(
        people.a_request(ada, now=timezone.now()), people.a_volunteer("Bert", email=None), state="asked"
    )
    Match.objects.filter(pk=match.pk).update(deadline=timezone.now() + timedelta(hours=9))
    people.a_volunteer("Emil", profile={"welcomed_at": timezone.now() - timedelta(weeks=9)})
    for address in (
        reverse("desk:home"),
        reverse("desk:case", args=[waiting.request_id]),
        reverse("desk:people"),
        reverse("desk:calls"),
        reverse("desk:calls_print"),
        reverse("desk:call", args=["gefragt", match.pk.hex, match.volunteer_id]),
        reverse("desk:caller"),
        reverse("desk:caller_page", args=[match.volunteer_id]),
        reverse("desk:person_new"),
        reverse("desk:unasked"),
        reverse("desk:person", args=[ada.pk]),
        reverse("desk:request_new", args=[ada.pk]),
        reverse("desk:round_start"),
        reverse("desk:quarter", args=[ada.quarter_id]),
        reverse("desk:weights", args=[ada.quarter_id]),
        reverse("desk:weights", args=[ada.quarter_id]) + "?" + urlencode(as_numbers(WEIGHTS)),
    ):
        page.goto(address)
        assert axe.run(page).response["violations"] == [], address
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), address
    own = page.url.split("/buero")[0]
    assert all(url.startswith((own, "data:")) for url in asked)


def test_in_large_type_nothing_of_the_desk_is_wider_than_a_phone(waiting, ada, ben, cleo, browser_as):
    cleo.text_size = "large"
    cleo.save(update_fields=["text_size"])
    page = browser_as(cleo, size={"width": 320, "height": 640})
    of_ben, of_ada = ("steps", "suspend"), ("person", "notes", "caller_page")
    whole = ("home", "calls", "caller", "people", "helpers", "deputies", "badge_check", "letters", "round_start")
    addresses = [reverse(f"desk:{name}") for name in whole]
    addresses += [reverse(f"desk:{name}", args=[ben.pk]) for name in of_ben]
    addresses += [reverse(f"desk:{name}", args=[ada.pk]) for name in of_ada]
    addresses += [reverse("desk:case", args=[waiting.request_id]), reverse("desk:quarter", args=[cleo.quarter_id])]
    wide = [one for one in addresses if (page.goto(one), _is_wide(page))[1]]
    assert wide == []


def _is_wide(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")
