"""A pair that is arranging, for tests of appointments, series, visits and calendars."""

from datetime import datetime, timedelta

from matching import actions
from matching.models import Appointment, Match
from tests.people import NOW, a_match

TOMORROW = NOW + timedelta(days=1)  # Wednesday, 4 March 2026, 10 o'clock
HOUR = timedelta(hours=1)


def a_pair(**words) -> Match:
    """Ada and Ben, confirmed."""
    return a_match(state="confirmed", **words)


def a_proposal(match: Match | None = None, *, start: datetime = TOMORROW, by=None, now: datetime = NOW) -> Appointment:
    match = match or a_pair()
    return actions.propose_appointment(
        match_id=match.pk, start=start, end=start + HOUR, by=by or match.volunteer, now=now
    )


def an_appointment(match: Match | None = None, *, start: datetime = TOMORROW, now: datetime = NOW) -> Appointment:
    """Ben proposed it, Ada agreed."""
    found = a_proposal(match, start=start, now=now)
    return actions.agree_appointment(appointment_id=found.pk, by=found.match.resident, now=now)
