"""The clock as a process of its own, for installations with several server processes (REDIS_URL)."""

from django.core.management.base import BaseCommand
from huey.consumer import Consumer

from config.jobs import WORKERS, huey, tidy_after_a_crash


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options) -> None:
        tidy_after_a_crash()
        Consumer(huey, workers=WORKERS, flush_locks=True, graceful_signal="TERM", shutdown_timeout=4).run()
