"""Doors for the people of the tests."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.api.client import Door


@pytest.fixture(autouse=True)
def _fresh_throttles():
    cache.clear()


@pytest.fixture
def door(page_as) -> Callable[[User | None], Door]:
    """The API as this person; workers with their second factor, None for somebody not logged in."""
    return lambda person=None: Door(page_as(person) if person else Client())
