""" "Bin fertig" said wrongly: the minutes said anew, or taken back. For a while, and by whoever said it."""

import logging
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Invalid, NotAllowed, WrongState
from matching import rules, states
from matching.actions.appointments import LONGEST, seen, step_appointment
from matching.models import Appointment, CheckIn

MIDNIGHT = time(23, 59)  # as people say it: "heute, 23:59 Uhr" and not "morgen, 0 Uhr"
AT_LEAST = timedelta(hours=2)  # for a visit that ends shortly before midnight
OFFICE = timedelta(days=7)  # a helper calls on Monday about Friday
MOST_MINUTES = round(LONGEST.total_seconds() / 60)

_log = logging.getLogger("gemeinsinn.matching")


def correctable_until(visit: Appointment, user: User, *, now: datetime) -> datetime | None:
    """
    Up to when this person may say it anew: the day on which it was said, a worker a week. None: not, or no more.

    Needs `match.request.quarter` selected.
    """
    if visit.state != states.DONE_VISIT or not visit.finished_at or not rules.may_correct_visit(user, visit):
        return None
    evening = timezone.make_aware(datetime.combine(timezone.localdate(visit.finished_at), MIDNIGHT))
    own = user.pk == visit.match.volunteer_id
    until = max(evening, visit.finished_at + AT_LEAST) if own else visit.finished_at + OFFICE
    return until if now < until else None


@transaction.atomic
def correct_visit(*, appointment_id: object, minutes: int, by: User, now: datetime) -> Appointment:
    """
    It took another time; the log of hours follows. The same minutes once more change nothing.

    Raises NotVisible, NotAllowed, WrongState (not finished, too late), StaleScreen, Invalid.
    """
    found = _said_over(appointment_id, by, "correct", now=now)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Invalid(fields={"minutes": [_("Bitte geben Sie eine Dauer zwischen einer Minute und zwölf Stunden an.")]})
    if found.minutes == minutes:
        return found
    step_appointment(found, "correct", by=by, now=now, minutes=minutes, finished_by=by, corrected_at=now)
    _log.info("visit corrected appointment=%s by=%s", found.pk, by.pk)
    return found


@transaction.atomic
def take_back_finish(*, appointment_id: object, by: User, now: datetime) -> Appointment:
    """
    "Bin fertig" was a mistake: the visit is agreed again, as before that tap. A second tap changes nothing.

    Questions asked because of it go, except those somebody answered: what they said stays with the office, and
    nobody learns by this that they did.

    Raises NotVisible, NotAllowed, WrongState (not finished, too late), StaleScreen.
    """
    found = seen(appointment_id, by)
    if found.state == states.AGREED and rules.may_visit(by, found.match):
        return found
    found = _said_over(appointment_id, by, "take_back", now=now)
    unsaid = {"finished_at": None, "minutes": None, "finished_by": None, "corrected_at": None}
    came = {"arrived_at": None, "arrival_assumed": False} if found.arrival_assumed else {}
    step_appointment(found, "take_back", by=by, now=now, **unsaid, **came)
    _ask_no_more(found)
    _log.info("visit taken back appointment=%s by=%s", found.pk, by.pk)
    return found


def _said_over(appointment_id: object, by: User, move: str, *, now: datetime) -> Appointment:
    """A finished visit that this person may still say anew."""
    found = seen(appointment_id, by)
    if not rules.may_correct_visit(by, found):
        raise NotAllowed
    states.appointment_after(found.state, move)
    if correctable_until(found, by, now=now) is None:
        raise WrongState(_("Das lässt sich hier nicht mehr ändern. Bitte rufen Sie im Quartiersbüro an."))
    return found


def _ask_no_more(found: Appointment) -> None:
    asked = CheckIn.objects.filter(match=found.match, visit__gt=Appointment.objects.finished(found.match).count())
    asked.filter(answered_at__isnull=True, settled_at__isnull=True).delete()
