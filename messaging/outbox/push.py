"""
The hint on a device: one sentence, the same for everybody, and a way to the page that asks who is there.

A message goes to every device of the person; one that took it is enough. A device whose push service says that it is
gone is forgotten at once, one that it refuses again and again too, and one whose push service nobody ever heard of.
Troubles of the moment are nobody's fault.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from http.client import HTTPException

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from messaging.models import Notice, PushSubscription
from messaging.outbox import sealed, strangers_address

log = logging.getLogger("gemeinsinn.messaging")
GONE = (404, 410)
WAITS = timedelta(days=1)  # at the push service, for a device that is switched off
OF_THE_MOMENT = (408, 429)  # among the 4xx: they say nothing about the device
NEWNESS = timedelta(days=1)  # of an address, in which it may be our own line that is down
MOST_FAILURES = 8  # refusals of one device since its last success


class NoDevice(Exception):
    """There is no device any more that could take it: another way is wanted."""


class NotTaken(Exception):
    """No device took it this time."""


def is_on() -> bool:
    """Only where the operator made a key, and says whom push services may ask."""
    return bool(settings.PUSH_KEY and settings.OPERATOR_EMAIL)


def public_key() -> str:
    return sealed.public_text(sealed.read_key(settings.PUSH_KEY)) if is_on() else ""


def send(notices: Sequence[Notice], *, name: str, now: datetime) -> str:
    """
    To all devices of their person. `name`: of this sending, the same when it is repeated after a crash.

    Returns `name`, under which the page behind the hint finds them. Raises NoDevice, NotTaken.
    """
    person = notices[0].person
    devices = list(PushSubscription.objects.reachable(person.pk)) if is_on() else []
    key = sealed.read_key(settings.PUSH_KEY) if devices else None
    answers = [_to(device, notices, name, key, now) for device in devices if key]
    if True in answers:
        return name
    raise NotTaken if False in answers else NoDevice


def said(name: str) -> bytes:
    """All that ever travels: no name, no thing, and a way that means nothing to anybody else."""
    words = {
        "title": settings.SERVICE_NAME,
        "body": _("Es gibt Neues bei %(service)s.") % {"service": settings.SERVICE_NAME},
        "path": reverse("messaging:news", args=[name]),
        "tag": name,
    }
    return json.dumps(words, ensure_ascii=False).encode()


def _to(
    device: PushSubscription, notices: Sequence[Notice], name: str, key: ec.EllipticCurvePrivateKey, now: datetime
) -> bool | None:
    """Did it take it? None: it is gone, and forgotten."""
    status = _posted(device, notices, name, key, now)
    mine = PushSubscription.objects.filter(pk=device.pk)
    if 200 <= status < 300:
        mine.update(last_success_at=now, failures=0, delete_on=PushSubscription.kept_until(now))
        return True
    log.warning("push not taken device=%s status=%s", device.pk, status)
    if not _is_refusal(device, status, now):
        return False
    if status in GONE or device.failures + 1 >= MOST_FAILURES:
        mine.delete()
        return None
    mine.update(failures=F("failures") + 1)
    return False


def _is_refusal(device: PushSubscription, status: int, now: datetime) -> bool:
    """Said by the push service; or there was none, and never has been since the day the address was given."""
    if not status:
        return device.last_success_at is None and device.created_at < now - NEWNESS
    return 400 <= status < 500 and status not in OF_THE_MOMENT


def _posted(
    device: PushSubscription, notices: Sequence[Notice], name: str, key: ec.EllipticCurvePrivateKey, now: datetime
) -> int:
    """The status of the push service; 0 where there was none."""
    body = sealed.seal(said(name), p256dh=device.p256dh, auth=device.auth)
    headers = {
        "Authorization": sealed.sender(device.endpoint, key=key, contact=settings.OPERATOR_EMAIL, now=timezone.now()),
        "Content-Type": "application/octet-stream",
        "Content-Encoding": "aes128gcm",
        "TTL": str(_waits(notices, now)),
        "Topic": name,  # the same again replaces the one that still waits there
        "Urgency": "high" if any(notice.urgent for notice in notices) else "normal",
    }
    try:
        return strangers_address.post(device.endpoint, body, headers)
    except (OSError, HTTPException, strangers_address.NotOutside) as problem:
        log.warning("push service not reached device=%s error=%s", device.pk, type(problem).__name__)
        return 0


def _waits(notices: Sequence[Notice], now: datetime) -> int:
    """Seconds the push service keeps it: no longer than the last of them is news."""
    ends = [notice.until or now + WAITS for notice in notices]
    return int(max(timedelta(minutes=1), min(WAITS, max(ends) - now)).total_seconds())
