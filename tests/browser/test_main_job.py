"""
The whole main job with three people in three browsers: Ada and Ben at phones, Cleo at the desk.

Once with scripts and live, once without any script by forms and reload. Every page walked passes axe, none asks a
foreign host for anything, none is wider than the screen.
"""

from collections.abc import Iterator

import pytest

from matching import states
from matching.models import HelpRequest, Match
from messaging.models import Message

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1440, "height": 900}


class Visitor:
    """One person's browser, which remembers every address it asked for."""

    def __init__(self, page, *, script: bool) -> None:
        self.page, self.script, self.asked = page, script, []
        page.on("request", lambda request: self.asked.append(request.url))

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()
        self.look()

    def follow(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self.look()

    def choose(self, text: str) -> None:
        self.page.locator("label", has_text=text).first.click()

    def text(self) -> str:
        return self.page.locator("main").inner_text()

    def look(self) -> None:
        """What every page must be: one h1, no sideways scrolling, nothing for axe to find."""
        assert self.page.locator("h1").count() == 1, self.page.url
        if not self.script:
            return
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px too wide"
        _axe(self.page)

    def foreign(self) -> list[str]:
        own = self.page.context._own_address
        return [url for url in self.asked if not url.startswith((own, own.replace("http", "ws"), "data:"))]


def _axe(page) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    assert not found, (
        page.url + ": " + "; ".join(f"{one['id']} {node['html'][:120]}" for one in found for node in one["nodes"][:3])
    )


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def visitors(request, ada, ben, cleo, browser_as, server) -> Iterator[dict[str, Visitor]]:
    found = {}
    for name, person, size in (("ada", ada, None), ("ben", ben, None), ("cleo", cleo, DESK)):
        # axe is brought in by the test's own script, which the strict CSP would refuse.
        page = browser_as(person, script=request.param, size=size, bypass_csp=request.param)
        page.context._own_address = server.address
        found[name] = Visitor(page, script=request.param)
    yield found
    for visitor in found.values():
        assert visitor.foreign() == []


def test_from_asking_to_done(visitors, ada, ben, cleo):
    _ada_asks(visitors["ada"])
    wish = HelpRequest.objects.get()
    assert wish.state == states.OPEN

    _cleo_releases(visitors["cleo"])
    match = Match.objects.get()
    assert (match.state, match.volunteer) == (states.ASKED, ben)

    _ben_says_yes(visitors["ben"])
    _ada_says_yes(visitors["ada"])
    match.refresh_from_db()
    assert match.state == states.CONFIRMED

    _address_opens(visitors["ben"], match)
    _they_write(visitors["ada"], visitors["ben"], match)
    _done(visitors["ben"], match)
    match.refresh_from_db()
    wish.refresh_from_db()
    assert (match.state, wish.state) == (states.COMPLETED, states.DONE)


def _ada_asks(ada: Visitor) -> None:
    ada.go("/mein/")
    ada.follow("Um Hilfe bitten")
    ada.page.locator("input[value=einkaufen]").check(force=True)
    ada.press("Weiter")
    ada.page.get_by_label("morgen", exact=False).first.check(force=True)
    ada.press("Weiter")
    ada.press("Weiter")
    ada.page.locator("textarea").first.fill("Zwei Taschen, der Aufzug geht.")
    ada.press("Weiter")
    assert "Zwei Taschen" in ada.text()
    ada.press("Bitte abschicken")


def _cleo_releases(cleo: Visitor) -> None:
    cleo.go("/buero/")
    cleo.page.locator("main a", has_text="Ada").first.click()
    cleo.page.wait_for_load_state()
    cleo.look()
    assert "Ben" in cleo.text()
    cleo.page.locator("button[name=ask]").first.click()
    cleo.page.wait_for_load_state()
    cleo.look()


def _ben_says_yes(ben: Visitor) -> None:
    ben.go("/mein/")
    assert "Ada" in ben.text()
    assert "Abend" not in ben.page.content()
    assert "Lindenstraße" not in ben.page.content()
    _press_or_follow(ben, "Ja, das mache ich")


def _ada_says_yes(ada: Visitor) -> None:
    ada.go("/mein/")
    assert "Ben" in ada.text()
    assert "Bogen" not in ada.page.content()
    _press_or_follow(ada, "Ja, gerne")


def _press_or_follow(visitor: Visitor, name: str) -> None:
    """The answer stands on the card, either as a button or as a way to a page that asks once more."""
    link = visitor.page.get_by_role("link", name=name)
    if link.count():
        visitor.follow(name)
    visitor.press(name)


def _address_opens(ben: Visitor, match: Match) -> None:
    ben.go(f"/vermittlung/{match.pk}/adresse/")
    assert "Lindenstraße" not in ben.page.content()
    ben.press("Jetzt öffnen")
    assert "Lindenstraße 1" in ben.text()


def _they_write(ada: Visitor, ben: Visitor, match: Match) -> None:
    talk = f"/gespraech/{match.conversation.pk}/"
    ada.go(talk)
    ben.go(talk)
    ada.page.get_by_label("Ihre Nachricht").fill("Guten Tag, klingeln Sie bitte zweimal.")
    ada.page.get_by_role("button", name="Senden").click()
    if ada.script:
        ben.page.locator(".bubble", has_text="klingeln").wait_for()
        ada.page.locator(".bubble.mine[data-state=read]").wait_for()
    else:
        ada.page.wait_for_load_state()
        ben.go(talk)
    assert "klingeln Sie bitte zweimal" in ben.text()
    assert Message.objects.count() == 1
    ben.look()


def _done(ben: Visitor, match: Match) -> None:
    ben.go(f"/vermittlung/{match.pk}/complete/")
    ben.page.locator("main form button").first.click()
    ben.page.wait_for_load_state()
    ben.look()


@pytest.mark.parametrize("path", ["/", "/mitmachen/", "/konto/login/", "/impressum/", "/datenschutz/", "/melden/"])
def test_front_pages_are_clean_and_ask_nobody_else(path, chromium, server):
    context = chromium.new_context(base_url=server.address, bypass_csp=True, viewport={"width": 390, "height": 844})
    visitor = Visitor(context.new_page(), script=True)
    context._own_address = server.address
    visitor.go(path)
    assert visitor.foreign() == []
    context.close()
