"""Arranging: propose times, agree to one, move, cancel. An agreed one blocks its quarter-hours for both persons."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.database import clash_means, find
from core.errors import Invalid, NotAllowed, StaleScreen, WrongState
from matching import rules, signals, states
from matching.actions.steps import keep_until, lock_request
from matching.actions.visiting_days import check_day
from matching.errors import ArrangingRests, NotOnThatDay, SlotTaken
from matching.models import Appointment, BookedSlot, Match, Meet

QUARTER_HOUR = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
FURTHEST = timedelta(days=366)
MOST_TIMES = 4  # proposed together: more nobody reads
MOST_OPEN = 24  # proposals of one match without an answer

Span = tuple[datetime, datetime]


def propose_appointment(
    *, match_id: object, start: datetime, end: datetime, by: User, now: datetime, place: str = Meet.HOME
) -> Appointment:
    """Suggest one time for the visit. Raises what `propose_times` raises."""
    return propose_times(match_id=match_id, times=[(start, end)], by=by, now=now, place=place)[0]


@transaction.atomic
def propose_times(
    *,
    match_id: object,
    times: Sequence[Span],
    by: User,
    now: datetime,
    place: str = Meet.HOME,
    word_of: User | None = None,
) -> list[Appointment]:
    """
    Suggest one or several times, of which the other side agrees to one. `word_of`: see `agree_appointment`.

    Raises NotVisible, NotAllowed, ArrangingRests, Invalid (past, backwards, too long, too far, too many).
    """
    match = find(Match.objects.visible_to(by).select_related("request__quarter", "resident"), match_id)
    require_arranging(by, match)
    spans = sorted(set(times))
    if not 0 < len(spans) <= MOST_TIMES:
        raise Invalid(fields={"times": [_("Bitte schlagen Sie eine bis vier Zeiten vor.")]})
    if match.appointments.filter(state=states.PROPOSED, start__gt=now).count() + len(spans) > MOST_OPEN:
        raise Invalid(fields={"times": [_("Es warten schon viele Vorschläge auf eine Antwort.")]})
    offer, says = uuid4(), rules.spokesperson(by, match, word_of)
    return [_propose(match, span, by=says, now=now, place=place, offer=offer) for span in spans]


@transaction.atomic
def agree_appointment(*, appointment_id: object, by: User, now: datetime, word_of: User | None = None) -> Appointment:
    """
    The other side says yes; other times proposed with it fall away, and so does the visit it moves.

    `word_of`: the one of the two whom the worker `by` hears on the telephone; the yes is theirs.
    Of a visit that a series had to ask about, the first yes of two makes it that side's proposal. Raises NotVisible,
    NotAllowed, ArrangingRests, WrongState, SlotTaken, NotOnThatDay.
    """
    found = _seen(appointment_id, by)
    require_arranging(by, found.match)
    states.appointment_after(found.state, "agree")
    if found.start < now:
        raise WrongState(_("Dieser Zeitpunkt ist schon vorbei."))
    says = rules.spokesperson(by, found.match, word_of)
    if found.proposed_by is None and found.series_id:
        return step_appointment(found, "take_up", by=by, now=now, proposed_by=says)
    if found.proposed_by_id == says.pk or _same_side(found, says):
        raise NotAllowed(_("Ihren eigenen Vorschlag nimmt die andere Seite an."))
    _drop_others(found, now=now)
    adult = check_day(found.match, found.start, found.end, now=now)
    step_appointment(found, "agree", by=by, now=now, agreed_at=now, agreed_by=says, adult=adult)
    book(found)
    return found


@transaction.atomic
def cancel_appointment(
    *, appointment_id: object, by: User, now: datetime, reason: str = "", word_of: User | None = None
) -> Appointment:
    """
    Either side calls it off; its quarter-hours are free again, and the other side reads the reason.

    While the two rest from each other it is just called off: no word of one reaches the other, so none is kept.
    `word_of`: see `agree_appointment`.

    Raises NotVisible, NotAllowed, WrongState (also once the visit has begun).
    """
    found = _seen(appointment_id, by)
    if found.arrived_at:
        raise WrongState(_("Der Besuch hat schon begonnen."))
    says = rules.spokesperson(by, found.match, word_of)
    told = reason.strip()[:200] if rules.may_arrange(by, found.match) else ""
    said = {"cancelled_at": now, "cancelled_by": says, "cancel_reason": told}
    step_appointment(found, "cancel", by=by, now=now, **said)
    drop_wishes(found, now=now)
    found.slots.all().delete()
    return found


@transaction.atomic
def decline_times(
    *, appointment_id: object, by: User, now: datetime, reason: str = "", word_of: User | None = None
) -> list[Appointment]:
    """None of the times proposed together suits. Raises NotVisible, NotAllowed, WrongState."""
    found = _seen(appointment_id, by)
    together = [found.pk]
    if found.offer:
        rows = Appointment.objects.filter(match=found.match_id, offer=found.offer, state=states.PROPOSED)
        together = list(rows.order_by("start", "pk").values_list("pk", flat=True)) or together
    return [cancel_appointment(appointment_id=pk, by=by, now=now, reason=reason, word_of=word_of) for pk in together]


@transaction.atomic
def move_appointment(
    *,
    appointment_id: object,
    start: datetime,
    end: datetime,
    by: User,
    now: datetime,
    place: str = "",
    word_of: User | None = None,
) -> Appointment:
    """
    Propose another time instead. An agreed one stands until the other side agrees to the new time.

    `word_of`: see `agree_appointment`.

    Raises NotVisible, NotAllowed, ArrangingRests, WrongState, Invalid.
    """
    found = _seen(appointment_id, by)
    require_arranging(by, found.match)
    if found.arrived_at:
        raise WrongState(_("Der Besuch hat schon begonnen."))
    states.appointment_after(found.state, "move")
    for earlier in found.moved_to.filter(state=states.PROPOSED).select_related("match"):
        step_appointment(earlier, "move", by=by, now=now, cancelled_at=now)
    if found.state == states.PROPOSED:
        step_appointment(found, "move", by=by, now=now, cancelled_at=now)
    says = rules.spokesperson(by, found.match, word_of)
    return _propose(found.match, (start, end), by=says, now=now, place=place or found.place, replaces=found)


def book(found: Appointment) -> None:
    """Take its quarter-hours for both. Raises SlotTaken; the transaction stays usable."""
    with clash_means(SlotTaken):
        BookedSlot.objects.bulk_create(
            BookedSlot(appointment=found, person_id=person, start=start)
            for person in (found.match.resident_id, found.match.volunteer_id)
            for start in quarter_hours(found.start, found.end)
        )


def quarter_hours(start: datetime, end: datetime) -> list[datetime]:
    """Every quarter of an hour that the stretch touches."""
    first = start - timedelta(minutes=start.minute % 15, seconds=start.second, microseconds=start.microsecond)
    count = -((first - end) // QUARTER_HOUR)
    return [first + QUARTER_HOUR * index for index in range(count)]


def _propose(
    match: Match,
    span: Span,
    *,
    by: User,
    now: datetime,
    place: str,
    replaces: Appointment | None = None,
    **more: Any,
) -> Appointment:
    start, end = span
    if not now <= start <= now + FURTHEST:
        raise Invalid(fields={"start": [_("Bitte wählen Sie einen Zeitpunkt, der noch vor uns liegt.")]})
    if not timedelta() < end - start <= LONGEST:
        raise Invalid(fields={"end": [_("Das Ende muss nach dem Anfang liegen, höchstens zwölf Stunden später.")]})
    if place not in Meet.values:
        raise Invalid(fields={"place": [_("Bitte wählen Sie einen der Orte.")]})
    try:
        check_day(match, start, end, now=now, instead_of=replaces)
    except NotOnThatDay as why:
        raise Invalid(fields={"start": [str(why.detail)]}) from why
    found = Appointment.objects.create(
        match=match,
        start=start,
        end=end,
        proposed_by=by,
        created_at=now,
        delete_on=keep_until(end),
        place=place,
        replaces=replaces,
        **more,
    )
    signals.announce_appointment(found, move="propose", by=by, at=now)
    return found


def require_arranging(by: User, match: Match) -> None:
    """Only whoever may arrange times of this pair goes on. Raises NotAllowed, ArrangingRests."""
    if rules.may_arrange(by, match):
        return
    raise ArrangingRests if rules.may_call_off(by, match) else NotAllowed


def seen(appointment_id: object, by: User) -> Appointment:
    """The appointment with its request's row locked, if this person sees its match. Raises NotVisible."""
    rows = Appointment.objects.filter(match__in=Match.objects.visible_to(by))
    lock_request(find(rows.select_related("match"), appointment_id).match.request_id)
    together = ("proposed_by", "match__request__quarter", "match__resident", "match__volunteer")
    return Appointment.objects.select_related(*together).get(pk=appointment_id)


