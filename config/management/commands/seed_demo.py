"""`manage.py seed_demo [--fresh]`: the demo city with invented people; does nothing where there are people already."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from config.demo.build import seed


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="empty the database first")

    def handle(self, *args: Any, fresh: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This fills the database with invented people. Set DEMO=1, or use ./run demo.")
        begun = time.monotonic()
        with _quiet():
            city = seed(now=timezone.now(), fresh=fresh)
        what = "built" if city.built else "kept as it was"
        self.stdout.write(
            f"Demo city {what} in {time.monotonic() - begun:.1f} s: {city.quarters} quarters, {city.people} people, "
            f"{city.requests} requests, {city.matches} matches, {city.messages} messages"
        )


@contextmanager
def _quiet() -> Iterator[None]:
    """Hundreds of moves in a few seconds would fill the log; afterwards it says as much as before."""
    log = logging.getLogger("gemeinsinn")
    before = log.level
    log.setLevel(logging.WARNING)
    try:
        yield
    finally:
        log.setLevel(before)
