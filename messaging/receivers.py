"""What messaging hears from the floors below. Connected in `MessagingConfig.ready()`."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts import roles
from accounts.models import User
from matching import states
from matching.models import Appointment, Match, Series
from messaging import rules
from messaging.actions import close_conversation, forget_devices, forget_session, open_conversation
from messaging.actions.order import talks_between, tell_talk_moved
from messaging.models import PushSubscription
from messaging.wake import wake


def hear_match_moved(sender: type, match: Match, move: str, at: datetime, **_: Any) -> None:
    """Confirmed: the talk opens. Over: it closes some days later. Whoever may see the match hears that it moved."""
    if not Match.objects.filter(pk=match.pk).exists():  # it went with somebody's data
        return
    if match.state == states.CONFIRMED:
        open_conversation(match=match, now=at)
    elif match.state in (states.ENDED, states.COMPLETED):
        close_conversation(match=match, now=at)
    _tell(match, {"type": "event", "kind": "match_moved", "id": str(match.pk), "move": move})


def hear_appointment_moved(sender: type, appointment: Appointment, move: str, **_: Any) -> None:
    match_id = str(appointment.match_id)
    news = {"type": "event", "kind": "appointment_moved", "id": str(appointment.pk), "match": match_id, "move": move}
    _tell(appointment.match, news)


def hear_series_moved(sender: type, series: Series, move: str, **_: Any) -> None:
    match_id = str(series.match_id)
    news = {"type": "event", "kind": "series_moved", "id": str(series.pk), "match": match_id, "move": move}
    _tell(series.match, news)


def hear_session_ended(sender: type, instance: Session, **_: Any) -> None:
    """Logged out, ended from the list of sessions, or the password changed: its sockets look again at once."""
    try:
        person_id = UUID(str(instance.get_decoded().get(SESSION_KEY, "")))
    except ValueError:  # a session of nobody
        return
    forget_session(session_key=instance.session_key)
    transaction.on_commit(partial(wake, [person_id], {"type": "recheck"}))


def hear_access_changed(sender: type, person: User, **_: Any) -> None:
    """Suspended, cut off, blocked, a role taken: their sockets look again at once, and devices go with them."""
    if person.pk is None:  # erased, and the devices with them
        return
    cut = PushSubscription.objects.filter(person=person.pk).exclude(epoch=person.auth_epoch).exists()
    if cut or person.suspended_at or roles.needs_second_factor(person):
        forget_devices(person_ids=[person.pk])
    wake([person.pk], {"type": "recheck"})


def hear_block_changed(sender: type, blocker: User, blocked: User, **_: Any) -> None:
    """The talks of the two shut or open; their pages look again at once."""
    for talk in talks_between(blocker.pk, blocked.pk):
        tell_talk_moved(talk, shut=rules.are_apart(talk) or not rules.is_open(talk, timezone.now()))


def hear_password_changed(sender: type, user: User, **_: Any) -> None:
    """Sessions made with the old password are none any more, nor are the devices switched on in them."""
    forget_devices(person_ids=[user.pk])
    transaction.on_commit(partial(wake, [user.pk], {"type": "recheck"}))


def _tell(match: Match, news: dict[str, str]) -> None:
    """Nobody hears of a match they may not see yet."""
    rows = Match.objects.filter(pk=match.pk)
    for found in rows.select_related("resident", "volunteer"):
        wake([p.pk for p in (found.resident, found.volunteer) if rows.visible_to(p).exists()], news)
