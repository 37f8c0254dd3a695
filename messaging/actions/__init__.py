"""Verbs of the talk. Pages, API and sockets call these and nothing below them."""

from messaging.actions.conversations import close_conversation, open_conversation, open_missing_conversations
from messaging.actions.marks import mark_delivered, mark_many, mark_read
from messaging.actions.messages import Posted, messages_after, messages_before, post_message, post_messages
from messaging.actions.notices import send_notices
from messaging.actions.reminders import send_reminders

__all__ = [
    "Posted",
    "close_conversation",
    "mark_delivered",
    "mark_many",
    "mark_read",
    "messages_after",
    "messages_before",
    "open_conversation",
    "open_missing_conversations",
    "post_message",
    "post_messages",
    "send_notices",
    "send_reminders",
]
