"""Requests, matches and what follows from them."""

from matching.models.appointments import Appointment, BookedSlot
from matching.models.matches import Match, MatchEvent, Order, Round, RoundResult, Weighing
from matching.models.requests import HelpRequest, RequestEvent, RequestWindow

__all__ = [
    "Appointment",
    "BookedSlot",
    "HelpRequest",
    "Match",
    "MatchEvent",
    "Order",
    "RequestEvent",
    "RequestWindow",
    "Round",
    "RoundResult",
    "Weighing",
]
