"""Small questions about a conversation, answered yes or no."""

from datetime import datetime

from django.db.models import Q

from accounts.models import Block, User
from messaging.models import Conversation


def is_open(conversation: Conversation, now: datetime) -> bool:
    """Writing is possible: the match runs, or ended only a short while ago."""
    return conversation.closes_at is None or now < conversation.closes_at


def are_apart(conversation: Conversation) -> bool:
    """One of the two blocked the other."""
    one, other = conversation.member_ids
    return Block.objects.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)).exists()


def may_write(user: User, conversation: Conversation, now: datetime) -> bool:
    """One of the two, not suspended, the talk open and nobody blocked."""
    member = user.pk in conversation.member_ids and not user.suspended_at
    return member and is_open(conversation, now) and not are_apart(conversation)
