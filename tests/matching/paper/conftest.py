"""A page asked for in an earlier test may have left another language behind."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with override("de"):
        yield
