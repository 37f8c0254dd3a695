"""
Erasing one person on their wish (Art. 17 GDPR), and doing it again after a restore from an older backup.

What is under way ends by the verbs everybody uses, so that whoever waits hears it. Then the person's row goes, and with
it everything that hangs on it; what no key of the database reaches is looked for here.
"""

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.actions.people import cut_sessions
from accounts.models import RoleAssignment, User
from config.data_protection.declared import Declared, personal
from config.forgetting import remove_homeless_places
from core.errors import Conflict, NotAllowed
from core.models import Removed, StoredAnswer
from matching import actions, roster, states
from matching.models import HelpRequest

log = logging.getLogger("gemeinsinn.retention")


class StillInOffice(Conflict):
    """Somebody with a role over others' data: the role ends first, by whoever gave it."""

    code = "still_in_office"
    detail = _("Diese Person arbeitet noch im Quartiersbüro. Bitte beenden Sie zuerst ihre Aufgabe dort.")


@dataclass(frozen=True)
class Erased:
    """`removed`: rows by model label. `stays`: [(table label, what and why)] as the declarations say."""

    removed: dict[str, int]
    stays: list[tuple[str, str]]


def may_erase(by: User, person: User) -> bool:
    """Oneself, and a worker of the person's quarter on their word. Nobody erases a colleague."""
    return by == person or bool(person.quarter and roles.works_in(by, person.quarter))


def what_stays() -> list[tuple[str, str]]:
    return [(one.label, one.privacy.stays) for one in personal() if one.privacy.stays]


def erase_person(*, person: User, by: User | None, now: datetime) -> Erased:
    """
    Everything about this person goes, except what the declarations say must stay. `by` None: a command.

    Raises NotAllowed, StillInOffice. Cannot be taken back; the key's sum is noted outside the database.
    """
    if by is not None and not may_erase(by, person):
        raise NotAllowed
    if roles.needs_second_factor(person):
        raise StillInOffice
    key = person.pk
    with transaction.atomic():
        end_what_runs(person, by=by or person, now=now)
        cut_sessions(person=person)
        close_sessions(person)
        StoredAnswer.objects.filter(body__contains=str(key)).delete()
        _count, removed = person.delete()
        removed["places.Place"] = removed.get("places.Place", 0) + remove_homeless_places()
    Removed.note(removed, day=timezone.localdate(now), why=Removed.Why.WISH)
    note_erased(key, today=timezone.localdate(now))
    _leave_no_trace_in_the_file()
    roster.forget()
    log.info("person erased person=%s by=%s rows=%s", key, by.pk if by and by.pk else "themself", sum(removed.values()))
    return Erased({label: count for label, count in removed.items() if count}, what_stays())


def end_what_runs(person: User, *, by: User, now: datetime) -> None:
    """Own requests are withdrawn, own help ends: whoever waits is told, places become free again."""
    actions.lock_all_of(person)
    for request in HelpRequest.objects.filter(resident=person, state__in=(states.OPEN, states.FILLED)).order_by("pk"):
        actions.withdraw_request(request_id=request.pk, by=person, now=now, reason="")
    actions.leave_all(person, by=by, now=now)


def close_sessions(person: User) -> None:
    """Every session row of this person: they are found by what is inside, there is no key to the person."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()


def left_of(key: object, tables: list[Declared]) -> dict[str, int]:
    """Rows that still speak of this key, by label: empty after an erasure."""
    person = User(pk=key)
    return {one.label: count for one in tables if (count := one.rows_of(person).count())}


# --- the list that outlives a backup ----------
def list_of_erased() -> Path:
    return settings.DATA_DIR / "erased.txt"


def note_erased(key: object, *, today: date) -> None:
    """One line "day sum": nobody can read from it who it was, but a restored person is recognised."""
    with list_of_erased().open("a") as lines:
        lines.write(f"{today.isoformat()} {_sum(key)}\n")


def replay_erasures(*, now: datetime) -> int:
    """After a restore: whoever had been erased goes again. Returns how many."""
    sums = set(_noted_sums())
    back = [person for person in User.objects.iterator() if _sum(person.pk) in sums] if sums else []
    for person in back:
        RoleAssignment.objects.filter(user=person).exclude(until__lte=now).update(until=now)
        erase_person(person=person, by=None, now=now)
    return len(back)


def _noted_sums() -> Iterator[str]:
    if list_of_erased().exists():
        yield from (line.split()[1] for line in list_of_erased().read_text().splitlines() if " " in line)


def _sum(key: object) -> str:
    return hashlib.sha256(str(key).encode()).hexdigest()


def _leave_no_trace_in_the_file() -> None:
    """SQLite overwrites what is deleted (secure_delete), but only after its journal is folded in."""
    if settings.SQLITE and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
