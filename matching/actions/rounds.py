"""
A round is asked for, waits, is carried out, and is kept with what it found.

What must happen is a row: a round that waits is found by the clock even where no queue was woken for it.
"""

import logging
import time
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import roles
from accounts.models import User
from core.errors import NotVisible
from matching import signals, weighing
from matching.actions.carrying import Carrying, RoundIsGone
from matching.actions.steps import keep_until
from matching.models import HelpRequest, Round
from places.models import Quarter

STUCK_AFTER = timedelta(minutes=15)  # a quarter takes seconds; whatever runs so long lost its process
WAITED_ENOUGH = timedelta(seconds=5)  # then the clock takes a round that the queue did not
NIGHT_BEGINS, NIGHT_ENDS = 3, 7  # local hours between which the rounds of the night begin
UNDERWAY = (Round.State.WAITING, Round.State.RUNNING)

_log = logging.getLogger("gemeinsinn.matching")


@transaction.atomic
def ask_for_round(
    *, quarter: Quarter, by: User | None, now: datetime, dry_run: bool = False, kind: str = Round.Kind.HAND
) -> Round:
    """
    A round that waits to be carried out, and the house hears of it; one already underway is given back instead.

    `by` None: the clock. `dry_run`: it will keep its result and propose nobody. Raises NotVisible for somebody who
    does not work in the quarter.
    """
    found, is_new = _asked(quarter, by=by, now=now, dry_run=dry_run, kind=kind)
    if is_new:
        signals.announce_round(found)
    return found


def run_round(
    *, quarter: Quarter, by: User | None, now: datetime, dry_run: bool = False, kind: str = Round.Kind.HAND
) -> Round:
    """The same, carried out before it is given back: for commands, the clock and tests. Raises as `ask_for_round`."""
    found, _is_new = _asked(quarter, by=by, now=now, dry_run=dry_run, kind=kind)
    carry_out_round(round_id=found.pk, now=now)
    found.refresh_from_db()
    return found


def run_small_round(
    *, quarter: Quarter, requests: Collection[UUID], by: User | None, now: datetime, named: Collection[UUID] = ()
) -> Round:
    """
    Look at these requests alone, at once. `named`: those for which it is also written down why nobody was found.

    Raises NotVisible for somebody who does not work in the quarter.
    """
    if by and not roles.works_in(by, quarter):
        raise NotVisible
    found = _begun(quarter, by=by, now=now, kind=Round.Kind.CHANGE, state=Round.State.RUNNING)
    _carry_out(found, now=now, requests=requests, named=named)
    found.refresh_from_db()
    return found


def carry_out_round(*, round_id: object, now: datetime) -> bool:
    """Carry out one round that waits. False where it does not wait (any more): somebody else took it."""
    waiting = Round.objects.filter(pk=round_id, state=Round.State.WAITING)
    if not waiting.update(state=Round.State.RUNNING, started_at=now, step="load"):
        return False
    _carry_out(Round.objects.select_related("quarter").get(pk=round_id), now=now)
    return True


def run_waiting_rounds(*, now: datetime) -> int:
    """The clock: rounds for which the queue was not woken, oldest first. Returns how many; safe to run twice."""
    waiting = Round.objects.filter(state=Round.State.WAITING, started_at__lte=now - WAITED_ENOUGH)
    keys = list(waiting.order_by("started_at", "pk").values_list("pk", flat=True))
    return sum(_without_trouble(pk, now=now) for pk in keys)


def fail_stuck_rounds(*, now: datetime, after: timedelta = STUCK_AFTER) -> int:
    """The clock: rounds whose process went away. Returns how many; safe to run twice."""
    stuck = Round.objects.filter(state=Round.State.RUNNING, started_at__lte=now - after)
    return stuck.update(state=Round.State.FAILED, finished_at=now)


def run_night_rounds(*, now: datetime) -> int:
    """The clock, at night: each quarter where somebody is lacking, once a night. Returns how many quarters."""
    local = timezone.localtime(now)
    if not NIGHT_BEGINS <= local.hour < NIGHT_ENDS:
        return 0
    begin = local.replace(hour=NIGHT_BEGINS, minute=0, second=0, microsecond=0)
    done = Round.objects.filter(kind=Round.Kind.NIGHT, started_at__gte=begin).values("quarter")
    rounds = [
        ask_for_round(quarter=quarter, by=None, now=now, kind=Round.Kind.NIGHT)
        for quarter in quarters_lacking().exclude(pk__in=done)
    ]
    return sum(_without_trouble(found.pk, now=now) for found in rounds)


def quarters_lacking() -> QuerySet[Quarter]:
    """Quarters where an open request lacks somebody."""
    return Quarter.objects.filter(pk__in=HelpRequest.objects.lacking().values("quarter")).order_by("name", "pk")


def _asked(quarter: Quarter, *, by: User | None, now: datetime, dry_run: bool, kind: str) -> tuple[Round, bool]:
    if by and not roles.works_in(by, quarter):
        raise NotVisible
    with transaction.atomic():
        Quarter.objects.select_for_update(of=("self",)).get(pk=quarter.pk)  # two clicks follow each other
        same = Round.objects.filter(quarter=quarter, dry_run=dry_run, state__in=UNDERWAY)
        underway = same.exclude(kind=Round.Kind.CHANGE).order_by("started_at", "pk").first()
        if underway:
            return underway, False
        return _begun(quarter, by=by, now=now, kind=kind, state=Round.State.WAITING, dry_run=dry_run), True


def _begun(quarter: Quarter, *, by: User | None, now: datetime, kind: str, state: str, dry_run: bool = False) -> Round:
    return Round.objects.create(
        quarter=quarter,
        kind=kind,
        state=state,
        started_by=by,
        started_at=now,
        dry_run=dry_run,
        delete_on=keep_until(now),
    )


def _carry_out(
    found: Round, *, now: datetime, requests: Collection[UUID] | None = None, named: Collection[UUID] | None = None
) -> None:
    """Whatever goes wrong, the round says so and does not look as if it still ran."""
    began = time.monotonic()
    found.weighing = weighing.current(found.quarter)
    found.weights = weighing.weights_of(found.quarter)
    found.save(update_fields=["weighing", "weights"])
    try:
        Carrying(found, now=now, requests=requests, named=named).through()
    except RoundIsGone:
        _log.warning("round stopped, somebody else ended it round=%s", found.pk)
    except Exception:
        running = Round.objects.filter(pk=found.pk, state=Round.State.RUNNING)
        running.update(state=Round.State.FAILED, finished_at=now + timedelta(seconds=time.monotonic() - began))
        raise
    else:
        _log.info("round done round=%s quarter=%s kind=%s", found.pk, found.quarter_id, found.kind)


def _without_trouble(round_id: UUID, *, now: datetime) -> bool:
    """One quarter that fails does not keep the others waiting."""
    try:
        return carry_out_round(round_id=round_id, now=now)
    except Exception:
        _log.exception("round failed round=%s", round_id)
        return False
