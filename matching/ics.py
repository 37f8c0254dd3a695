"""
One person's appointments as an iCalendar file (RFC 5545), for the calendar on their phone.

First names and the kind of place only, never an address: the file travels to programs we do not know. What was called
off stays in it for a while as cancelled, with a higher sequence, so that it vanishes there too.
"""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from accounts.models import User
from matching import states, words
from matching.models import Appointment

PAST = timedelta(days=60)
STATUS = {states.AGREED: "CONFIRMED", states.DONE_VISIT: "CONFIRMED", states.CANCELLED: "CANCELLED"}


def calendar_of(person: User, *, now: datetime) -> bytes:
    """Agreed and past appointments, and those that were agreed once and are called off."""
    file = Calendar()
    file.add("prodid", "-//Gemeinsinn//DE")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", settings.SERVICE_NAME)
    file.add("refresh-interval", timedelta(hours=1), {"value": "DURATION"})
    for row in _rows(person, now):
        file.add_component(_event(row, person))
    file.add_missing_timezones()
    return file.to_ical()


def _rows(person: User, now: datetime) -> list[Appointment]:
    firm = Q(state__in=[states.AGREED, states.DONE_VISIT]) | Q(state=states.CANCELLED, agreed_at__isnull=False)
    mine = Q(match__resident=person) | Q(match__volunteer=person)
    return list(Appointment.objects.filter(firm & mine, start__gte=now - PAST).for_lists())


def _event(row: Appointment, person: User) -> Event:
    other = row.match.resident if row.match.volunteer_id == person.pk else row.match.volunteer
    said = {"name": other.first_name, "kinds": words.kinds(row.match.request.skills.all())}
    event = Event()
    event.add("uid", f"{row.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", row.cancelled_at or row.finished_at or row.agreed_at or row.created_at)
    event.add("dtstart", timezone.localtime(row.start))
    event.add("dtend", timezone.localtime(row.end))
    event.add("summary", _("%(kinds)s mit %(name)s") % said)
    event.add("location", row.get_place_display())
    event.add("status", STATUS[row.state])
    event.add("sequence", row.version)
    event.add("class", "PRIVATE")
    return event
