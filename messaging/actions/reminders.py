"""Sending what is to be reminded of: a mail that an appointment is near, without names and without content."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from matching import states
from matching.actions import write_reminders
from matching.models import Reminder

log = logging.getLogger("gemeinsinn.messaging")

LEASE = timedelta(minutes=5)
MOST_TRIES = 8


def send_reminders(*, now: datetime) -> int:
    """
    Write the rows that are missing and send the mails that are due. Returns how many went out.

    At least once: who crashes between sending and marking is taken over after the lease. What was called off, or has
    begun, is not sent any more.
    """
    write_reminders(now=now)
    return sum(_send(pk, now=now) for pk in _due(now).order_by("due_at", "pk").values_list("pk", flat=True)[:200])


def _due(now: datetime):
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    rows = Reminder.objects.filter(free, by_phone=False, done_at__isnull=True, due_at__lte=now, tries__lt=MOST_TRIES)
    ahead = rows.filter(
        appointment__state=states.AGREED, appointment__start__gt=now, appointment__arrived_at__isnull=True
    )
    # The mail of the evening before is no news any more once that of the last hour is due.
    return ahead.exclude(kind=Reminder.Kind.DAY, appointment__start__lte=now + timedelta(hours=1))


def _send(pk: object, *, now: datetime) -> bool:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    rows = Reminder.objects.filter(free, pk=pk, done_at__isnull=True)
    if not rows.update(claimed_until=now + LEASE, tries=F("tries") + 1):
        return False
    reminder = Reminder.objects.select_related("person__quarter").get(pk=pk)
    if not reminder.person.email or not reminder.person.is_active or reminder.person.suspended_at:
        return False
    try:
        _mail(reminder).send()
    except OSError as error:  # the mail server is away: tried again after the lease
        log.warning("reminder not sent reminder=%s error=%s", reminder.pk, type(error).__name__)
        return False
    Reminder.objects.filter(pk=pk).update(done_at=now)
    return True


def _mail(reminder: Reminder) -> EmailMessage:
    """Text only; neither subject nor text says when, where or with whom."""
    person = reminder.person
    with translation.override(person.language):
        words = {
            "quarter": person.quarter,
            "address": f"{settings.SITE_URL}/mein/",
            "service": settings.SERVICE_NAME,
        }
        body = render_to_string("messaging/emails/reminder.txt", words)
        subject = _("Erinnerung von %(service)s") % {"service": settings.SERVICE_NAME}
    return EmailMessage(subject=subject, body=body, to=[person.email or ""])
