"""
Who is to be reminded of what, and when: rows first, so that a crash costs a minute and no reminder.

By mail: at five the evening before, and one hour before. By telephone: from eight in the morning of the last working
day before, and one hour before.
"""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.database import find
from core.errors import NotAllowed
from core.holidays import holidays_between
from matching import rules, states
from matching.models import Appointment, Match, Reminder

EVENING, MORNING = time(17), time(8)  # local
HOUR = timedelta(hours=1)
FRESH = timedelta(hours=24)  # who agreed so shortly before needs no call the day before
LOOK_AHEAD = timedelta(days=7)
KEPT = timedelta(days=30)


def write_reminders(*, now: datetime) -> int:
    """The clock: a row for everybody who has an agreed appointment in the next days. Safe to run twice."""
    rows = Appointment.objects.filter(state=states.AGREED, start__gt=now, start__lte=now + LOOK_AHEAD)
    ahead = rows.select_related("match__resident", "match__volunteer")
    known = set(Reminder.objects.filter(appointment__in=rows).values_list("appointment_id", "person_id", "kind"))
    new = [row for visit in ahead for row in _reminders(visit, now) if _key(row) not in known]
    Reminder.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


@transaction.atomic
def mark_reminded(*, reminder_id: object, by: User, now: datetime) -> Reminder:
    """A worker called. A second tap changes nothing. Raises NotVisible, NotAllowed."""
    seen = Match.objects.visible_to(by)
    rows = Reminder.objects.select_related("appointment__match__request__quarter", "person")
    found = find(rows.filter(appointment__match__in=seen), reminder_id)
    if not rules.works_for_pair(by, found.appointment.match):
        raise NotAllowed
    Reminder.objects.filter(pk=found.pk, done_at__isnull=True).update(done_at=now, done_by=by)
    found.refresh_from_db()
    return found


def reads_mail(person: User) -> bool:
    return bool(person.email and person.channel == User.Channel.ONLINE and person.is_active and not person.suspended_at)


def _key(row: Reminder) -> tuple:
    return (row.appointment_id, row.person_id, row.kind)


def _reminders(visit: Appointment, now: datetime) -> list[Reminder]:
    """Whom to remind of this visit; who agreed after the reminder would be due knows already."""
    found = []
    agreed = visit.agreed_at or visit.created_at
    for person in (visit.match.resident, visit.match.volunteer):
        by_phone = not reads_mail(person)
        day = _day_before(visit.start, by_phone)
        knows = visit.start - agreed < FRESH or (not by_phone and agreed >= day)
        if not knows:
            found.append(_row(visit, person, Reminder.Kind.DAY, day, by_phone))
        if agreed < visit.start - HOUR:
            found.append(_row(visit, person, Reminder.Kind.HOUR, visit.start - HOUR, by_phone))
    return found


def _row(visit: Appointment, person: User, kind: str, due: datetime, by_phone: bool) -> Reminder:
    gone = timezone.localdate(visit.end) + KEPT
    return Reminder(appointment=visit, person=person, kind=kind, due_at=due, by_phone=by_phone, delete_on=gone)


def _day_before(start: datetime, by_phone: bool) -> datetime:
    """Local time of day on the day before, whatever the clocks do in the night between."""
    day = timezone.localdate(start) - timedelta(days=1)
    if by_phone:
        return timezone.make_aware(datetime.combine(_working_day(day), MORNING))
    return timezone.make_aware(datetime.combine(day, EVENING))


def _working_day(day: date) -> date:
    """This day, or the last one before it on which the office is open."""
    closed = holidays_between(day - timedelta(days=6), day)
    while day.weekday() > 4 or day in closed:
        day -= timedelta(days=1)
    return day
