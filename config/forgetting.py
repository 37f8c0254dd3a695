"""
When a person's data ends: two years after anything last happened with them, and never while something is under way.

The day is worked out anew each night from the rows themselves, so that a telephone-only person whom the office serves
counts as active without ever logging in.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.actions.vetting import let_vettings_go
from accounts.models import AvailabilityException, RoleAssignment, User
from accounts.reach import unproved
from config.retention import note, remove_expired
from matching import states
from matching.models import HelpRequest, Match
from places.models import Place

KEPT_AFTER_LAST_USE = timedelta(days=730)
KEPT_UNPROVED = timedelta(days=7)  # who joined with an address and never showed that it is theirs
RUNNING = (states.OPEN, states.FILLED)


def schedule_people() -> int:
    """Set every person's `delete_on`; None while a role, a request or a match is under way. Returns how many moved."""
    changed = []
    for person in _with_last_use(User.objects.all()).iterator():
        day = None if person.is_needed else _end(person)  # type: ignore[attr-defined]
        if day != person.delete_on:
            person.delete_on = day
            changed.append(person)
    User.objects.bulk_update(changed, ["delete_on"], batch_size=500)
    return len(changed)


def forget(*, now: datetime) -> dict[str, int]:
    """The clock's whole round: whatever may go today goes. Returns {"matching.Match": rows}."""
    today = timezone.localdate(now)
    schedule_people()
    let_vettings_go(today=today)
    removed = remove_expired(today=today)
    without_a_day = {
        "places.Place": remove_homeless_places(),
        "accounts.AvailabilityException": remove_past_exceptions(today=today),
    }
    note(without_a_day, today=today)
    return removed | without_a_day


def remove_homeless_places() -> int:
    """Places nobody lives at and no request needs, with their exact address. Returns how many."""
    needed = HelpRequest.objects.filter(place=OuterRef("pk"))
    rows = Place.objects.filter(~Exists(needed), person__isnull=True)
    count = rows.count()
    rows.delete()
    return count


def remove_past_exceptions(*, today: date) -> int:
    """Days on which a helper was away, or free besides, once they have passed. Returns how many rows went."""
    return AvailabilityException.objects.filter(last_day__lt=today).delete()[0]


def remove_ended_logins(*, now: datetime) -> int:
    """Where somebody was logged in (address of the net, browser) goes with the session. Returns how many rows went."""
    running = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=now)
    return UserSession.objects.filter(~Exists(running)).delete()[0]


def _with_last_use(people: QuerySet[User]) -> QuerySet[User]:
    """Each person with the newest moment of each kind (None: never) and whether anything is under way."""
    requests = HelpRequest.objects.filter(resident=OuterRef("pk"))
    matches = Match.objects.filter(Q(resident=OuterRef("pk")) | Q(volunteer=OuterRef("pk")))
    roles = RoleAssignment.objects.filter(user=OuterRef("pk"), until__isnull=True)
    return people.annotate(
        last_request=Subquery(_newest(requests, "created_at")),
        last_ended_request=Subquery(_newest(requests, "ended_at")),
        last_match=Subquery(_newest(matches, "proposed_at")),
        last_ended_match=Subquery(_newest(matches, "ended_at")),
        is_unproved=unproved(),
        is_needed=Exists(roles)
        | Exists(requests.filter(state__in=RUNNING))
        | Exists(matches.filter(state__in=states.LIVE)),
    )


def _newest(rows: QuerySet, moment: str) -> QuerySet:
    return rows.filter(**{f"{moment}__isnull": False}).order_by(f"-{moment}").values(moment)[:1]


def _end(person: User) -> date:
    moments = (
        person.joined_at,
        person.last_login,
        person.last_request,  # type: ignore[attr-defined]
        person.last_ended_request,  # type: ignore[attr-defined]
        person.last_match,  # type: ignore[attr-defined]
        person.last_ended_match,  # type: ignore[attr-defined]
    )
    unused = person.is_unproved and not any(moments[1:])  # type: ignore[attr-defined]
    return timezone.localtime(_latest(moments)).date() + (KEPT_UNPROVED if unused else KEPT_AFTER_LAST_USE)


def _latest(moments: Iterable[datetime | None]) -> datetime:
    return max(moment for moment in moments if moment is not None)
