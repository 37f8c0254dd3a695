"""Joining and the own profile in headless Chromium: the week by mouse, finger and keyboard; axe; no foreign host."""

import re

import pytest
from django.core.cache import cache

from accounts.models import Availability, User
from tests import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
OWN_PAGES = [
    "/profil/",
    "/profil/adresse/",
    "/profil/vertrauen/",
    "/profil/helfen/",
    "/profil/zeiten/",
    "/profil/pause/",
]


@pytest.fixture
def ben():
    """Ben with an empty week, so that each click shows."""
    person = people.ben()
    Availability.objects.filter(profile__user=person).delete()
    return person


def _week_of(person: User) -> list[tuple[int, int, int]]:
    rows = Availability.objects.filter(profile__user=person)
    return [(row.weekday, row.start_minute // 60, row.end_minute // 60) for row in rows]


def _cell(page, day: str, hour: int):
    return page.locator(f'#week-grid button[aria-label^="{day}, {hour}–"]')


def _save(page) -> None:
    page.get_by_role("button", name="Zeiten speichern").last.click()
    page.get_by_text("Ihre Zeiten sind gespeichert").wait_for()


def test_hours_are_clicked_and_dragged_by_mouse(browser_as, ben):
    page = browser_as(ben, size=DESK)
    page.goto("/profil/zeiten/")
    _cell(page, "Montag", 9).click()
    _cell(page, "Mittwoch", 19).scroll_into_view_if_needed()
    first, last = _cell(page, "Mittwoch", 14).bounding_box(), _cell(page, "Mittwoch", 17).bounding_box()
    page.mouse.move(first["x"] + 9, first["y"] + 9)
    page.mouse.down()
    page.mouse.move(last["x"] + 9, last["y"] + 9, steps=12)
    page.mouse.up()
    assert _cell(page, "Mittwoch", 16).get_attribute("aria-pressed") == "true"
    _save(page)
    assert _week_of(ben) == [(0, 9, 10), (2, 14, 18)]


def test_hours_are_tapped_by_finger(browser_as, ben):
    page = browser_as(ben, has_touch=True)
    page.goto("/profil/zeiten/")
    for hour in (10, 11, 12):
        _cell(page, "Samstag", hour).tap()
    _cell(page, "Samstag", 11).tap()
    _save(page)
    assert _week_of(ben) == [(5, 10, 11), (5, 12, 13)]


def test_hours_are_chosen_by_keyboard_alone(browser_as, ben):
    page = browser_as(ben, size=DESK)
    page.goto("/profil/zeiten/")
    _cell(page, "Montag", 9).focus()
    for key in ("ArrowRight", "Space", "ArrowDown", "Enter", "ArrowDown", "ArrowDown", "Space"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Dienstag, 12–13 Uhr")
    _save(page)
    assert _week_of(ben) == [(1, 9, 11), (1, 12, 13)]


def test_presets_and_typed_hours_meet_in_the_grid(browser_as, ben):
    page = browser_as(ben, size=DESK)
    page.goto("/profil/zeiten/")
    page.get_by_role("button", name="am Wochenende").click()
    page.get_by_text("Genaue Uhrzeiten").click()
    page.locator("#start-0-0").fill("9:30")
    page.locator("#end-0-0").fill("11")
    assert _cell(page, "Montag", 9).get_attribute("aria-pressed") == "mixed"
    assert _cell(page, "Sonntag", 17).get_attribute("aria-pressed") == "true"
    _save(page)
    rows = Availability.objects.filter(profile__user=ben)
    assert [(row.weekday, row.start_minute, row.end_minute) for row in rows] == [
        (0, 570, 660),
        (5, 600, 1080),
        (6, 600, 1080),
    ]


def test_without_scripts_the_rows_do_the_same(browser_as, ben):
    page = browser_as(ben, script=False)
    page.goto("/profil/zeiten/")
    page.get_by_role("button", name="werktags abends").click()
    page.get_by_text("Noch nicht gespeichert").wait_for()
    page.locator("#start-6-0").fill("10:00")
    page.locator("#end-6-0").fill("12:00")
    _save(page)
    assert _week_of(ben) == [*((day, 18, 21) for day in range(5)), (6, 10, 12)]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_axe_finds_nothing_in_the_profile_and_nothing_foreign_is_asked(browser_as, server, ben, size):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page, foreign, said = browser_as(ben, size=size, bypass_csp=True), [], []
    page.on("request", lambda asked: foreign.append(asked.url) if not asked.url.startswith(server.address) else None)
    page.on("pageerror", lambda problem: said.append(str(problem)))
    for path in OWN_PAGES:
        page.goto(path)
        assert axe.run(page).response["violations"] == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert (foreign, said) == ([], [])


def test_somebody_joins_and_axe_finds_nothing_on_the_way(chromium, server):
    cache.clear()
    quarter = people.a_quarter()
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    context = chromium.new_context(viewport=PHONE, base_url=server.address, locale="de-DE", bypass_csp=True)
    page = context.new_page()

    def forward() -> None:
        assert axe.run(page).response["violations"] == [], page.url
        with page.expect_navigation():  # or axe may look at the page that goes
            page.locator("main button.kern-btn--primary").click()

    page.goto("/mitmachen/")
    assert axe.run(page).response["violations"] == []
    page.get_by_role("link", name="Ich möchte helfen").click()
    forward()
    page.get_by_role("heading", name="Bitte sehen Sie noch einmal nach").wait_for()
    for label, text in (("Ihr Vorname", "Emma"), ("Ihr Nachname", "Engel"), ("Ihr Geburtstag", "3.4.1980")):
        page.get_by_label(label).fill(text)
    forward()
    page.get_by_label("Ihre E-Mail-Adresse").fill("emma@example.org")
    forward()
    page.get_by_label("Straße", exact=True).fill("Nirgendsweg")
    page.get_by_label("Hausnummer").fill("3")
    forward()
    page.get_by_label("In welchem Quartier").select_option(label=quarter.name)
    forward()
    page.get_by_label("Einkaufen", exact=True).check()
    forward()
    forward()
    page.get_by_label("Deutsch", exact=True).check()
    page.get_by_label("bis etwa 30 Minuten zu Fuß").check()
    forward()
    page.get_by_label("Ich habe die Hinweise").check()
    forward()
    page.wait_for_url(re.compile("/konto/"))
    context.close()
    person = User.objects.get(email="emma@example.org")
    assert (person.quarter, person.place.is_found) == (quarter, False)
