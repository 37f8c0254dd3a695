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
from matching.actions.changes import run_change_rounds
from matching.actions.corrections import correct_visit, correctable_until, take_back_finish
from matching.actions.leaving import leave_all, lock_all_of, stop_helping
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
from matching.actions.proposals import check_offer, count_try, offer_help, propose_match
from matching.actions.reminders import mark_reminded, write_reminders
from matching.actions.requests import (
    change_request,
    expire_requests,
    publish_request,
    start_request,
    withdraw_request,
)
from matching.actions.rounds import (
    ask_for_round,
    carry_out_round,
    fail_stuck_rounds,
    run_night_rounds,
    run_round,
    run_small_round,
    run_waiting_rounds,
)
from matching.actions.series import agree_series, end_series, extend_series, propose_series
from matching.actions.suspensions import let_suspended_go
from matching.actions.swaps import swap_pairs
from matching.actions.visits import answer_check_in, arrive, finish, settle_check_in
from matching.actions.waves import catch_up_waves, next_wave
from matching.actions.weights import switch_on_weights

__all__ = [
    "RevealedAddress",
    "accept_match",
    "agree_appointment",
    "agree_series",
    "answer_check_in",
    "arrive",
    "ask_for_round",
    "cancel_appointment",
    "carry_out_round",
    "catch_up_waves",
    "change_request",
    "check_offer",
    "clear_match",
    "complete_match",
    "confirm_match",
    "correct_visit",
    "correctable_until",
    "count_try",
    "decline_match",
    "decline_times",
    "end_match",
    "end_series",
    "expire_matches",
    "expire_requests",
    "extend_series",
    "fail_stuck_rounds",
    "finish",
    "leave_all",
    "let_suspended_go",
    "lock_all_of",
    "make_calendar_feed",
    "mark_reminded",
    "meet_at_home",
    "meet_by_phone",
    "meet_elsewhere",
    "move_appointment",
    "move_match",
    "next_wave",
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
    "run_change_rounds",
    "run_night_rounds",
    "run_round",
    "run_small_round",
    "run_waiting_rounds",
    "settle_check_in",
    "start_request",
    "stop_helping",
    "swap_pairs",
    "switch_on_weights",
    "take_back_finish",
    "withdraw_request",
    "write_reminders",
]
