"""The talk of one match and what belongs to it."""

from messaging.models.talks import (
    Conversation,
    ConversationQuerySet,
    Installation,
    Mark,
    MarkQuerySet,
    Message,
    Notice,
    SocketTicket,
)

__all__ = [
    "Conversation",
    "ConversationQuerySet",
    "Installation",
    "Mark",
    "MarkQuerySet",
    "Message",
    "Notice",
    "SocketTicket",
]
