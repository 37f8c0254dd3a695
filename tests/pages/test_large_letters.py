"""Letters twice as large (WCAG 1.4.4): nothing is wider than the screen, on a phone and on a desk."""

import pytest

from tests import people
from tests.messaging.talks import a_talk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [{"width": 390, "height": 844}, {"width": 1440, "height": 900}]
PARTS_TOO_WIDE = """() => {
    document.documentElement.style.fontSize = "200%";
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return [...document.querySelectorAll("main *, header *, footer *")]
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
        .map((part) => `${part.tagName}.${part.className} ${Math.round(part.getBoundingClientRect().right)}`)
        .slice(0, 12);
}"""


def too_wide(page, addresses: list[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page.goto(address)
        parts = page.evaluate(PARTS_TOO_WIDE)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[address] = parts
    return found


@pytest.mark.parametrize("size", SIZES)
def test_pages_of_residents_and_helpers(size, ada, ben, browser_as):
    talk = a_talk(ada, ben)
    page = browser_as(ben, size=size, bypass_csp=True)
    page.route("**/healthz", lambda route: route.abort())  # else the page without a line leads on at once
    own = ["/mein/", "/profil/", "/profil/helfen/", "/profil/zeiten/", "/kalender/", "/kalender/abo/", "/gespraeche/"]
    assert too_wide(page, [*own, f"/gespraech/{talk.pk}/", "/ohne-verbindung/", "/datenschutz/"]) == {}


@pytest.mark.parametrize("size", SIZES)
def test_pages_of_the_office(size, ada, ben, cleo, browser_as):
    match = people.a_match(people.a_request(by=ada), ben, state="proposed")
    page = browser_as(cleo, size=size, bypass_csp=True)
    assert too_wide(page, ["/buero/", f"/buero/bitte/{match.request_id}/", "/buero/anrufe/", "/buero/personen/"]) == {}
