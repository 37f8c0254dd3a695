"""
Telling people who are not looking: a mail that something waits, without names and without content.

Who has no e-mail, or prefers the telephone, is on the desk's lists instead.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from matching.models import MatchEvent
from messaging.models import Notice

log = logging.getLogger("gemeinsinn.messaging")

LOOK_BACK = timedelta(days=2)  # moves older than this are no news
LEASE = timedelta(minutes=5)
MOST_TRIES = 8
KEPT = timedelta(days=30)
# move of a match -> (who hears, which mail)
TELLS: dict[str, tuple[tuple[str, str], ...]] = {
    "release": (("volunteer", "asked"),),
    "accept": (("resident", "accepted"),),
    "clear": (("resident", "accepted"),),
    "confirm": (("volunteer", "confirmed"), ("resident", "confirmed")),
    "close": (("volunteer", "thanks"),),
    "refuse": (("volunteer", "thanks"),),
    "end": (("volunteer", "ended"), ("resident", "ended")),
}


def send_notices(*, now: datetime) -> int:
    """Write the notices of recent moves that have none yet, and send what waits. Returns how many mails went out."""
    _write_missing(now=now)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    waiting = Notice.objects.filter(free, sent_at__isnull=True, tries__lt=MOST_TRIES)
    return sum(_send(pk, now=now) for pk in waiting.order_by("pk").values_list("pk", flat=True)[:200])


def _write_missing(*, now: datetime) -> None:
    rows = MatchEvent.objects.filter(at__gte=now - LOOK_BACK, move__in=TELLS)
    events = rows.select_related("match__resident", "match__volunteer")
    told = set(Notice.objects.filter(event__in=rows).values_list("event_id", "person_id"))
    new = [notice for event in events for notice in _notices(event, now) if (event.pk, notice.person_id) not in told]
    Notice.objects.bulk_create(new, ignore_conflicts=True)


def _notices(event: MatchEvent, now: datetime) -> Iterable[Notice]:
    """Whoever made the move knows; a match nobody was asked about yet ends unheard."""
    match = event.match
    for role, kind in TELLS[event.move]:
        person: User = getattr(match, role)
        if person.pk != event.by_id and _reads_mail(person) and not (role == "volunteer" and match.asked_at is None):
            yield Notice(event=event, person=person, kind=kind, delete_on=timezone.localdate(now) + KEPT)


def _reads_mail(person: User) -> bool:
    return bool(person.email and person.channel == User.Channel.ONLINE and person.is_active and not person.suspended_at)


def _send(pk: object, *, now: datetime) -> bool:
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    rows = Notice.objects.filter(free, pk=pk, sent_at__isnull=True)
    if not rows.update(claimed_until=now + LEASE, tries=F("tries") + 1):
        return False
    notice = Notice.objects.select_related("person__quarter").get(pk=pk)
    try:
        _mail(notice).send()
    except OSError as error:  # the mail server is away: tried again after the lease
        log.warning("notice not sent notice=%s error=%s", notice.pk, type(error).__name__)
        return False
    Notice.objects.filter(pk=pk).update(sent_at=now)
    return True


def _mail(notice: Notice) -> EmailMessage:
    """Text only; the subject is the same for everybody, so that it tells nothing over a shoulder."""
    person = notice.person
    with translation.override(person.language):
        words = {
            "person": person,
            "quarter": person.quarter,
            "address": f"{settings.SITE_URL}/mein/",
            "service": settings.SERVICE_NAME,
        }
        body = render_to_string(f"messaging/emails/{notice.kind}.txt", words)
        subject = _("Etwas Neues bei %(service)s") % {"service": settings.SERVICE_NAME}
    return EmailMessage(subject=subject, body=body, to=[person.email or ""])
