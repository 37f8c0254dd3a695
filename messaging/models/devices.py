"""A browser that may be told that something waits, although nobody looks at it ("Push")."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import models
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.models import Kept
from core.privacy import Privacy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

KEPT = timedelta(days=90)  # after the last time it took something


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    def visible_to(self, user: "User | AnonymousUser") -> "PushSubscriptionQuerySet":
        """One's own alone."""
        return self.filter(person=user) if user.is_authenticated and not user.suspended_at else self.none()

    def reachable(self, person_id: UUID) -> "PushSubscriptionQuerySet":
        """Where this person is still logged in: the sessions of before a cut are none any more."""
        rows = self.filter(person=person_id, person__is_active=True, person__suspended_at__isnull=True)
        return rows.filter(epoch=F("person__auth_epoch")).order_by("created_at", "id")


class PushSubscription(Kept):
    """
    One browser of one person, with the address its maker's push service gave it and the keys to seal for it alone.

    It belongs to the session in which it was switched on (`session`, a keyed sum of its key) and goes with it.
    """

    privacy = Privacy(
        "the person",
        "P2",
        "to tell them on their device that something waits",
        "at logout, when the device is gone, or 90 days after it last took something",
        of=("person",),
        leaves_out=("endpoint", "endpoint_sum", "p256dh", "auth", "session", "epoch", "failures"),
    )

    person = models.ForeignKey(User, models.CASCADE, related_name="devices")
    label = models.CharField(max_length=60)  # "Firefox, Android"
    endpoint = models.CharField(max_length=1000)
    endpoint_sum = models.CharField(max_length=64, unique=True)  # SHA-256: a browser belongs to one person
    p256dh = models.CharField(max_length=88)
    auth = models.CharField(max_length=24)
    session = models.CharField(max_length=64, db_index=True)
    epoch = models.PositiveIntegerField(help_text="of the account when it was switched on")
    created_at = models.DateTimeField(default=timezone.now)
    last_success_at = models.DateTimeField(null=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="refusals since the last success")

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]

    def __str__(self) -> str:
        return f"device {self.pk}"

    @staticmethod
    def kept_until(moment: datetime) -> date:
        return timezone.localdate(moment) + KEPT
