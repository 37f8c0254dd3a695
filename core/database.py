"""Two helpers around the database: find as someone, and name what a broken constraint means."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction

from core.errors import HouseError, NotVisible

_T = TypeVar("_T", bound=models.Model)


def find(rows: models.QuerySet[_T], pk: object) -> _T:
    """The row with this key among `rows` (already narrowed to what the person may see), else NotVisible."""
    try:
        return rows.get(pk=pk)
    except (ObjectDoesNotExist, ValidationError, ValueError, TypeError, OverflowError) as nothing:
        raise NotVisible from nothing


@contextmanager
def clash_means(error: type[HouseError]) -> Iterator[None]:
    """Inside, a broken constraint becomes `error`; the outer transaction stays usable."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        raise error from clash
