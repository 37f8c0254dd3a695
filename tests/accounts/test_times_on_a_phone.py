"""One's times on a small phone: a mistake is in view and has the focus, and nothing tapped is lost without a word."""

import pytest

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("button", ["Tage eintragen", "Zeiten eintragen"])
def test_what_does_not_fit_is_in_view_and_has_the_focus(browser_as, ben, script, button):
    page = browser_as(ben, script=script)
    page.goto("/profil/zeiten/")
    page.get_by_text("Solche Zeiten eintragen").click()
    page.get_by_role("button", name=button).click()
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()


def test_a_wrong_hour_of_the_week_is_told_in_view(browser_as, ben):
    page = browser_as(ben, script=False)
    page.goto("/profil/zeiten/")
    page.locator("#start-6-0").fill("zehn")
    page.locator(".actions").get_by_role("button", name="Zeiten speichern").click()
    expect(page.locator(".error-summary")).to_be_focused()


def test_tapped_hours_say_that_they_are_not_saved_and_the_browser_asks_before_it_leaves(browser_as, ben):
    page, asked = browser_as(ben), []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.goto("/profil/zeiten/")
    page.reload()
    assert asked == []
    page.get_by_role("button", name="werktags abends").click()
    expect(page.get_by_text("Noch nicht gespeichert")).to_be_in_viewport()
    page.get_by_role("link", name="Zurück zum Profil").click()
    page.wait_for_url("**/profil/")
    assert asked == ["beforeunload"]


def test_saving_asks_nothing(browser_as, ben):
    page, asked = browser_as(ben), []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.goto("/profil/zeiten/")
    page.get_by_role("button", name="werktags abends").click()
    page.locator(".actions").get_by_role("button", name="Zeiten speichern").click()
    page.get_by_text("Ihre Zeiten sind gespeichert.").wait_for()
    assert asked == []
