"""Abstract bases only: core holds no word of our domain."""

import uuid

from django.db import models


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
