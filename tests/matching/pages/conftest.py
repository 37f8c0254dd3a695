"""These pages speak of today and tomorrow: every test is read on the same Tuesday, at ten in the morning."""

from collections.abc import Iterator

import pytest
import time_machine

from tests.people import NOW


@pytest.fixture(autouse=True)
def _on_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=True):
        yield
