"""One world for a whole file, built once and rolled back at its end."""

import pytest
import time_machine
from django.db import transaction

from tests.people import NOW
from tests.permissions.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    one = pytest.MonkeyPatch()
    one.setattr("config.context.doors_for", lambda _request: [])  # the same on every page, and half of its price
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    one.undo()
