"""Abstract bases, and what the API remembers of its own answers: core holds no word of our domain."""

import uuid
from datetime import date

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.privacy import NOT_PERSONAL, Privacy


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

    privacy = Privacy(
        "the person who asked",
        "P1",
        "a repeated request does nothing twice",
        "two days",
        of=("owner",),
        kept_back="a short-lived copy of answers the person has already got",
    )

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


class Removed(models.Model):
    """How many rows of one table went on one day, by the calendar or on somebody's wish: the proof, without anybody."""

    privacy = NOT_PERSONAL

    class Why(models.TextChoices):
        CALENDAR = "calendar"
        WISH = "wish"

    day = models.DateField()
    table = models.CharField(max_length=60)
    why = models.CharField(max_length=8, choices=Why, default=Why.CALENDAR)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-day", "table", "why"]
        constraints = [models.UniqueConstraint(fields=["day", "table", "why"], name="removals_of_a_day_counted_once")]

    @classmethod
    def note(cls, counts: dict[str, int], *, day: date, why: str = Why.CALENDAR) -> None:
        """Add these counts (by table) to those of the day."""
        for table, count in counts.items():
            if count:
                row, _made = cls.objects.get_or_create(day=day, table=table, why=why)
                cls.objects.filter(pk=row.pk).update(count=models.F("count") + count)


class Tally(Kept):
    """How often one door was knocked at within one span of time; `key` names door, span and who, and tells none."""

    privacy = Privacy("nobody", "P4", "limits that hold in every process", "two days")

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
