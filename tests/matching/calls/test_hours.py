"""When the office calls, and how long somebody whom only the office can ask has time to answer."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from matching import actions
from matching.calls import book, hours, verbs
from matching.models import HelpRequest, Match
from tests.matching.calls.telephone import by_phone
from tests.people import a_match, a_quarter

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in March 2026, one hour ahead of UTC; the 6th is a Friday."""
    return datetime(2026, 3, day, hour - 1, minute, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_march() -> Iterator[None]:
    with time_machine.travel(at(3, 9), tick=True):  # from then on Cleo is a worker
        yield


def released(now: datetime, **of_request: object) -> Match:
    match = a_match(state="proposed")
    HelpRequest.objects.update(**of_request)
    return actions.release_match(match_id=match.pk, by=None, now=now)


@pytest.mark.parametrize(
    ("now", "urgency", "deadline"),
    [
        (at(6, 22, 34), 0, at(9, 17)),  # Friday night: the whole of Monday
        (at(6, 22, 34), 2, at(9, 11)),  # urgent: the first two hours of Monday
        (at(6, 13), 0, at(9, 13)),  # half of Friday and half of Monday
        (at(3, 10), 0, at(5, 10)),  # in the middle of the week: two days, as ever
        (at(3, 10), 2, at(3, 22)),
    ],
)
def test_who_has_only_a_telephone_is_not_over_before_the_office_could_call(now, urgency, deadline, ada, ben, cleo):
    by_phone(ben)
    assert released(now, urgency=urgency).deadline == deadline


def test_who_reads_on_a_screen_has_the_two_days_of_the_quarter(ada, ben):
    assert released(at(6, 22, 34)).deadline == at(8, 22, 34)


def test_holidays_are_no_office_hours():
    new_years_eve = datetime(2025, 12, 31, 15, tzinfo=UTC)  # 16 o'clock; the first is a Thursday
    assert hours.after_open(2 * HOUR, since=new_years_eve) == datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until", "likes", "again"),
    [
        (at(3, 10), at(5, 10), "", at(3, 12)),
        (at(3, 10), at(5, 10), "noon", at(3, 12)),
        (at(3, 15), at(5, 10), "morning", at(4, 9)),
        (at(6, 16), at(9, 11), "afternoon", at(9, 9)),  # Monday afternoon would be too late
        (at(3, 10), at(3, 12), "morning", at(3, 10, 15)),  # time presses
        (at(6, 22), at(7, 8), "", at(6, 22, 15)),  # the office does not open before
        (at(6, 22), at(6, 20), "", at(9, 9)),  # too late already
    ],
)
def test_the_next_try_lies_before_the_end_wherever_the_office_opens_before_it(now, until, likes, again):
    assert hours.next_try(User(call_time=likes), now=now, until=until) == again


def test_a_try_chosen_for_after_the_end_is_none(ada, ben, cleo):
    by_phone(ben)
    match = released(at(6, 22, 34))
    where = {"kind": "gefragt", "about": match.pk.hex, "person_id": ben.pk, "by": cleo}
    monday = verbs.missed(**where, now=at(9, 15), next_at=at(10, 9)).next_at
    assert monday == at(9, 15, 15)
    [entry] = book.book([a_quarter()], reader=cleo, now=at(9, 15, 20)).now
    assert entry.tries == 1


@pytest.mark.parametrize(
    ("now", "heading"),
    [
        (at(6, 12), "Jetzt anrufen: 1 Anruf"),
        (at(6, 18, 30), "Jetzt anrufen: 1 Anruf"),  # some like the evening best
        (at(6, 22, 37), "Anrufen ab Montag, 9. März, 9 Uhr: 1 Anruf"),
        (at(7, 12), "Anrufen ab Montag, 9. März, 9 Uhr: 1 Anruf"),
    ],
)
def test_at_night_and_at_the_weekend_the_list_says_when_calling_begins(now, heading, ada, ben, cleo, page_as):
    by_phone(ben)
    released(at(6, 11))
    with time_machine.travel(now, tick=True):
        assert heading in page_as(cleo).get(reverse("desk:calls")).content.decode()
