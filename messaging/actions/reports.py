"""Somebody says that something is wrong, and the office looks into it."""

import logging
from datetime import datetime, timedelta
from secrets import choice
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.database import find
from core.errors import Invalid, NotVisible, WrongState
from core.limits import count_up
from messaging import rules, states
from messaging.actions.telling import tell
from messaging.models import Conversation, Evidence, Message, Report, ReportEvent, TalkReading
from places.models import Quarter

log = logging.getLogger("gemeinsinn.messaging")
AROUND = 5  # messages before and after the reported one that are frozen with it
LAST = 10  # messages frozen with the report of a person
KEPT = timedelta(days=180)  # after it was settled
READING_KEPT = timedelta(days=3 * 365)
READING_LASTS = timedelta(minutes=15)  # one look, however often the page is turned
A_DAY = timedelta(days=1)
PER_PERSON, PER_ADDRESS, LOOK_UPS = 10, 5, 30  # a day
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that look alike
LONGEST = 2000


@transaction.atomic
def report_message(
    *, conversation_id: object, seq: int, by: User, now: datetime, reason: str = "", text: str = ""
) -> Report:
    """
    "Das ist mir unangenehm", about one message of the other; it and those around it are copied as they stand.

    The same message again while the report stands is the same report. Raises NotVisible, Invalid, TooMany.
    """
    talk = _talk(conversation_id, by)
    message = Message.objects.spoken().filter(conversation=talk, seq=seq).exclude(sender=by).first()
    if message is None:
        raise NotVisible
    if known := Report.objects.standing().filter(reporter=by, conversation=talk, message_seq=seq).first():
        return known
    said = _said(reason, text)
    report = _make(by=by, now=now, talk=talk, kind=Report.Kind.MESSAGE, message_seq=seq, **said)
    near = Message.objects.filter(conversation=talk, seq__gte=seq - AROUND, seq__lte=seq + AROUND)
    _freeze(report, near, talk)
    return report


@transaction.atomic
def report_person(
    *, conversation_id: object, by: User, now: datetime, reason: str = "", text: str = "", with_messages: bool = True
) -> Report:
    """
    "Das ist mir unangenehm", about the other of a talk. `with_messages`: the last ten are copied as they stand.

    Raises NotVisible, Invalid, TooMany.
    """
    talk, said = _talk(conversation_id, by), _said(reason, text)
    report = _make(by=by, now=now, talk=talk, kind=Report.Kind.PERSON, **said)
    if with_messages:
        _freeze(report, Message.objects.filter(conversation=talk, seq__gt=talk.last_seq - LAST), talk)
    return report


@transaction.atomic
def report_from_outside(
    *, quarter: Quarter, text: str, now: datetime, knock: str, reason: str = "", contact: str = "", by: User | None
) -> Report:
    """
    Anybody tells the office of a quarter; `by` None: without an account. `knock`: where it came from, for the limit.

    `contact`: how to reach them, if they wish. Raises Invalid, TooMany.
    """
    said = _said(reason, text)
    if not said["text"]:
        raise Invalid(fields={"text": [_("Bitte schreiben Sie in ein paar Worten, was los ist.")]})
    if by is None:
        count_up("report", knock, most=PER_ADDRESS, per=A_DAY, now=now)
    contact = _clean(contact)[:120]
    return _make(by=by, now=now, kind=Report.Kind.OTHER, quarter=quarter, contact=contact, **said)


@transaction.atomic
def move_report(
    *, report_id: object, move: str, by: User, now: datetime, outcome: str = "", answer: str = ""
) -> Report:
    """
    A worker takes a report up ("take"), or ends it: "settle", "dismiss", each with its `outcome`.

    `answer`: a sentence to the reporter. Raises NotVisible, Invalid, WrongState.
    """
    report = find(Report.objects.on_desk_of(by), report_id)
    after = states.report_after(report.state, move)
    fields: dict[str, Any] = {"state": after}
    if move == "take":
        fields["taken_by"] = by
    else:
        fields |= _ending(move, outcome, answer, report, now)
    if not Report.objects.filter(pk=report.pk, state=report.state).update(**fields):
        raise WrongState
    ReportEvent.objects.create(report=report, move=move, by=by, at=now)
    if after not in states.STANDING and report.reporter_id:
        tell([report.reporter_id], kind="report", event=f"report:{report.pk}:{move}", about=report.pk, now=now)
    log.info("report moved report=%s move=%s by=%s", report.pk, move, by.pk)
    report.refresh_from_db()
    return report


