"""Did a text message arrive? The gateway is asked by the clock, or calls back; what did not goes another way."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from messaging.actions.delivery import WAITING, way_instead
from messaging.models import Notice, Way
from messaging.outbox import sms

log = logging.getLogger("gemeinsinn.messaging")
UNDELIVERED = "Undelivered"  # kept as the problem of the notice
ASKED_FOR = timedelta(days=2)  # after it was sent; what is not known by then nobody will know
AT_ONCE = 50  # questions to the gateway in one minute


def ask_gateway(*, now: datetime) -> int:
    """The clock: asks about what was sent, less often the longer it takes. Returns how many are known now."""
    rows = Notice.objects.filter(report_at__lte=now).exclude(reference="").order_by("report_at", "pk")
    due = dict(rows.values_list("reference", "told_at"))
    return sum(_ask(reference, told_at or now, now) for reference, told_at in list(due.items())[:AT_ONCE])


def _ask(reference: str, told_at: datetime, now: datetime) -> bool:
    answer = _answer(reference)
    if answer:
        hear_arrivals([(reference, answer)], now=now)
        return True
    again = now + max(sms.FIRST_ASKED, now - told_at) if now - told_at < ASKED_FOR else None
    Notice.objects.called(reference).filter(report_at__isnull=False).update(report_at=again)
    return False


def _answer(reference: str) -> str:
    try:
        return sms.report(reference)
    except Exception as problem:  # a gateway of the operator's own may raise anything: asked again
        log.warning("gateway not asked error=%s", type(problem).__name__)
        return ""


def hear_arrivals(reports: Iterable[tuple[str, str]], *, now: datetime) -> int:
    """
    What a gateway says of its messages: (reference, "delivered" or "failed"); the first word counts.

    Returns how many notices it was about. Several left in one message.
    """
    return sum(_hear(reference, state, now) for reference, state in reports if reference)


def _hear(reference: str, state: str, now: datetime) -> int:
    rows = list(Notice.objects.called(reference).select_related("person__notice_wish").order_by("pk"))
    for row in rows:
        if row.reached_at or row.problem == UNDELIVERED:
            continue
        known = Notice.objects.filter(pk=row.pk, reached_at__isnull=True)
        if state == sms.DELIVERED:
            known.update(reached_at=now, report_at=None)
        elif state == sms.FAILED:
            log.warning("text not delivered notice=%s", row.pk)
            known.update(problem=UNDELIVERED, report_at=None)
            _go_on(row, now)
    return len(rows)


def _go_on(notice: Notice, now: datetime) -> None:
    """Another way, where this was the last one told by and nobody saw it; without one it is the desk's."""
    last = Notice.objects.filter(pk=notice.pk, state=Notice.State.SENT, way=Way.SMS, seen_at__isnull=True)
    if other := way_instead(notice):
        last.update(state=WAITING, way=other, due_at=now, tries=0)
    else:
        last.update(state=Notice.State.FAILED)
