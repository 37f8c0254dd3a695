"""A served house and browsers in it; fixtures for tests/conftest.py."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.serving import Server

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Server]:
    with django_db_blocker.unblock():
        served = Server(tmp_path_factory.mktemp("served")).start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    playwright = pytest.importorskip("playwright.sync_api")
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs in this thread
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_as(chromium, server, page_as) -> Iterator[Callable]:
    """`browser_as(ada, script=False)`: a page in a context of its own, logged in, of the size of a phone."""
    contexts = []

    def enter(person: User, *, script: bool = True, size: dict | None = None, **options):
        context = chromium.new_context(
            viewport=size or PHONE, java_script_enabled=script, locale="de-DE", base_url=server.address, **options
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie_of(page_as(person)), "url": server.address}]
        )
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()


def cookie_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ready_for_keys(page) -> None:
    """Until the field that asks for the focus has it: a browser gives it with the first picture, after `load`."""
    page.wait_for_function("() => [document.activeElement, null].includes(document.querySelector('[autofocus]'))")
