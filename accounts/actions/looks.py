"""Whoever of the office looks at somebody's data leaves a row, and the person can read who it was."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Look, User

KEPT_DAYS = 365
ONE_LOOK = timedelta(minutes=15)  # leafing to and fro on the same page is one look


def note_look(*, person: User, by: User, what: str, now: datetime, api: bool = False) -> None:
    """Oneself leaves no trace; the same look within a quarter of an hour is noted once."""
    if by == person:
        return
    before = Look.objects.filter(person=person, by=by, what=what, api=api, at__gt=now - ONE_LOOK, at__lte=now)
    if not before.exists():
        end = timezone.localdate(now) + timedelta(days=KEPT_DAYS)
        Look.objects.create(person=person, by=by, what=what, api=api, at=now, delete_on=end)
