"""The visit itself: "Bin da", "Bin fertig", and the two questions after the first and the third."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.database import find
from core.errors import Invalid, NotAllowed, WrongState
from matching import rules, signals, states
from matching.actions.appointments import seen, step_appointment
from matching.actions.steps import keep_until
from matching.models import Appointment, CheckIn

EARLIEST = timedelta(hours=2)  # somebody comes so much before the time at most
FORGOTTEN = timedelta(hours=2)  # finished so long after the planned end: the planned time counts
CHECK_AFTER = (1, 3)  # visits of a pair


def may_come(visit: Appointment, now: datetime) -> bool:
    """Nobody said "Bin da" yet, and it is late enough to."""
    return visit.arrived_at is None and visit.start - EARLIEST <= now


@transaction.atomic
def arrive(*, appointment_id: object, by: User, now: datetime) -> Appointment:
    """ "Bin da". A second tap changes nothing. Raises NotVisible, NotAllowed, WrongState (too early, not agreed)."""
    found = _visit(appointment_id, by)
    states.appointment_after(found.state, "arrive")
    if found.arrived_at:
        return found
    if not may_come(found, now):
        raise WrongState(_("Bis zum Termin ist noch viel Zeit. Bitte tippen Sie erst, wenn Sie da sind."))
    return step_appointment(found, "arrive", by=by, now=now, arrived_at=now)


@transaction.atomic
def finish(*, appointment_id: object, by: User, now: datetime) -> Appointment:
    """
    "Bin fertig"; the minutes go into the log of hours. A second tap changes nothing.

    Who forgot to say that they came counts from the planned beginning; who says it hours late, the planned time.
    Raises NotVisible, NotAllowed, WrongState.
    """
    found = _visit(appointment_id, by)
    if found.state == states.DONE_VISIT and found.finished_at:
        return found
    states.appointment_after(found.state, "finish")
    if found.arrived_at is None and now < found.start:
        raise WrongState(_("Dieser Termin hat noch nicht begonnen."))
    arrived = found.arrived_at or found.start
    late = now - found.end > FORGOTTEN
    minutes = found.planned_minutes if late else round((now - arrived).total_seconds() / 60)
    came = {"arrived_at": arrived, "arrival_assumed": found.arrived_at is None}
    over = {"finished_at": max(now, arrived), "finished_by": by, "minutes": max(1, minutes)}
    step_appointment(found, "finish", by=by, now=now, **came, **over)
    _ask_both(found, by=by, now=now)
    return found


@transaction.atomic
def answer_check_in(
    *, check_in_id: object, by: User, now: datetime, was_fine: bool | None = None, again: bool | None = None
) -> CheckIn:
    """
    One or both answers; the office hears a no, the other side never. Raises NotVisible, NotAllowed, Invalid.

    `by`: the person asked, somebody the resident trusts, or a worker on their spoken word.
    """
    found = find(_check_ins(by), check_in_id)
    if not rules.may_answer_check_in(by, found):
        raise NotAllowed
    said = {key: value for key, value in (("was_fine", was_fine), ("again", again)) if value is not None}
    if not said:
        raise Invalid(_("Bitte tippen Sie auf eine Antwort."))
    for key, value in said.items():
        setattr(found, key, value)
    found.answered_at = now
    found.settled_at = None  # a new no is a new line on the desk
    found.save(update_fields=[*said, "answered_at", "settled_at"])
    return found


@transaction.atomic
def settle_check_in(*, check_in_id: object, by: User, now: datetime) -> CheckIn:
    """A worker saw to it. Raises NotVisible, NotAllowed."""
    found = find(_check_ins(by), check_in_id)
    if not rules.works_for_pair(by, found.match):
        raise NotAllowed
    found.settled_at, found.settled_by = now, by
    found.save(update_fields=["settled_at", "settled_by"])
    return found


def _check_ins(by: User):
    """Own ones and, for workers, those of their quarters; never the other side's."""
    rows = CheckIn.objects.select_related("match__request__quarter", "match__resident", "match__volunteer", "person")
    mine = CheckIn.objects.answered_by(by)
    return rows.filter(pk__in=mine.values("pk")) | rows.filter(pk__in=rules.check_ins_of_worker(by).values("pk"))


def _visit(appointment_id: object, by: User) -> Appointment:
    found = seen(appointment_id, by)
    if not rules.may_visit(by, found.match):
        raise NotAllowed
    return found


def _ask_both(found: Appointment, *, by: User, now: datetime) -> None:
    """After the first and the third visit each side is asked whether all was well."""
    visits = Appointment.objects.finished(found.match).count()
    if visits in CHECK_AFTER:
        people = (found.match.resident_id, found.match.volunteer_id)
        asked = [
            CheckIn(match=found.match, person_id=pk, visit=visits, asked_at=now, delete_on=keep_until(now))
            for pk in people
        ]
        CheckIn.objects.bulk_create(asked, ignore_conflicts=True)
        signals.announce_check_ins(found.match, visit=visits, by=by, at=now)
