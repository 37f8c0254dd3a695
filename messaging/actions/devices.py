"""Devices that may be told: switched on and off by their owner, forgotten with the session and the account."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.database import find
from core.errors import Invalid, NotAllowed
from messaging import rules
from messaging.models import NoticeWish, PushSubscription, Way
from messaging.outbox import sealed, strangers_address

MOST_DEVICES = 5  # of one person; the oldest makes room


class NoPushHere(NotAllowed):
    """The operator has not switched it on, or this person works at machines that others use too."""

    code = "no_push_here"
    detail = gettext_lazy("Auf diesem Gerät geht das nicht.")


@transaction.atomic
def add_device(
    *, by: User, endpoint: str, p256dh: str, auth: str, label: str, session_key: str, now: datetime
) -> PushSubscription:
    """
    This browser may be told from now on, by this session's leave. Again: it is refreshed; it belongs to one person.

    What came by mail so far, and was not chosen for a topic, comes here then. `endpoint`, `p256dh`, `auth`: as the
    browser gave them. Raises NoPushHere, Invalid.
    """
    if not rules.may_have_devices(by):
        raise NoPushHere
    _check(endpoint, p256dh, auth)
    list(User.objects.filter(pk=by.pk).select_for_update(no_key=True).values("pk"))  # two at once count each other
    fields = {"endpoint": endpoint, "p256dh": p256dh, "auth": auth, "label": label[:60], "failures": 0}
    fields |= {"person": by, "session": sum_of(session_key), "epoch": by.auth_epoch, "created_at": now}
    fields |= {"delete_on": PushSubscription.kept_until(now), "last_success_at": None}
    found, _made = PushSubscription.objects.update_or_create(endpoint_sum=_sha(endpoint), defaults=fields)
    _prefer_devices(by)
    kept = PushSubscription.objects.filter(person=by).order_by("-created_at", "-pk").values_list("pk", flat=True)
    PushSubscription.objects.filter(pk__in=list(kept)[MOST_DEVICES:]).delete()
    return found


def remove_device(*, device_id: object, by: User) -> None:
    """This browser is told nothing any more. Raises NotVisible."""
    find(PushSubscription.objects.visible_to(by), device_id).delete()


def forget_devices(*, person_ids: Iterable[UUID]) -> int:
    """Suspended, a new password, all sessions cut, at work in the office: none of their devices is told any more."""
    return PushSubscription.objects.filter(person__in=list(person_ids)).delete()[0]


def forget_session(*, session_key: str) -> int:
    """Logged out: the device in which it was switched on is told nothing any more."""
    return PushSubscription.objects.filter(session=sum_of(session_key)).delete()[0]


def sum_of(session_key: str) -> str:
    """The key of a session opens it; this does not."""
    return salted_hmac("messaging.devices", session_key, algorithm="sha256").hexdigest()


def _prefer_devices(person: User) -> None:
    """Saving the page of wishes wrote "by mail" for every topic: that is no choice against what was just asked for."""
    wish = NoticeWish.objects.select_for_update(of=("self",)).filter(person=person).first()
    if wish and Way.MAIL in wish.ways.values():
        wish.ways = {topic: way for topic, way in wish.ways.items() if way != Way.MAIL}
        wish.save(update_fields=["ways"])


def _check(endpoint: str, p256dh: str, auth: str) -> None:
    try:
        strangers_address.parts_of(endpoint)
    except strangers_address.NotOutside as wrong:
        raise Invalid(fields={"endpoint": [_("Das ist keine Adresse eines Push-Dienstes.")]}) from wrong
    try:
        sealed.seal(b"", p256dh=p256dh, auth=auth)
    except ValueError as wrong:
        raise Invalid(fields={"keys": [_("Diese Schlüssel passen nicht.")]}) from wrong


def _sha(endpoint: str) -> str:
    return hashlib.sha256(endpoint.encode()).hexdigest()
