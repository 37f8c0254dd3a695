"""What the office does with notices: tries again what did not arrive, calls, puts letters into the post."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import roles
from accounts.models import User
from core.database import find
from core.errors import NotAllowed, WrongState
from messaging.models import Notice, Way

OF_OFFICE = (Notice.State.FAILED, Notice.State.TO_CALL, Notice.State.TO_PRINT)


@transaction.atomic
def retry_notice(*, notice_id: object, by: User, now: datetime) -> Notice:
    """
    Send it once more, by the same way. One of new messages becomes one with the notice that waits for them already.

    Raises NotVisible, NotAllowed, WrongState (it did not fail).
    """
    found = _of_others(notice_id, by)
    if _again(found.pk, now) is None:
        raise WrongState
    found.refresh_from_db()
    return found


def retry_failed(*, by: User, now: datetime) -> int:
    """The mail server is back: everything that failed in the worker's quarters is due again. Returns how many wait."""
    rows = Notice.objects.filter(person__quarter__in=roles.quarters_of(by), state=Notice.State.FAILED).exclude(
        person=by
    )
    keys = list(rows.order_by("-written_at", "pk").values_list("pk", flat=True))  # of several the newest waits
    return sum(_again(pk, now) == Notice.State.WAITING for pk in keys)


def _again(pk: UUID, now: datetime) -> str | None:
    """Due again, or over because another one waits for the messages of the same talk; None: it did not fail."""
    row = Notice.objects.filter(pk=pk, state=Notice.State.FAILED)
    try:
        with transaction.atomic():
            moved = row.update(state=Notice.State.WAITING, due_at=now, tries=0, problem="")
    except IntegrityError:  # one_notice_waits_for_new_messages
        moved = row.update(state=Notice.State.OVER, problem="")
        return Notice.State.OVER if moved else None
    return Notice.State.WAITING if moved else None


@transaction.atomic
def mark_called(*, notice_id: object, by: User, now: datetime) -> Notice:
    """The worker told them on the telephone. Raises NotVisible, NotAllowed, WrongState."""
    return _step(notice_id, OF_OFFICE, by, state=Notice.State.CALLED, **_told(Way.CALL, now, by))


@transaction.atomic
def mark_printed(*, notice_id: object, by: User, now: datetime) -> Notice:
    """The letter is in the post. Raises NotVisible, NotAllowed, WrongState."""
    return _step(notice_id, OF_OFFICE, by, state=Notice.State.PRINTED, **_told(Way.LETTER, now, by))


def _told(way: str, now: datetime, by: User) -> dict:
    return {"way": way, "told_at": now, "done_by": by, "problem": "", "answer_by": None}


def _step(notice_id: object, states: tuple, by: User, **changes: Any) -> Notice:
    """A guarded move of somebody else's notice, by a worker of their quarter."""
    found = _of_others(notice_id, by)
    if "told_at" in changes:
        changes["used"] = [*found.used, [changes["way"], str(changes["told_at"].isoformat())]]
    if not Notice.objects.filter(pk=found.pk, state__in=states).update(**changes):
        raise WrongState
    found.refresh_from_db()
    return found


def _of_others(notice_id: object, by: User) -> Notice:
    found = find(Notice.objects.visible_to(by).select_related("person__quarter"), notice_id)
    if found.person_id == by.pk:
        raise NotAllowed
    return found
