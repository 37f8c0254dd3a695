"""The client on a home screen: it knows its own icons, and keeps nothing of a person."""

import json
import re

import pytest
from django.contrib.staticfiles import finders

from config.client import KEPT


@pytest.mark.django_db
def test_the_manifest_names_icons_that_are_there(client):
    answer = client.get("/manifest.webmanifest")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (said["start_url"], said["scope"], said["display"]) == ("/mein/", "/", "standalone")
    for icon in said["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon


@pytest.mark.django_db
def test_the_worker_keeps_the_page_without_a_line_and_files_only(client):
    text = client.get("/sw.js").content.decode()
    kept = json.loads(re.search(r"const KEPT = (\[.*\]);", text)[1].replace("\\u002D", "-"))
    assert kept[0] == "/ohne-verbindung/"
    assert len(kept) == len(KEPT) + 1
    assert all(address.startswith("/static/") for address in kept[1:])


@pytest.mark.django_db
def test_the_page_without_a_line_is_the_same_for_everybody(client, ada, page_as):
    hers, anybodys = page_as(ada).get("/ohne-verbindung/"), client.get("/ohne-verbindung/")
    assert hers.content == anybodys.content
    assert "Ada" not in hers.content.decode()


def behind_the_worker(page, *addresses: str):
    """On the last of these pages, with the service worker between it and the house."""
    first, *others = addresses
    page.goto(first)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for address in (first, *others):
        page.goto(address)
    return page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_a_line_the_page_says_so_and_no_page_of_a_person_was_kept(ada, browser_as):
    page = behind_the_worker(browser_as(ada), "/mein/", "/profil/")
    assert kept_by(page) == {"/ohne-verbindung/", *(f"/static/{name}" for name in KEPT)}
    page.context.set_offline(True)
    page.reload()
    assert page.locator("h1").inner_text() == "Gerade keine Verbindung"
    assert "Ada" not in page.content()
    page.context.set_offline(False)
    page.get_by_role("heading", level=1, name="Mein Profil").wait_for()  # it comes back by itself
    page.goto("/mein/")
    assert "Abend" in page.content()
    page.get_by_role("link", name="Abmelden").click()
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_load_state()
    assert kept_by(page) <= {"/ohne-verbindung/", *(f"/static/{name}" for name in KEPT)}
    page.context.set_offline(True)
    assert "Abend" not in reload_anyway(page)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_answer_given_without_a_line_leads_back_to_its_page(ada, browser_as):
    page = behind_the_worker(browser_as(ada), "/profil/", "/konto/logout/?next=/mein/")
    page.context.set_offline(True)
    page.locator("main").get_by_role("button", name="Abmelden").click()
    page.get_by_text("Ihre letzte Eingabe ist wohl nicht bei uns angekommen.").wait_for()
    assert kept_by(page) == {"/ohne-verbindung/", *(f"/static/{name}" for name in KEPT)}
    page.context.set_offline(False)
    page.get_by_text("Die Verbindung ist wieder da.").wait_for()  # but the page stays until it was read
    page.get_by_role("link", name="Zurück").click()
    page.wait_for_url("**/konto/logout/?next=/mein/")
    page.locator("main").get_by_role("button", name="Abmelden").click()  # with a line it passes the worker as ever
    page.wait_for_url(lambda address: "logout" not in address)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["//example.org/", "https://example.org/", "javascript:alert(1)"])
def test_the_way_back_leads_nowhere_else(ada, browser_as, way):
    page = browser_as(ada)
    page.route("**/healthz", lambda route: route.abort())  # else it would lead on at once
    page.goto(f"/ohne-verbindung/#zurueck={way}")
    assert page.get_by_role("link", name="Noch einmal versuchen").get_attribute("href") == ""
    assert page.get_by_role("link", name="Zurück").count() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_opened_by_itself_with_a_line_it_leads_on_once(ada, browser_as):
    page, opened = browser_as(ada), []
    page.on("request", lambda asked: opened.append(asked.url) if asked.url.endswith("/ohne-verbindung/") else None)
    page.goto("/ohne-verbindung/")
    page.wait_for_url("**/mein/")  # the first page of whoever is logged in
    page.goto("/profil/")
    page.evaluate("location.href = '/ohne-verbindung/'")
    page.get_by_role("heading", level=1, name="Mein Profil").wait_for()  # where one came from
    assert (page.url.endswith("/profil/"), len(opened)) == (True, 2)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_however_often_the_line_flickers_one_question_waits(ada, browser_as):
    page, asked = browser_as(ada), []
    page.clock.install(time=0)
    page.clock.pause_at(1000)
    page.route("**/healthz", lambda route: asked.append(1) or route.abort())
    with page.expect_event("requestfailed"):  # opened by itself it asks at once
        page.goto("/ohne-verbindung/")
    for times in (2, 3, 4):  # the pauses before the next question: 4, 8, 16 seconds
        with page.expect_event("requestfailed"):
            page.evaluate("window.dispatchEvent(new Event('online'))")
        assert len(asked) == times
    page.clock.run_for(14_000)
    assert len(asked) == 4
    with page.expect_event("requestfailed"):
        page.clock.run_for(20_000)


def kept_by(page) -> set[str]:
    """Paths of everything in any store of this browser; hashes of names taken out."""
    found = page.evaluate(
        """async () => {
            const found = [];
            for (const name of await caches.keys())
                for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
            return found;
        }"""
    )
    return {re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", path) for path in found}


def reload_anyway(page) -> str:
    try:
        page.goto("/mein/")
    except Exception:  # the browser's own page: nothing of ours
        return ""
    return page.content()