def _seen(appointment_id: object, by: User) -> Appointment:
    """The appointment, if this person sees its match and may at least call it off."""
    found = seen(appointment_id, by)
    if not rules.may_call_off(by, found.match):
        raise NotAllowed
    return found


def _same_side(found: Appointment, by: User) -> bool:
    """The resident and the people they trust are one side: they do not fill the volunteer's day among themselves."""
    match, proposer = found.match, found.proposed_by
    if proposer is None or match.volunteer_id in (proposer.pk, by.pk):
        return False
    return roles.acts_for(proposer, match.resident) and roles.acts_for(by, match.resident)


def _drop_others(found: Appointment, *, now: datetime) -> None:
    """The other times of the same proposal, and what this one moves; their quarter-hours are free first."""
    others = Appointment.objects.filter(match=found.match_id, offer=found.offer, state=states.PROPOSED)
    for other in others.exclude(pk=found.pk).select_related("match") if found.offer else ():
        step_appointment(other, "drop", by=None, now=now, cancelled_at=now)
    old = found.replaces
    if old and old.state == states.AGREED:
        if old.arrived_at:
            raise WrongState(_("Der Besuch hat schon begonnen."))
        old.slots.all().delete()
        step_appointment(old, "move", by=None, now=now, cancelled_at=now)


def drop_wishes(found: Appointment, *, now: datetime) -> None:
    """Nobody wishes to move any more what is called off."""
    for wish in found.moved_to.filter(state=states.PROPOSED).select_related("match"):
        step_appointment(wish, "drop", by=None, now=now, cancelled_at=now)


def step_appointment(found: Appointment, move: str, *, by: User | None, now: datetime, **changes: Any) -> Appointment:
    """One move of the table: the guarded row and the news. Raises WrongState or StaleScreen."""
    after = states.appointment_after(found.state, move)
    rows = Appointment.objects.filter(pk=found.pk, state=found.state, version=found.version)
    if not rows.update(state=after, version=F("version") + 1, **changes):
        raise StaleScreen
    found.refresh_from_db(fields=["state", "version", *changes])
    signals.announce_appointment(found, move=move, by=by, at=now)
    return found
