"""What a person with a small phone sees of what they just did: the line, their message, their answer, their mistake."""

import pytest

from tests.messaging.talks import a_talk

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talk():
    return a_talk()


@pytest.fixture
def phone(talk, browser_as):
    """Ada's phone, the talk open and its line up."""
    page = browser_as(talk.match.resident)
    with page.expect_websocket() as line:
        page.goto(f"/gespraech/{talk.pk}/")
    line.value.wait_for_event("framereceived")
    return page


def write(page, text: str) -> None:
    page.get_by_label("Ihre Nachricht").fill(text)
    page.get_by_role("button", name="Senden").click()


def test_the_page_says_within_seconds_that_the_line_is_down_and_when_it_is_back(phone):
    phone.context.set_offline(True)  # the socket stays open, and says nothing
    expect(phone.locator("#leitung")).to_contain_text("unterbrochen", timeout=3_000)
    write(phone, "Hören Sie mich?")
    phone.wait_for_timeout(2_500)
    expect(phone.locator("#leitung")).to_be_in_viewport()
    expect(phone.locator(".bubble.mine")).to_have_attribute("data-state", "sending")
    phone.context.set_offline(False)
    phone.locator(".bubble.mine[data-seq]").wait_for(timeout=5_000)
    expect(phone.locator("#leitung")).to_be_hidden()
    assert phone.locator(".bubble").count() == 1
