"""The secret address of one's calendar: shown once, safe to load again, copied with one tap."""

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def made(browser_as, ada, **options):
    page = browser_as(ada, **options)
    page.goto("/kalender/abo/")
    page.get_by_role("button", name="Adresse machen").click()
    return page, page.locator(".secret").inner_text()


def test_loading_the_page_again_leaves_what_was_copied_good(ada, browser_as, client):
    page, address = made(browser_as, ada)
    path = address[address.index("/kalender/") :]
    page.reload()
    page.get_by_role("button", name="Neue Adresse machen").wait_for()
    assert page.locator(".secret").count() == 0
    assert client.get(path).status_code == 200


def test_one_tap_copies_the_address(ada, browser_as, server):
    page, address = made(browser_as, ada)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=server.address)
    page.get_by_role("button", name="Adresse kopieren").click()
    page.get_by_text("Die Adresse ist kopiert.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_where_a_browser_has_no_clipboard_the_address_is_marked(ada, browser_as):
    page, address = made(browser_as, ada)
    page.evaluate("document.execCommand = () => false")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Adresse kopieren").click()
    page.get_by_text("Bitte kopieren Sie die markierte Adresse.").wait_for()
    assert page.evaluate("getSelection().toString()").strip() == address


def test_without_scripts_there_is_no_button_that_does_nothing(ada, browser_as):
    page, address = made(browser_as, ada, script=False)
    expect(page.locator(".secret")).to_be_in_viewport()
    assert address.endswith(".ics")
    assert page.get_by_role("button", name="Adresse kopieren").count() == 0


@pytest.mark.parametrize("size", [{"width": 390, "height": 844}, {"width": 1440, "height": 900}])
def test_axe_finds_nothing_beside_the_address(ada, browser_as, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, _address = made(browser_as, ada, size=size, bypass_csp=True)
    assert axe.run(page).response["violations"] == []
