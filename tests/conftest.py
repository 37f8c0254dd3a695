"""Fixtures for the people of tests/people.py and for logged-in clients."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from channels.layers import channel_layers
from django.test import Client
from hypothesis import settings

from accounts.models import User
from matching import roster
from tests import people
from tests.browsing import browser_as, chromium, server  # noqa: F401 - fixtures for everybody
from tests.logins import logged_in
from tests.ready_database import django_db_keepdb, django_db_setup  # noqa: F401 - as above

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


SECONDS = {"slow": 15.0, "browser": 4.0}  # about what a test with this mark takes; others take a tenth of one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that take long come first (`./run test` gives whole files to workers), or in the end one works alone."""
    takes: Counter[Path] = Counter()
    for item in items:
        takes[item.path] += sum(SECONDS.get(mark.name, 0) for mark in item.iter_markers()) or 0.1
    items.sort(key=lambda item: -takes[item.path])


@pytest.fixture(autouse=True)
def fresh_roster():
    """Rows of another test were rolled back, and nobody noted it: every test starts with an empty picture."""
    roster.forget()
    yield
    roster.forget()


@pytest.fixture(autouse=True)
def _a_fresh_layer() -> None:
    """Each test has an event loop of its own; the Redis layer must not meet it with the connections of another."""
    channel_layers.backends.clear()


@pytest.fixture
def ada(db) -> User:
    return people.ada()


@pytest.fixture
def ben(db) -> User:
    return people.ben()


@pytest.fixture
def cleo(db) -> User:
    return people.cleo()


@pytest.fixture
def dora(db) -> User:
    return people.dora()


@pytest.fixture
def page_as() -> Callable[[User], Client]:
    """A browser-like client logged in as this person; workers with their second factor in this session."""
    return logged_in


def pytest_terminal_summary(terminalreporter) -> None:
    """How many cells of the permission matrix held (tests/permissions)."""
    passed = terminalreporter.stats.get("passed", [])
    cells = [count for report in passed for name, count in report.user_properties if name == "permission_cells"]
    if cells:
        terminalreporter.write_line(f"permissions.cells\t{sum(cells)}")
