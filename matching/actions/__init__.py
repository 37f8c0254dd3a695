"""Verbs of matching: one function per thing a person can do, called by page, API, socket and command alike."""

from matching.actions.addresses import RevealedAddress, reveal_address
from matching.actions.appointments import (
    agree_appointment,
    cancel_appointment,
    decline_times,
    move_appointment,
    propose_appointment,
    propose_times,
)
from matching.actions.calendar_feeds import make_calendar_feed, reader_of, revoke_calendar_feed
from matching.actions.matches import (
    accept_match,
    clear_match,
    complete_match,
    confirm_match,
    decline_match,
    end_match,
    expire_matches,
    move_match,
    refuse_match,
    reject_match,
    release_match,
)
from matching.actions.meeting_places import meet_at_home, meet_by_phone, meet_elsewhere
from matching.actions.proposals import check_offer, offer_help, propose_match
from matching.actions.reminders import mark_reminded, write_reminders
from matching.actions.requests import (
    change_request,
    expire_requests,
    publish_request,
    start_request,
    withdraw_request,
)
from matching.actions.rounds import run_round
from matching.actions.series import agree_series, end_series, extend_series, propose_series
from matching.actions.visits import answer_check_in, arrive, finish, settle_check_in

__all__ = [
    "RevealedAddress",
    "accept_match",
    "agree_appointment",
    "agree_series",
    "answer_check_in",
    "arrive",
    "cancel_appointment",
    "change_request",
    "check_offer",
    "clear_match",
    "complete_match",
    "confirm_match",
    "decline_match",
    "decline_times",
    "end_match",
    "end_series",
    "expire_matches",
    "expire_requests",
    "extend_series",
    "finish",
    "make_calendar_feed",
    "mark_reminded",
    "meet_at_home",
    "meet_by_phone",
    "meet_elsewhere",
    "move_appointment",
    "move_match",
    "offer_help",
    "propose_appointment",
    "propose_match",
    "propose_series",
    "propose_times",
    "publish_request",
    "reader_of",
    "refuse_match",
    "reject_match",
    "release_match",
    "reveal_address",
    "revoke_calendar_feed",
    "run_round",
    "settle_check_in",
    "start_request",
    "withdraw_request",
    "write_reminders",
]
