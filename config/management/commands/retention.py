"""Remove personal data whose day has come; the server does the same by itself four times a day."""

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from config.forgetting import forget


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, remove nothing")

    def handle(self, *, dry_run: bool, **options) -> None:
        gone = _counted_only() if dry_run else forget(now=timezone.now())
        for label, count in gone.items():
            self.stdout.write(f"{count:6d}  {label}")
        self.stdout.write(f"{sum(gone.values()):6d}  {'would be removed' if dry_run else 'removed'}")


@transaction.atomic
def _counted_only() -> dict[str, int]:
    """Everything is done and taken back: what goes because something else went is counted too."""
    gone = forget(now=timezone.now())
    transaction.set_rollback(True)
    return gone
