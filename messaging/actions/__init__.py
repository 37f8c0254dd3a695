"""Verbs of the talk. Pages, API and sockets call these and nothing below them."""

from messaging.actions.arrivals import ask_gateway, hear_arrivals
from messaging.actions.conversations import close_conversation, open_conversation, open_missing_conversations
from messaging.actions.delivery import deliver_notices
from messaging.actions.devices import add_device, forget_devices, forget_session, remove_device
from messaging.actions.marks import mark_delivered, mark_many, mark_read
from messaging.actions.messages import Posted, messages_after, messages_before, post_message, post_messages
from messaging.actions.office import mark_called, mark_printed, retry_failed, retry_notice
from messaging.actions.order import block_in_talk, pause_talk, resume_talk, unblock_in_talk
from messaging.actions.reminders import tell_reminders
from messaging.actions.reports import (
    begin_reading,
    look_up,
    mark_told,
    messages_read,
    move_report,
    report_from_outside,
    report_message,
    report_person,
)
from messaging.actions.seeing import see_notices
from messaging.actions.taking_back import delete_message
from messaging.actions.telling import saw, tell
from messaging.actions.wishes import set_wishes

__all__ = [
    "Posted",
    "add_device",
    "ask_gateway",
    "begin_reading",
    "block_in_talk",
    "close_conversation",
    "delete_message",
    "deliver_notices",
    "forget_devices",
    "forget_session",
    "hear_arrivals",
    "look_up",
    "mark_called",
    "mark_delivered",
    "mark_many",
    "mark_printed",
    "mark_read",
    "mark_told",
    "messages_after",
    "messages_before",
    "messages_read",
    "move_report",
    "open_conversation",
    "open_missing_conversations",
    "pause_talk",
    "post_message",
    "post_messages",
    "remove_device",
    "report_from_outside",
    "report_message",
    "report_person",
    "resume_talk",
    "retry_failed",
    "retry_notice",
    "saw",
    "see_notices",
    "set_wishes",
    "tell",
    "tell_reminders",
    "unblock_in_talk",
]
