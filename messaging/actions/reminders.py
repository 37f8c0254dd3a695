"""Reminders of appointments become notices when they are due; those by telephone wait on the desk."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from matching import states
from matching.actions import write_reminders
from matching.models import Reminder
from messaging.actions.telling import tell
from messaging.models import Way

HOUR = timedelta(hours=1)


def tell_reminders(*, now: datetime) -> int:
    """The clock: write the rows that are missing, and a notice for each that is due. Returns how many notices."""
    write_reminders(now=now)
    due = _due(now).select_related("appointment").order_by("due_at", "pk")[:500]
    return sum(_tell(reminder, now=now) for reminder in due)


def _due(now: datetime) -> QuerySet[Reminder]:
    """Not of what was called off or has begun; of people who are called, where they chose a screen for it."""
    screen = Q(by_phone=False) | Q(person__notice_wish__ways__reminder__in=Way.without_the_office())
    rows = Reminder.objects.filter(screen, done_at__isnull=True, due_at__lte=now)
    ahead = rows.filter(
        appointment__state=states.AGREED, appointment__start__gt=now, appointment__arrived_at__isnull=True
    )
    # That of the evening before is no news any more once that of the last hour is due.
    return ahead.exclude(kind=Reminder.Kind.DAY, appointment__start__lte=now + HOUR)


@transaction.atomic
def _tell(reminder: Reminder, *, now: datetime) -> bool:
    if not Reminder.objects.filter(pk=reminder.pk, done_at__isnull=True).update(done_at=now):
        return False
    visit = reminder.appointment
    tell(
        [reminder.person_id],
        kind="reminder",
        event=f"reminder:{reminder.pk}",
        about=visit.pk,
        until=visit.start,
        now=now,
    )
    return True
