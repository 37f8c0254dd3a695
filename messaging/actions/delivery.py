"""
Delivering notices: at least once, in practice once.

A person's notices that are due are claimed together, behind a lock on the person, sent as one mail, and marked after
it. Who crashes in between is taken over after the lease. The clock only wakes this; everything it does stands in rows.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q

from accounts import reach
from accounts.models import User
from messaging.actions.telling import next_answer_by
from messaging.models import Notice, NoticeQuerySet, NoticeWish, Way
from messaging.outbox import about, hours, sending, sms, ways
from messaging.outbox.kinds import KINDS, is_news, over

log = logging.getLogger("gemeinsinn.messaging")

LEASE = timedelta(minutes=5)
QUICK = (1, 2, 5, 15)  # of a way that has a louder one behind it
BACK_OFF = (1, 2, 5, 15, 60, 180, 360)  # minutes after each failed try; then it is the desk's
ONE_TALK = timedelta(minutes=30)  # of one conversation at most one mail in this time
PEOPLE_AT_ONCE = 500
Told = dict[UUID | None, datetime]  # talk -> when a mail about it left
WAITING, SENDING = Notice.State.WAITING, Notice.State.SENDING
TO_OFFICE = {Way.CALL: Notice.State.TO_CALL, Way.LETTER: Notice.State.TO_PRINT}


def deliver_notices(*, now: datetime) -> int:
    """The clock: whatever is due goes its way. Returns how many mails and text messages went out."""
    ask_again(now=now)
    clear_lists(now=now)
    people = _due(now).order_by("due_at").values_list("person", flat=True)
    return sum(_deliver_to(person, now=now) for person in list(dict.fromkeys(people))[:PEOPLE_AT_ONCE])


def ask_again(*, now: datetime) -> int:
    """Questions without an answer by their moment take the next way, in the end the office's telephone."""
    told = (Notice.State.SENT, Notice.State.SEEN)
    rows = Notice.objects.filter(state__in=told, answer_by__lte=now).select_related("person__notice_wish")
    return sum(_ask_again(notice, now=now) for notice in rows.order_by("answer_by", "pk")[:PEOPLE_AT_ONCE])


def _ask_again(notice: Notice, *, now: datetime) -> bool:
    rows = Notice.objects.filter(pk=notice.pk, state=notice.state, answer_by=notice.answer_by)
    way = _next_way(notice) if is_news(notice, now) else ""
    if not way:
        rows.update(answer_by=None)
        return False
    again = None if way == Way.CALL else next_answer_by(notice.until, now)
    log.info("notice without answer notice=%s next=%s", notice.pk, way)
    return bool(rows.update(state=WAITING, way=way, due_at=now, tries=0, answer_by=again))


def clear_lists(*, now: datetime) -> int:
    """What settled itself meanwhile leaves the lists of the office, in one query. Returns how many rows."""
    listed = Notice.objects.filter(state__in=[*TO_OFFICE.values(), Notice.State.FAILED])
    return listed.filter(over(now)).update(state=Notice.State.OVER, answer_by=None)


def _due(now: datetime) -> NoticeQuerySet:
    lost = Q(state=SENDING, claimed_until__lt=now)
    return Notice.objects.filter(Q(state=WAITING, due_at__lte=now) | lost)


def _deliver_to(person_id: UUID, *, now: datetime) -> int:
    claim = uuid4()
    with transaction.atomic():
        _claim_due(person_id, claim, now)
    held: dict[str, list[Notice]] = defaultdict(list)
    for notice in (
        Notice.objects.filter(claim=claim, state=SENDING)
        .select_related("person__quarter", "person__notice_wish")
        .with_pages()
        .order_by("pk")
    ):
        held[notice.way].append(notice)
    return sum(_send(way, notices, claim, now) for way, notices in held.items())


def _claim_due(person_id: UUID, claim: UUID, now: datetime) -> None:
    """Each due notice is put off, put on the office's list, found needless, or claimed for sending."""
    list(User.objects.filter(pk=person_id).select_for_update(no_key=True).values("pk"))  # two senders follow each other
    rows = _due(now).filter(person=person_id).select_related("person__notice_wish")
    due = list(rows.with_pages().order_by("written_at", "pk"))
    about.lock_talks(notice.thread for notice in due if notice.kind == "message")
    recent = _talks_told(person_id, {notice.thread for notice in due if notice.thread}, now)
    for notice in due:
        changes = _what_now(notice, recent, now)
        if changes is None:
            claimed = {"state": SENDING, "claim": claim, "claimed_until": now + LEASE, "way": notice.way}
            changes = claimed | {"tries": F("tries") + 1}
        _step(notice, now, **changes)


def _step(notice: Notice, now: datetime, **changes: Any) -> bool:
    """A guarded move: the row is still as it was read."""
    rows = _due(now).filter(pk=notice.pk, state=notice.state, tries=notice.tries)
    return bool(rows.update(**changes))


def _what_now(notice: Notice, talks: Told, now: datetime) -> dict[str, Any] | None:
    """The changes of a notice that is not sent now; None for one that is (its `way` is set)."""
    person, kind = notice.person, KINDS[notice.kind]
    if not person.is_active or person.suspended_at:
        return {"state": Notice.State.OVER}
    if not is_news(notice, now):
        return {"state": Notice.State.SEEN if notice.kind == "message" else Notice.State.OVER}
    wish = ways.wish_of(person)
    notice.way = notice.way or ways.ladder(person, wish, kind)[0]
    if notice.way == Way.NONE:
        return {"state": Notice.State.UNWANTED, "way": notice.way}
    if notice.way in TO_OFFICE:
        return {"state": Notice.State.LISTED if _is_listed(notice) else TO_OFFICE[Way(notice.way)], "way": notice.way}
    later = _hold(notice, wish, talks, now)
    if later > now:
        return {"due_at": later} if notice.state == WAITING else {"claimed_until": later}
    return None


