"""Whoever of the office looks at somebody's data leaves a row, and the person can read who it was."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Look, User

KEPT_DAYS = 365
ONE_LOOK = timedelta(minutes=15)  # leafing to and fro on the same page is one look


def note_look(*, person: User, by: User, what: str, now: datetime, api: bool = False) -> None:
    """Oneself leaves no trace; the same look within a quarter of an hour is noted once."""
    note_looks(people=[person], by=by, what=what, now=now, api=api)


def note_looks(*, people: Iterable[User], by: User, what: str, now: datetime, api: bool = False) -> None:
    """The same for everybody on a list, with two questions to the database however long it is."""
    shown = {person.pk for person in people} - {by.pk}
    if not shown:
        return
    before = Look.objects.filter(person__in=shown, by=by, what=what, api=api, at__gt=now - ONE_LOOK, at__lte=now)
    fresh = sorted(shown - set(before.values_list("person", flat=True)))
    end = timezone.localdate(now) + timedelta(days=KEPT_DAYS)
    about = {"by": by, "what": what, "api": api, "at": now, "delete_on": end}
    Look.objects.bulk_create(Look(person_id=pk, **about) for pk in fresh)
