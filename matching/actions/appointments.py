"""Arranging: propose a time, agree, cancel. An agreed one blocks its quarter-hours for both persons."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.database import clash_means, find
from core.errors import Invalid, NotAllowed, StaleScreen, WrongState
from matching import rules, signals
from matching.actions.steps import keep_until
from matching.errors import SlotTaken
from matching.models import Appointment, BookedSlot, Match

QUARTER_HOUR = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FURTHEST = timedelta(days=366)


@transaction.atomic
def propose_appointment(*, match_id: object, start: datetime, end: datetime, by: User, now: datetime) -> Appointment:
    """Suggest a time for the visit. Raises NotVisible, NotAllowed, Invalid (past, backwards, too long, too far)."""
    rows = Match.objects.visible_to(by).select_related("request__quarter", "resident")
    match = find(rows, match_id)
    if not rules.may_arrange(by, match):
        raise NotAllowed
    if not now <= start <= now + FURTHEST:
        raise Invalid(fields={"start": [_("Bitte wählen Sie einen Zeitpunkt, der noch vor uns liegt.")]})
    if not timedelta() < end - start <= LONGEST:
        raise Invalid(fields={"end": [_("Das Ende muss nach dem Anfang liegen, höchstens zwölf Stunden später.")]})
    found = Appointment.objects.create(
        match=match, start=start, end=end, proposed_by=by, created_at=now, delete_on=keep_until(end)
    )
    signals.announce_appointment(found, move="propose", by=by, at=now)
    return found


@transaction.atomic
def agree_appointment(*, appointment_id: object, by: User, now: datetime) -> Appointment:
    """The other side says yes. Raises NotVisible, NotAllowed, WrongState, SlotTaken."""
    found = _seen(appointment_id, by)
    if found.proposed_by_id == by.pk or _same_side(found, by):
        raise NotAllowed(_("Ihren eigenen Vorschlag nimmt die andere Seite an."))
    if found.start < now:
        raise WrongState(_("Dieser Zeitpunkt ist schon vorbei."))
    _move(found, Appointment.State.PROPOSED, Appointment.State.AGREED)
    with clash_means(SlotTaken):
        BookedSlot.objects.bulk_create(
            BookedSlot(appointment=found, person=person, start=start)
            for person in (found.match.resident, found.match.volunteer)
            for start in quarter_hours(found.start, found.end)
        )
    signals.announce_appointment(found, move="agree", by=by, at=now)
    return found


@transaction.atomic
def cancel_appointment(*, appointment_id: object, by: User, now: datetime, reason: str = "") -> Appointment:
    """Either side calls it off; its quarter-hours are free again. Raises NotVisible, NotAllowed, WrongState."""
    found = _seen(appointment_id, by)
    if found.state not in (Appointment.State.PROPOSED, Appointment.State.AGREED):
        raise WrongState
    _move(found, found.state, Appointment.State.CANCELLED)
    found.slots.all().delete()
    signals.announce_appointment(found, move="cancel", by=by, at=now)
    return found


def quarter_hours(start: datetime, end: datetime) -> list[datetime]:
    """Every quarter of an hour that the stretch touches."""
    first = start - timedelta(minutes=start.minute % 15, seconds=start.second, microseconds=start.microsecond)
    count = -((first - end) // QUARTER_HOUR)
    return [first + QUARTER_HOUR * index for index in range(count)]


def _seen(appointment_id: object, by: User) -> Appointment:
    """The appointment, if this person sees its match and may arrange it."""
    rows = Appointment.objects.filter(match__in=Match.objects.visible_to(by))
    found = find(
        rows.select_related("proposed_by", "match__request__quarter", "match__resident", "match__volunteer"),
        appointment_id,
    )
    if not rules.may_arrange(by, found.match):
        raise NotAllowed
    return found


def _same_side(found: Appointment, by: User) -> bool:
    """The resident and the people they trust are one side: they do not fill the volunteer's day among themselves."""
    match, proposer = found.match, found.proposed_by
    if proposer is None or match.volunteer_id in (proposer.pk, by.pk):
        return False
    return roles.acts_for(proposer, match.resident) and roles.acts_for(by, match.resident)


def _move(found: Appointment, before: str, after: str) -> None:
    if found.state != before:
        raise WrongState
    rows = Appointment.objects.filter(pk=found.pk, state=before, version=found.version)
    if not rows.update(state=after, version=F("version") + 1):
        raise StaleScreen
    found.refresh_from_db(fields=["state", "version"])
