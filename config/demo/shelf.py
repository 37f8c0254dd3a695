"""Rows put aside in memory and written in bulk, and moments relative to today."""

import random
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

_T = TypeVar("_T", bound=models.Model)


@dataclass
class Shelf:
    """
    The dice of this run and the rows made so far.

    `now`: the moment the city is built for; everything else is told in days and hours around it.
    """

    now: datetime
    dice: random.Random = field(default_factory=lambda: random.Random("gemeinsinn"))
    rows: dict[type[models.Model], list[Any]] = field(default_factory=lambda: defaultdict(list))

    def add(self, row: _T) -> _T:
        """Put a row aside; its key, where it is a UUID, comes from the dice, so that every run has the same ones."""
        if isinstance(row._meta.pk, models.UUIDField) and row._state.adding:
            row.pk = uuid.UUID(int=self.dice.getrandbits(128), version=4)
        self.rows[type(row)].append(row)
        return row

    def of(self, model: type[_T]) -> list[_T]:
        return self.rows[model]

    def write(self, *kinds: type[models.Model]) -> None:
        """Save what was put aside of these kinds, in this order."""
        for model in kinds:
            model._base_manager.bulk_create(self.rows[model], batch_size=400)

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A local moment so many days from today (negative: before), in UTC: sums over a clock change stay right."""
        day = timezone.localdate(self.now) + timedelta(days=days)
        return timezone.make_aware(datetime.combine(day, time(hour, minute))).astimezone(UTC)

    @staticmethod
    def awake(moment: datetime) -> datetime:
        """The same moment, or the next at which people answer: nobody says yes at three at night; in order."""
        local = timezone.localtime(moment)
        if 8 <= local.hour < 21:
            return moment
        local += timedelta(days=1 if local.hour >= 21 else 0)
        return local.replace(hour=8, minute=0, second=0, microsecond=0).astimezone(UTC)

    def chance(self, share: float) -> bool:
        return self.dice.random() < share
