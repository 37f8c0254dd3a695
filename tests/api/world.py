"""One of everything: Ada asks, Ben helps, Cleo works, and each kind of thing exists once with a real id."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import AvailabilityException, Block
from matching.models import Appointment, CheckIn, Round, Series
from messaging.actions import report_person
from messaging.models import Conversation
from tests.people import a_match, a_request, ada, ben, cleo, dora


def a_world() -> dict[str, Any]:
    """Ids by the first part of the resource's address."""
    start = (timezone.now() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    windows = [(start, start + timedelta(hours=4))]
    request = a_request(ada(), windows=windows)
    match = a_match(request, ben(), state="confirmed")
    cleo()
    gone = (start + timedelta(days=20)).date()
    away = AvailabilityException.objects.create(profile=ben().volunteer_profile, first_day=gone, last_day=gone)
    meeting = Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), proposed_by=ben())
    every_week = Series.objects.create(
        match=match, first_on=start.date(), start_minute=600, minutes=60, proposed_by=ben()
    )
    talk = Conversation.objects.create(match=match)
    return {
        "requests": request.pk,
        "open-requests": a_request(ada(), windows=windows).pk,
        "matches": match.pk,
        "conversations": talk.pk,
        "appointments": meeting.pk,
        "series": every_week.pk,
        "check-ins": CheckIn.objects.create(match=match, person=ada(), visit=1).pk,
        "reports": report_person(conversation_id=talk.pk, by=ada(), now=timezone.now()).pk,
        "blocks": Block.objects.create(blocker=ada(), blocked=dora()).blocked_id,
        "rounds": Round.objects.create(quarter=request.quarter).pk,
        "quarters": request.quarter_id,
        "people": ada().pk,
        "volunteer-profile": away.pk,
    }


def filled(path: str, ids: dict[str, Any]) -> str:
    """The path below /api/v1/ with the id of this world put in."""
    short = path.removeprefix("/api/v1/")
    return short.replace("{id}", str(ids.get(short.split("/")[0], "")))
