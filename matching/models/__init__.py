"""Requests, matches and what follows from them."""

from matching.models.appointments import Appointment, BookedSlot, Meet, Series
from matching.models.calls import Call
from matching.models.matches import Match, MatchEvent, Order, Round, RoundResult, Weighing
from matching.models.requests import HelpRequest, RequestEvent, RequestWindow
from matching.models.visits import CalendarFeed, CheckIn, Reminder

__all__ = [
    "Appointment",
    "BookedSlot",
    "CalendarFeed",
    "Call",
    "CheckIn",
    "HelpRequest",
    "Match",
    "MatchEvent",
    "Meet",
    "Order",
    "Reminder",
    "RequestEvent",
    "RequestWindow",
    "Round",
    "RoundResult",
    "Series",
    "Weighing",
]
