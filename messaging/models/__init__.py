"""The talk of one match and what belongs to it."""

from messaging.models.devices import PushSubscription, PushSubscriptionQuerySet
from messaging.models.outbox import Notice, NoticeQuerySet, NoticeWish, Way
from messaging.models.reports import Evidence, Report, ReportEvent, ReportQuerySet, TalkReading
from messaging.models.talks import (
    Conversation,
    ConversationQuerySet,
    Installation,
    Mark,
    MarkQuerySet,
    Message,
    SocketTicket,
)

__all__ = [
    "Conversation",
    "ConversationQuerySet",
    "Evidence",
    "Installation",
    "Mark",
    "MarkQuerySet",
    "Message",
    "Notice",
    "NoticeQuerySet",
    "NoticeWish",
    "PushSubscription",
    "PushSubscriptionQuerySet",
    "Report",
    "ReportEvent",
    "ReportQuerySet",
    "SocketTicket",
    "TalkReading",
    "Way",
]
