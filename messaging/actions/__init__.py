"""Verbs of the talk. Pages, API and sockets call these and nothing below them."""

from messaging.actions.conversations import close_conversation, open_conversation, open_missing_conversations
from messaging.actions.delivery import deliver_notices
from messaging.actions.marks import mark_delivered, mark_many, mark_read
from messaging.actions.messages import Posted, messages_after, messages_before, post_message, post_messages
from messaging.actions.reminders import tell_reminders
from messaging.actions.telling import saw, tell

__all__ = [
    "Posted",
    "close_conversation",
    "deliver_notices",
    "mark_delivered",
    "mark_many",
    "mark_read",
    "messages_after",
    "messages_before",
    "open_conversation",
    "open_missing_conversations",
    "post_message",
    "post_messages",
    "saw",
    "tell",
    "tell_reminders",
]
