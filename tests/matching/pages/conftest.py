"""These pages speak of today and tomorrow: every test is read on the same Tuesday, at ten in the morning."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from matching.models import HelpRequest
from tests import people
from tests.people import NOW


@pytest.fixture(autouse=True)
def _on_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def ada_asks(ada, page_as):
    people.a_skill("einkaufen")
    people.a_skill("vorlesen", remote=True)
    return page_as(ada)


@pytest.fixture
def draft(ada, ada_asks) -> HelpRequest:
    ada_asks.post(reverse("matching:request_new"), {"skills": ["einkaufen"]})
    return HelpRequest.objects.get()
