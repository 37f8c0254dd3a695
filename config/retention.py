"""Personal data leaves on the day it was promised to."""

import logging
from datetime import date
from functools import partial

from django.apps import apps
from django.db import models, transaction

from core.models import Kept, Removed

log = logging.getLogger("gemeinsinn.retention")


def kept_models() -> list[type[models.Model]]:
    """Every model whose rows carry `delete_on`, in a fixed order."""
    return sorted((m for m in apps.get_models() if issubclass(m, Kept)), key=lambda m: m._meta.label)


def remove_expired(*, today: date) -> dict[str, int]:
    """
    Delete every row whose `delete_on` is before `today`; what hangs on it goes by the database's own rules.

    Returns {"matching.Match": rows that went}. A row others still need (protected) stays, is counted in the log, and is
    tried again the next time.
    """
    gone = {}
    for model in kept_models():
        rows = model._base_manager.filter(delete_on__lt=today)
        gone[model._meta.label] = sum(_removed(row) for row in rows.iterator())
    note(gone, today=today)
    return gone


def note(gone: dict[str, int], *, today: date) -> None:
    """What went stands in the proof and, once that is sure, in the log."""
    Removed.note(gone, day=today)
    for label, count in gone.items():
        if count:
            transaction.on_commit(partial(log.info, "retention removed model=%s count=%s", label, count))


def _removed(row: models.Model) -> int:
    try:
        row.delete()
    except (models.ProtectedError, models.RestrictedError):
        log.warning("retention kept protected model=%s id=%s", row._meta.label, row.pk)
        return 0
    return 1
