"""Personal data leaves on the day it was promised to."""

import logging
from datetime import date

from django.apps import apps
from django.db import models

from core.models import Kept, Removed

log = logging.getLogger("gemeinsinn.retention")


def kept_models() -> list[type[models.Model]]:
    """Every model whose rows carry `delete_on`, in a fixed order."""
    return sorted((m for m in apps.get_models() if issubclass(m, Kept)), key=lambda m: m._meta.label)


def remove_expired(*, today: date, dry_run: bool = False) -> dict[str, int]:
    """
    Delete every row whose `delete_on` is before `today`; what hangs on it goes by the database's own rules.

    Returns {"matching.Match": rows due}. A row others still need (protected) stays, is counted in the log, and is
    tried again the next time.
    """
    due = {}
    for model in kept_models():
        rows = model._base_manager.filter(delete_on__lt=today)
        due[model._meta.label] = rows.count() if dry_run else sum(_removed(row) for row in rows.iterator())
    if not dry_run:
        Removed.note(due, day=today)
    for label, count in due.items():
        if count and not dry_run:
            log.info("retention removed model=%s count=%s", label, count)
    return due


def _removed(row: models.Model) -> int:
    try:
        row.delete()
    except (models.ProtectedError, models.RestrictedError):
        log.warning("retention kept protected model=%s id=%s", row._meta.label, row.pk)
        return 0
    return 1
