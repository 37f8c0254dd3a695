"""Remove personal data whose day has come; the server does the same by itself four times a day."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from config.forgetting import forget, schedule_people
from config.retention import remove_expired


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, remove nothing")

    def handle(self, *, dry_run: bool, **options) -> None:
        due = _counted_only() if dry_run else forget(now=timezone.now())
        for label, count in due.items():
            self.stdout.write(f"{count:6d}  {label}")
        self.stdout.write(f"{sum(due.values()):6d}  {'would be removed' if dry_run else 'removed'}")


@transaction.atomic
def _counted_only() -> dict[str, int]:
    """The days are worked out to be counted, and forgotten again: a dry run leaves no trace."""
    schedule_people()
    due = remove_expired(today=timezone.localdate(), dry_run=True)
    transaction.set_rollback(True)
    return due
