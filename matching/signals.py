"""
What the house hears from matching: one announcement per move, sent by the verb, after commit.

What must be written together with the move is written by listeners of `moving`, before it.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.dispatch import Signal

from accounts.models import User
from matching.models import Appointment, CheckIn, HelpRequest, Match, Round, Series

match_moved = Signal()  # sender=Match; match, move, by (None: the system), at, spoken (by passed on somebody's word)
request_moved = Signal()  # sender=HelpRequest; request, move, by, at
appointment_moved = Signal()  # sender=Appointment; appointment, move, by, at
series_moved = Signal()  # sender=Series; series, move, by, at
check_ins_asked = Signal()  # sender=CheckIn; match, visit (which one it was), by, at
# The same words inside the transaction: a listener that fails undoes the move. sender: the model.
moving = Signal()
round_wanted = Signal()  # sender=Round; round (waiting): whoever keeps the queue wakes it


def announce(match: Match, *, move: str, by: User | None, at: datetime, spoken: bool = False) -> None:
    """Tell the upper floors, once the transaction is through. A listener that fails never undoes the move."""
    _announce(match_moved, Match, match=match, move=move, by=by, at=at, spoken=spoken)


def announce_request(request: HelpRequest, *, move: str, by: User | None, at: datetime) -> None:
    _announce(request_moved, HelpRequest, request=request, move=move, by=by, at=at)


def announce_appointment(appointment: Appointment, *, move: str, by: User | None, at: datetime) -> None:
    _announce(appointment_moved, Appointment, appointment=appointment, move=move, by=by, at=at)


def announce_series(series: Series, *, move: str, by: User | None, at: datetime) -> None:
    _announce(series_moved, Series, series=series, move=move, by=by, at=at)


def announce_check_ins(match: Match, *, visit: int, by: User, at: datetime) -> None:
    _announce(check_ins_asked, CheckIn, match=match, visit=visit, by=by, at=at)


def announce_round(found: Round) -> None:
    """A round waits to be carried out."""
    _after_commit(round_wanted, Round, round=found)


def _announce(signal: Signal, sender: type, **news: object) -> None:
    moving.send(sender=sender, **news)
    _after_commit(signal, sender, **news)


def _after_commit(signal: Signal, sender: type, **news: object) -> None:
    transaction.on_commit(partial(signal.send_robust, sender=sender, **news))