def _is_listed(notice: Notice) -> bool:
    """
    The call list says it by itself, also to who wants letters: one list for each thing.

    Not of what is gone (somebody left for good), and not to somebody without a number what it has no letter for.
    """
    kind, person = KINDS[notice.kind], notice.person
    by_itself = kind.on_paper or (kind.on_call_list and not reach.only_by_letter(person))
    return by_itself and reach.only_by_phone(person) and about.is_there(notice)


def _hold(notice: Notice, wish: NoticeWish, talks: Told, now: datetime) -> datetime:
    """Not before this moment; `now` for what would be no news any more by then."""
    if notice.urgent:
        return now
    moment = now
    if notice.thread in talks:
        moment = max(moment, talks[notice.thread] + ONE_TALK)
    if wish.digest and KINDS[notice.kind].gathers:
        moment = max(moment, hours.digest_after(notice.written_at))
    moment = hours.after_quiet(moment, quiet_from=wish.quiet_from, quiet_until=wish.quiet_until)
    return now if notice.until and notice.until <= moment else moment


def _talks_told(person_id: UUID, threads: Iterable[UUID], now: datetime) -> Told:
    """Of these talks, when the last mail about each left, or is leaving just now."""
    mine = Notice.objects.filter(person=person_id, thread__in=threads, way__in=[Way.PUSH, Way.MAIL, Way.SMS])
    told = mine.filter(told_at__gt=now - ONE_TALK).order_by("told_at").only("thread", "told_at")
    leaving = mine.filter(state=SENDING, claimed_until__gte=now).values_list("thread", flat=True)
    at = {notice.thread: notice.told_at for notice in told if notice.told_at}
    return at | dict.fromkeys(leaving, now)


def _send(way: str, notices: list[Notice], claim: UUID, now: datetime) -> bool:
    try:
        name = sending.hint(notices, now) if way == Way.PUSH else sending.send(way, notices)
    except Exception as problem:  # whatever a mail server or a gateway throws: the others still get theirs
        for notice in notices:
            _failed(notice, claim, problem, now)
        return False
    for notice in notices:
        _mark_told(notice, claim, name, now)
    return True


def _mark_told(notice: Notice, claim: UUID, name: str, now: datetime) -> None:
    """`name`: what the way calls this sending, "" where it has none."""
    notice.used = [*notice.used, [notice.way, now.isoformat()]]
    changes: dict[str, Any] = {"used": notice.used, "told_at": now, "problem": "", "state": Notice.State.SENT}
    changes |= {"claim": None, "claimed_until": None} | _found_by(notice.way, name, now)
    louder = _next_way(notice) if notice.urgent and len(notice.used) == 1 else ""
    if louder:
        changes |= {"state": WAITING, "way": louder, "due_at": now, "tries": 0}
    Notice.objects.filter(pk=notice.pk, claim=claim, state=SENDING).update(**changes)
    log.info("notice sent notice=%s kind=%s way=%s", notice.pk, notice.kind, notice.way)


def _found_by(way: str, name: str, now: datetime) -> dict[str, Any]:
    """The name by which the device, or the gateway's report, finds it again; some notices have both."""
    if way == Way.PUSH:
        return {"hint": name}
    if way != Way.SMS or not name:
        return {}
    return {"reference": name} | ({"report_at": now + sms.FIRST_ASKED} if sms.can_be_asked() else {})


def _failed(notice: Notice, claim: UUID, problem: Exception, now: datetime) -> None:
    """Tried again later; after the last try, or where nobody takes it, by the next way, in the end the desk's."""
    name = type(problem).__name__
    log.warning("notice not sent notice=%s way=%s tries=%s error=%s", notice.pk, notice.way, notice.tries, name)
    changes: dict[str, Any] = {"problem": name[:40], "claim": None}
    waits = QUICK if notice.way == Way.PUSH else BACK_OFF
    if not sending.is_final(problem) and notice.tries <= len(waits):
        changes |= {"claimed_until": now + timedelta(minutes=waits[notice.tries - 1])}
    elif notice.way in (Way.PUSH, Way.SMS) and (other := way_instead(notice)):
        changes |= {"state": WAITING, "way": other, "due_at": now, "tries": 0, "claimed_until": None}
    else:
        changes |= {"state": Notice.State.FAILED, "claimed_until": None}
    Notice.objects.filter(pk=notice.pk, claim=claim, state=SENDING).update(**changes)


def _next_way(notice: Notice) -> str:
    """The way after the last one used; "" where there is none."""
    steps = ways.ladder(notice.person, ways.wish_of(notice.person), KINDS[notice.kind])
    if not notice.used:
        return steps[0] if steps[0] != Way.NONE else ""
    used = {way for way, _at in notice.used}
    if notice.urgent and used & ways.SILENT:
        used |= ways.SILENT
    return next((way for way in steps if way not in used), "")


def way_instead(notice: Notice) -> str:
    """A louder way than the one that does not reach them, and that was not used; "" where there is none."""
    steps = ways.louder_than(notice.way, notice.person, ways.wish_of(notice.person))
    used = {way for way, _at in notice.used}
    return next((way for way in steps if way not in used), "")
