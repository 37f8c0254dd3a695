"""After a restore from a backup: erase again whoever had been erased since (DATA_DIR/erased.txt). Safe to run twice."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.data_protection.erasing import replay_erasures


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options) -> None:
        self.stdout.write(f"{replay_erasures(now=timezone.now()):6d}  erased again")
