"""Building a world once and asking it many things, each as if the others had never been asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from matching import roster


@contextmanager
def undone() -> Iterator[None]:
    """What happens to the rows inside is taken back at the end; for tests whose rows are rolled back anyway."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    roster.forget()
