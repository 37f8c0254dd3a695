"""Somebody says that they have seen what they were told: on all their devices, at once."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.models import User
from messaging.models import Notice
from messaging.wake import wake


@transaction.atomic
def see_notices(*, by: User, notice_ids: Collection[UUID] | None, now: datetime) -> int:
    """
    Their own, those named or all (None). What still waited to be told needs no telling. Returns how many were new.

    Keys of others' notices are passed over in silence: whether they exist is nobody's business.
    """
    rows = Notice.objects.filter(person=by)
    if notice_ids is not None:
        rows = rows.filter(pk__in=list(notice_ids))
    rows.filter(state=Notice.State.WAITING).update(state=Notice.State.SEEN)
    count = rows.filter(seen_at__isnull=True).update(seen_at=now)
    if count:
        news = {"type": "event", "kind": "notices_seen", "id": str(by.pk), "move": "seen"}
        transaction.on_commit(partial(wake, [by.pk], news))
    return count
