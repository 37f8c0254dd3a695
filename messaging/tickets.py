"""One-time tickets for the sockets of apps: a lasting token never stands in an address."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from messaging.models import SocketTicket

GOOD_FOR = timedelta(seconds=30)


def issue_ticket(*, user: User, session_key: str, now: datetime) -> str:
    """A ticket that opens one socket within 30 s, on the running session `session_key`. Kept only as its hash."""
    text = secrets.token_urlsafe(32)
    SocketTicket.objects.filter(good_until__lt=now - timedelta(hours=1), user=user).delete()
    day = timezone.localdate(now)
    SocketTicket.objects.create(
        digest=_digest(text), user=user, session_key=session_key, good_until=now + GOOD_FOR, delete_on=day
    )
    return text


def redeem_ticket(text: str, *, now: datetime | None = None) -> str:
    """
    The session key behind a good ticket, which is gone from then on; "" for a wrong, used or old one.

    Who the person is, and whether they may still come in, is asked of that session.
    """
    ticket = SocketTicket.objects.filter(digest=_digest(text)).first()
    if ticket is None:
        return ""
    mine, _by_model = SocketTicket.objects.filter(pk=ticket.pk).delete()  # of two sockets at once one deletes the row
    return ticket.session_key if mine and ticket.good_until >= (now or timezone.now()) else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
