"""Verbs of matching: one function per thing a person can do, called by page, API, socket and command alike."""

from matching.actions.addresses import RevealedAddress, reveal_address
from matching.actions.appointments import agree_appointment, cancel_appointment, propose_appointment
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
from matching.actions.requests import (
    change_request,
    expire_requests,
    publish_request,
    start_request,
    withdraw_request,
)
from matching.actions.rounds import run_round
from matching.actions.weights import switch_on_weights

__all__ = [
    "RevealedAddress",
    "accept_match",
    "agree_appointment",
    "cancel_appointment",
    "change_request",
    "check_offer",
    "clear_match",
    "complete_match",
    "confirm_match",
    "decline_match",
    "end_match",
    "expire_matches",
    "expire_requests",
    "meet_at_home",
    "meet_by_phone",
    "meet_elsewhere",
    "move_match",
    "offer_help",
    "propose_appointment",
    "propose_match",
    "publish_request",
    "refuse_match",
    "reject_match",
    "release_match",
    "reveal_address",
    "run_round",
    "start_request",
    "switch_on_weights",
    "withdraw_request",
]
