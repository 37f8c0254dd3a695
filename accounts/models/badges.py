"""What a helper shows at a door."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.people import User
from core.models import Kept
from core.privacy import Privacy


class BadgeQuerySet(models.QuerySet["Badge"]):
    def good_at(self, now: datetime) -> "BadgeQuerySet":
        """Neither withdrawn nor run out, of somebody who was welcomed and may help today."""
        kept = self.filter(withdrawn_at__isnull=True, valid_until__gte=timezone.localdate(now))
        return kept.filter(
            user__is_active=True,
            user__suspended_at__isnull=True,
            user__volunteer_profile__welcomed_at__isnull=False,
        )


class Badge(Kept):
    """
    A badge the office gave to a helper. `number`: six digits to read out on the telephone, for the office alone.

    `code`: what the scanned address ends in, long enough that nobody finds one by trying.
    """

    privacy = Privacy(
        "the volunteer", "P3", "to be recognised at a door", "90 days after its end", of=("user",), leaves_out=("code",)
    )

    user = models.ForeignKey(User, models.CASCADE, related_name="badges")
    number = models.CharField(max_length=6, unique=True)
    code = models.CharField(max_length=12, unique=True)
    issued_on = models.DateField()
    valid_until = models.DateField()
    issued_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = BadgeQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(withdrawn_at__isnull=True), name="one_running_badge_per_helper"
            ),
            models.CheckConstraint(condition=Q(issued_on__lte=F("valid_until")), name="badge_ends_after_it_begins"),
        ]

    @property
    def spoken(self) -> str:
        """ "482 913"."""
        return f"{self.number[:3]} {self.number[3:]}"
