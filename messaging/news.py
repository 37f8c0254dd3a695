"""
What messaging writes down together with a move: who must hear of it. Connected in `MessagingConfig.ready()`.

Runs inside the transaction of the move (`matching.signals.moving`): an error here undoes it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from accounts import roles
from accounts.models import User
from matching import states
from matching.models import Appointment, CheckIn, Match, Series
from matching.models.matches import LEFT
from messaging.actions.telling import tell

URGENT_BEFORE = timedelta(hours=12)  # a visit called off so shortly before cannot wait for the morning
# move of a match -> (who hears, which kind)
TELLS: dict[str, tuple[tuple[str, str], ...]] = {
    "release": (("volunteer", "asked"),),
    "accept": (("resident", "accepted"),),
    "clear": (("resident", "accepted"),),
    "confirm": (("volunteer", "confirmed"), ("resident", "confirmed")),
    "close": (("volunteer", "thanks"),),
    "refuse": (("volunteer", "thanks"),),
    "end": (("volunteer", "ended"), ("resident", "ended")),
}
APPOINTMENTS = {
    "propose": "proposed",
    "take_up": "proposed",
    "ask": "proposed",
    "agree": "agreed",
    "cancel": "called_off",
}
SERIES = {"propose_series": "proposed", "agree_series": "agreed", "end_series": "series_over"}


# Whose word a worker passes on when the move was heard on the telephone: they know it, like whoever does it themselves.
SPEAKS = {"accept": "volunteer", "decline": "volunteer", "confirm": "resident", "refuse": "resident"}


def hear_match(
    sender: type, match: Match, move: str, by: User | None, at: datetime, spoken: bool = False, **_: Any
) -> None:
    """Whoever made the move knows; a match nobody was asked about yet ends unheard."""
    if match.end_reason == LEFT and move in ("close", "end") and (spoken or by is None or by.pk == match.volunteer_id):
        _hear_left(match, at)
        return
    knows = getattr(match, f"{SPEAKS[move]}_id") if spoken and move in SPEAKS else by and by.pk
    for role, kind in TELLS.get(move, ()):
        person: UUID = getattr(match, f"{role}_id")
        unheard = match.asked_at is None if role == "volunteer" else match.needs_review
        if not unheard and person != knows:
            event = f"match:{match.pk}:{move}:{match.version}"
            until = match.deadline if kind == "asked" else None
            tell([person], kind=kind, event=event, about=match.pk, thread=match.pk, until=until, now=at)


def _hear_left(match: Match, at: datetime) -> None:
    """The volunteer is gone for good, and the match with them; whoever heard of their yes must not wait for them."""
    if match.accepted_at is None or match.needs_review:
        return
    visits = match.appointments.filter(state=states.AGREED, arrived_at__isnull=True)
    soon = visits.filter(start__gt=at, start__lt=at + URGENT_BEFORE).exists()
    tell([match.resident_id], kind="left", event=f"match:{match.pk}:left", urgent=soon, now=at)


def hear_appointment(
    sender: type, appointment: Appointment, move: str, by: User | None, at: datetime, **_: Any
) -> None:
    """The other side hears; times proposed together are one thing, and so are all visits of a series that ends."""
    kind = APPOINTMENTS.get(move, "")
    if move == "propose" and appointment.replaces_id:
        kind = "moved"
    if move == "cancel" and (appointment.agreed_at is None or _ends_with_series(appointment)):
        return  # a proposal turned down stands in the talk
    if not kind:
        return
    about = appointment.offer if move == "propose" and appointment.offer else appointment.pk
    tell(
        _others(appointment.match, _whose_word(appointment, move) or by),
        kind=kind,
        event=f"time:{about}:{move}:{appointment.version}",
        about=about,
        thread=appointment.match_id,
        until=appointment.start,
        urgent=move == "cancel" and appointment.start - at < URGENT_BEFORE,
        now=at,
    )


def hear_series(sender: type, series: Series, move: str, by: User | None, at: datetime, **_: Any) -> None:
    if move == "end_series" and series.agreed_at is None:
        return
    if kind := SERIES.get(move):
        event = f"series:{series.pk}:{move}"
        tell(_others(series.match, by), kind=kind, event=event, about=series.pk, thread=series.match_id, now=at)


def hear_check_ins(sender: type, match: Match, visit: int, at: datetime, **_: Any) -> None:
    for found in CheckIn.objects.filter(match=match, visit=visit):
        event = f"check_in:{found.pk}"
        tell([found.person_id], kind="check_in", event=event, about=found.pk, thread=match.pk, now=at)


def _whose_word(appointment: Appointment, move: str) -> User | None:
    """Said on the telephone, it is theirs whom the worker heard."""
    names = {"agree": "agreed_by", "cancel": "cancelled_by", "take_up": "proposed_by"}
    return getattr(appointment, names[move]) if move in names else None


def _others(match: Match, by: User | None) -> Iterable[UUID]:
    """The side that did not do it; both, where the office or the clock did."""
    if by and by.pk == match.volunteer_id:
        return [match.resident_id]
    if by and roles.acts_for(by, match.resident):
        return [match.volunteer_id]
    return [match.resident_id, match.volunteer_id]


def _ends_with_series(appointment: Appointment) -> bool:
    return (
        appointment.series_id is not None
        and Series.objects.filter(pk=appointment.series_id, ended_at__isnull=False).exists()
    )
