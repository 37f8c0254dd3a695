"""Our own pages and allauth's in Chromium: axe finds nothing, nothing is too wide, nobody else is asked."""

import pytest
from allauth.account.models import EmailAddress

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = ["/", "/konto/login/", "/konto/login/code/", "/konto/password/reset/", "/datenschutz/", "/melden/", "/nichts/"]
OWN = [
    "/konto/email/",
    "/konto/password/change/",
    "/konto/2fa/",
    "/konto/sessions/",
    "/konto/logout/",
    "/konto/reauthenticate/",
]
SMALLEST = {"width": 320, "height": 640}  # 1280 pixels at 400 percent: WCAG 1.4.10


def _problems(page, addresses: list[str]) -> list[str]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found: list[str] = []
    foreign: list[str] = []
    page.on("request", lambda asked: foreign.append(asked.url) if "127.0.0.1" not in asked.url else None)
    for address in addresses:
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address}: wider than the screen")
        found += [f"{address}: {broken['id']}" for broken in axe.run(page).response["violations"]]
    return found + [url for url in foreign if not url.startswith("data:")]


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_public_pages(browser_as, ada, colours):
    page = browser_as(ada, color_scheme=colours)
    page.context.clear_cookies()
    assert _problems(page, PUBLIC) == []


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_pages_of_the_account(browser_as, ada, colours):
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    assert _problems(browser_as(ada, color_scheme=colours), OWN) == []


def test_smallest_screen_with_large_type(browser_as, ada):
    ada.text_size = "large"
    ada.save(update_fields=["text_size"])
    assert _problems(browser_as(ada, size=SMALLEST), ["/mein/", *OWN]) == []


def test_every_control_is_large_enough_to_touch(browser_as, ada):
    page = browser_as(ada)
    page.goto("/mein/")
    small = page.evaluate(
        """() => [...document.querySelectorAll("header a, header button, footer a, .kern-btn")]
        .map((it) => [it.innerText, it.getBoundingClientRect().height])
        .filter(([, height]) => height > 0 && height < 44)"""
    )
    assert small == []


def test_keyboard_meets_the_way_to_the_content_first(browser_as, ada):
    page = browser_as(ada)
    page.goto("/mein/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#inhalt"
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'inhalt'")  # a browser moves it with the next picture
