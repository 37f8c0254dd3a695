"""
The clock of the house: what happens without anybody asking, and the queue that wakes it.

The queue only wakes; what must happen is a row in our own tables, so a lost wake-up costs time and nothing else.
Every job is safe to run twice.
"""

import functools
import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.db import close_old_connections
from django.utils import timezone
from huey import Huey, RedisHuey, SqliteHuey, crontab

from accounts.actions.suspensions import lapse_suspensions
from config.forgetting import forget, remove_ended_logins
from matching import roster
from matching.actions import (
    carry_out_round,
    catch_up_waves,
    expire_matches,
    expire_requests,
    extend_series,
    fail_stuck_rounds,
    let_suspended_go,
    run_change_rounds,
    run_night_rounds,
    run_waiting_rounds,
)
from messaging.actions import ask_gateway, deliver_notices, open_missing_conversations, tell_reminders

log = logging.getLogger("gemeinsinn.jobs")


def _queue() -> Huey:
    name = settings.QUEUE_NAME
    if settings.REDIS_URL:
        return RedisHuey(name, url=settings.REDIS_URL)
    return SqliteHuey(name, filename=str(settings.DATA_DIR / f"{name}.sqlite3"))


huey = _queue()
WORKERS = 2  # a long round does not keep the clock from its other work
EVERY_MINUTE = crontab()
EVERY_TEN_MINUTES = crontab(minute="*/10")
# Four times a day and not once: a small server that sleeps at night still gets its turn.
DAILY = crontab(minute="17", hour="*/6")


def tidy_after_a_crash() -> None:
    """Before the clock starts: a round that still seems to run has lost its process."""
    fail_stuck_rounds(now=timezone.now(), after=timedelta(0))


def job(when) -> Callable:
    """A periodic job: never two of the same at once, one log line with its count."""

    def decorate(do: Callable[[], int | None]) -> Callable:
        @huey.periodic_task(when, name=do.__name__)
        @huey.lock_task(do.__name__)
        @functools.wraps(do)
        def run() -> None:
            if done := do():
                log.info("job done name=%s count=%s", do.__name__, done)

        return run

    return decorate


@huey.pre_execute(name="fresh_connections")
def _before(task) -> None:
    close_old_connections()


@huey.post_execute(name="no_stale_connections")
def _after(task, value, error) -> None:
    close_old_connections()


@job(EVERY_MINUTE)
def expire_what_waited_too_long() -> int:
    now = timezone.now()
    return expire_matches(now=now) + expire_requests(now=now)


@job(EVERY_MINUTE)
def keep_suspended_people_away() -> int:
    now = timezone.now()
    return lapse_suspensions(now=now) + let_suspended_go(now=now)


@job(EVERY_MINUTE)
def ask_the_next() -> int:
    return catch_up_waves(now=timezone.now())


@job(EVERY_MINUTE)
def mend_conversations() -> int:
    return open_missing_conversations(now=timezone.now())


@job(EVERY_MINUTE)
def tell_people_who_are_not_looking() -> int:
    now = timezone.now()
    ask_gateway(now=now)
    tell_reminders(now=now)
    return deliver_notices(now=now)


@job(DAILY)
def make_regular_visits() -> int:
    return extend_series(now=timezone.now())


@job(EVERY_MINUTE)
def run_rounds_that_wait() -> int:
    now = timezone.now()
    return fail_stuck_rounds(now=now) + run_waiting_rounds(now=now)


@job(EVERY_MINUTE)
def run_rounds_after_changes() -> int:
    return run_change_rounds(now=timezone.now())


@job(EVERY_TEN_MINUTES)  # the hours of the night are the quarter's own, not the queue's
def run_rounds_of_the_night() -> int:
    return run_night_rounds(now=timezone.now())


@huey.task(name="run_round_now")
def run_round_now(round_id: str) -> None:
    """Somebody asked for this round and looks at its page."""
    carry_out_round(round_id=round_id, now=timezone.now())


@huey.task(name="look_for_changes")
@huey.lock_task("run_rounds_after_changes")  # the same work: never twice at once
def look_for_changes() -> None:
    """Something changed some seconds ago."""
    run_change_rounds(now=timezone.now())


@job(DAILY)
def remove_what_is_over() -> int:
    return sum(forget(now=timezone.now()).values())


@job(DAILY)
def drop_old_notes_of_changes() -> int:
    return roster.drop_old_notes(now=timezone.now())


@job(DAILY)
def clear_old_sessions() -> None:
    call_command("clearsessions", verbosity=0)
    remove_ended_logins(now=timezone.now())
