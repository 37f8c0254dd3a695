"""Abstract bases, and what the API remembers of its own answers: core holds no word of our domain."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.privacy import Privacy


class Row(models.Model):
    """A thing with an unguessable key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Kept(Row):
    """Personal data: carries the day on which the retention job removes it (None: as long as its owner stays)."""

    delete_on = models.DateField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True


class StoredAnswer(Kept):
    """The answer to one POST with an `Idempotency-Key`, given again for 24 hours. `status` 0: being worked out."""

    privacy = Privacy("the person who asked", "P1", "a repeated request does nothing twice", "two days")

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_key")]

    def keep(self, *, status: int, body: str) -> None:
        self.status, self.body = status, body
        self.save(update_fields=["status", "body"])
