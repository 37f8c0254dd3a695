"""A browser at the desk: the served house and the Chromium of the talk's tests, with a worker's second factor."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from accounts.models import User
from tests.messaging.conftest import chromium, server

__all__ = ["chromium", "desk_of", "server"]
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def desk_of(chromium, server, page_as) -> Iterator[Callable]:
    """`desk_of(cleo, size=..., script=False)`: a page of a logged-in worker."""
    contexts = []

    def enter(person: User, *, size: dict | None = None, script: bool = True, **options):
        name = settings.SESSION_COOKIE_NAME
        context = chromium.new_context(
            viewport=size or DESK, java_script_enabled=script, locale="de-DE", base_url=server.address, **options
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.add_cookies([{"name": name, "value": page_as(person).cookies[name].value, "url": server.address}])
        return context.new_page()

    yield enter
    for context in contexts:
        context.close()
