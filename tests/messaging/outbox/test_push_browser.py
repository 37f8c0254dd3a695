"""Hints in headless Chromium: switched on with a tap, shown without content, gone once somebody looks."""

import json
from collections.abc import Iterator

import pytest
from django.conf import settings

from messaging.models import PushSubscription
from messaging.outbox import push, sealed
from tests import people
from tests.messaging.outbox.push_service import PushService
from tests.serving import Server

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/profil/benachrichtigungen/"
# No push service is asked from a test: the browser's answer is what one would have said.
ANSWER = """
  const said = %s, mine = { endpoint: said.endpoint, toJSON: () => said, unsubscribe: async () => { now = null; } };
  let now = sessionStorage.getItem("asked") ? mine : null;
  PushManager.prototype.subscribe = async () => { sessionStorage.setItem("asked", "1"); now = mine; return mine; };
  PushManager.prototype.getSubscription = async () => now;
  Notification.requestPermission = async () => "%s";
"""


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Server]:
    """The house with hints on devices: as after `./run manage push_key`."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "push_key").write_text(sealed.new_key())
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPERATOR_EMAIL", "buero@example.org")
        served = Server(folder).start()
    yield served
    served.stop()


@pytest.fixture
def said() -> dict:
    browser = PushService().browser("phone")
    return browser | {"endpoint": "https://push.example.org/push/phone"}


@pytest.fixture
def page(browser_as, said):
    found = browser_as(people.ada(), permissions=["notifications"])
    found.add_init_script(ANSWER % (json.dumps(said), "granted"))
    return found


def test_a_device_is_switched_on_with_a_tap_and_off_again(page):
    page.goto(PAGE)
    page.get_by_role("button", name="Auf diesem Gerät einschalten").click()
    page.get_by_text("Auf diesem Gerät bekommen Sie Hinweise.").wait_for()
    assert "Chrome" in PushSubscription.objects.get().label
    expect(page.get_by_role("button", name="Auf diesem Gerät einschalten")).to_be_hidden()
    page.get_by_role("button", name="Ausschalten").click()
    page.get_by_role("button", name="Auf diesem Gerät einschalten").wait_for()
    assert not PushSubscription.objects.exists()


def test_whoever_says_no_to_the_browser_reads_what_that_means(browser_as, said):
    page = browser_as(people.ada())
    page.add_init_script(ANSWER % (json.dumps(said), "denied"))
    page.goto(PAGE)
    page.get_by_role("button", name="Auf diesem Gerät einschalten").click()
    page.get_by_text("Ihr Browser lässt von dieser Seite keine Hinweise zu.").wait_for()
    assert not PushSubscription.objects.exists()


def test_without_scripts_the_page_says_what_it_needs(browser_as):
    page = browser_as(people.ada(), script=False)
    page.goto(PAGE)
    expect(page.get_by_text("Dafür muss JavaScript im Browser eingeschaltet sein.")).to_be_visible()
    expect(page.get_by_role("button", name="Auf diesem Gerät einschalten")).to_be_hidden()


def test_the_worker_shows_the_sentence_and_a_page_that_is_looked_at_closes_it(page):
    page.goto(PAGE)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    line = page.context.new_cdp_session(page)
    found = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"]))
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    origin = page.url.split("/profil")[0]
    [worker] = [one for one in found if one["scopeURL"].startswith(origin) and not one["isDeleted"]]
    line.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": worker["registrationId"], "data": push.said("abc").decode()},
    )
    shown = "navigator.serviceWorker.ready.then(async (one) => (await one.getNotifications()).map((h) => h.body))"
    page.wait_for_function(f"{shown}.then((all) => all.length === 1)")
    assert page.evaluate(shown) == [f"Es gibt Neues bei {settings.SERVICE_NAME}."]
    page.goto(PAGE)
    page.wait_for_function(f"{shown}.then((all) => all.length === 0)")
