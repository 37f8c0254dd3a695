"""The secret address of one person's calendar: made, made anew, revoked. Only its hash is kept."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from accounts.models import User
from matching.models import CalendarFeed


@transaction.atomic
def make_calendar_feed(*, by: User, now: datetime) -> str:
    """A new secret, shown this once; an older address stops working at once."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(person=by, defaults={"digest": _digest(secret), "made_at": now})
    return secret


def revoke_calendar_feed(*, by: User) -> bool:
    """The address stops working. False where there was none."""
    return bool(CalendarFeed.objects.filter(person=by).delete()[0])


def reader_of(secret: str) -> User | None:
    """Whose calendar this secret opens; nobody's for a wrong one, or for somebody who left or is suspended."""
    rows = CalendarFeed.objects.select_related("person").filter(
        digest=_digest(secret), person__is_active=True, person__suspended_at__isnull=True
    )
    found = rows.first()
    return found.person if found else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
