"""An office machine that was left alone asks anew; a resident's tablet does not."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NOW = timezone.now() + timedelta(hours=1)  # after the people of the test were made


def at(client, moment):
    with time_machine.travel(moment, tick=False):
        return client.get("/profil/").status_code


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (29, 200), (31, 302)])
def test_a_worker_who_was_away(minutes, status, cleo, page_as):
    client = page_as(cleo)
    assert at(client, NOW) == 200
    assert at(client, NOW + minutes * MINUTE) == status


def test_working_on_keeps_the_session_until_the_day_is_over(cleo, page_as):
    client = page_as(cleo)
    answers = [at(client, NOW + 25 * number * MINUTE) for number in range(26)]
    assert answers == [200] * 25 + [302]


def test_the_minutes_are_a_setting(cleo, page_as, settings):
    settings.WORKER_IDLE_MINUTES = 15
    client = page_as(cleo)
    assert [at(client, NOW), at(client, NOW + 16 * MINUTE)] == [200, 302]


def test_a_resident_may_rest_for_weeks(ada, page_as):
    client = page_as(ada)
    assert at(client, timezone.now()) == 200
    assert at(client, timezone.now() + timedelta(days=20)) == 200
