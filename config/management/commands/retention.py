"""Remove personal data whose day has come; the server does the same by itself four times a day."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.forgetting import remove_homeless_places, schedule_people
from config.retention import remove_expired


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count only, remove nothing")

    def handle(self, *, dry_run: bool, **options) -> None:
        schedule_people()
        due = remove_expired(today=timezone.localdate(), dry_run=dry_run)
        if not dry_run:
            due["places.Place"] = remove_homeless_places()
        for label, count in due.items():
            self.stdout.write(f"{count:6d}  {label}")
        self.stdout.write(f"{sum(due.values()):6d}  {'would be removed' if dry_run else 'removed'}")