@transaction.atomic
def mark_told(*, report_id: object, by: User, now: datetime) -> Report:
    """The worker told the reporter on the telephone what came of it. Raises NotVisible, WrongState."""
    report = find(Report.objects.on_desk_of(by), report_id)
    if report.stands:
        raise WrongState
    if Report.objects.filter(pk=report.pk, told_at=None).update(told_at=now):
        ReportEvent.objects.create(report=report, move="tell", by=by, at=now)
    report.refresh_from_db()
    return report


@transaction.atomic
def begin_reading(*, report_id: object, by: User, now: datetime) -> TalkReading:
    """
    A worker reads the whole conversation of a standing report; written down first, and both of its people see it.

    Raises NotVisible (also where the talk is gone), WrongState.
    """
    report = find(Report.objects.on_desk_of(by).select_related("conversation"), report_id)
    if report.conversation is None:
        raise NotVisible
    if not report.stands:
        raise WrongState
    if running := _reading(report, by, now):
        return running
    ReportEvent.objects.create(report=report, move="read", by=by, at=now)
    log.info("conversation read report=%s by=%s", report.pk, by.pk)
    return TalkReading.objects.create(
        conversation=report.conversation,
        report=report,
        reader=by,
        match_id=report.conversation.match_id,
        at=now,
        delete_on=timezone.localdate(now) + READING_KEPT,
    )


def messages_read(*, report_id: object, by: User, now: datetime) -> list[Message]:
    """All that was said in the conversation, for whoever has just begun to read. Raises NotVisible."""
    report = find(Report.objects.on_desk_of(by).standing(), report_id)
    if _reading(report, by, now) is None:
        raise NotVisible
    return list(Message.objects.spoken().filter(conversation=report.conversation_id).select_related("sender"))


def look_up(*, number: str, knock: str, now: datetime) -> Report:
    """The report with this ticket number; tries are counted. Raises NotVisible, TooMany."""
    count_up("report.look_up", knock, most=LOOK_UPS, per=A_DAY, now=now)
    bare = "".join(letter for letter in number.upper() if letter in _LETTERS)
    report = Report.objects.filter(number=bare).first()
    if report is None:
        raise NotVisible
    return report


def _reading(report: Report, by: User, now: datetime) -> TalkReading | None:
    rows = TalkReading.objects.filter(report=report, reader=by, at__gt=now - READING_LASTS)
    return rows.exclude(conversation=None).first()


def _talk(conversation_id: object, by: User) -> Conversation:
    """Locked, so that what is copied is what stands."""
    rows = Conversation.objects.visible_to(by).select_related("match__request__quarter")
    return find(rows.select_for_update(of=("self",)), conversation_id)


def _make(*, by: User | None, now: datetime, talk: Conversation | None = None, **fields: Any) -> Report:
    if by is not None:
        count_up("report.person", by.pk, most=PER_PERSON, per=A_DAY, now=now)
    if talk is not None:
        about = talk.match.volunteer if by and by.pk == talk.match.resident_id else talk.match.resident
        fields |= {"conversation": talk, "about": about, "quarter": talk.match.request.quarter}
    number = "".join(choice(_LETTERS) for _n in range(10))
    report = Report.objects.create(number=number, reporter=by, made_at=now, **fields)
    ReportEvent.objects.create(report=report, move="make", by=by, at=now)
    log.info("report made report=%s kind=%s", report.pk, report.kind)
    return report


def _freeze(report: Report, rows: Any, talk: Conversation) -> None:
    names = {talk.match.resident_id: talk.match.resident.first_name}
    names[talk.match.volunteer_id] = talk.match.volunteer.first_name
    Evidence.objects.bulk_create(
        Evidence(
            report=report,
            seq=row.seq,
            writer_id=row.sender_id,
            writer_name=names.get(row.sender_id, ""),
            body=row.body,
            stored_at=row.stored_at,
            is_meant=row.seq == report.message_seq,
        )
        for row in rows.filter(deletes=None)
    )


def _ending(move: str, outcome: str, answer: str, report: Report, now: datetime) -> dict[str, Any]:
    if outcome not in states.OUTCOMES[move]:
        raise Invalid(fields={"outcome": [_("Bitte wählen Sie, wie es ausgegangen ist.")]})
    said = {"outcome": outcome, "answer": _clean(answer)[:400], "closed_at": now}
    hears = (report.reporter is None and not report.contact) or rules.hears_online(report.reporter)
    said["told_at"] = now if hears else None
    return said | {"delete_on": timezone.localdate(now) + KEPT}


def _said(reason: str, text: str) -> dict[str, Any]:
    if reason not in Report.Reason.values:
        raise Invalid(fields={"reason": [_("Bitte wählen Sie aus der Liste.")]})
    words = _clean(text)
    if len(words) > LONGEST:
        raise Invalid(fields={"text": [_("Das ist zu lang. Möglich sind 2000 Zeichen.")]})
    return {"reason": reason, "text": words}


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()
