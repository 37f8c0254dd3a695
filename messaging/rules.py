"""Small questions about a conversation, answered yes or no."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from accounts.models import Block, User
from messaging.models import Conversation


def is_open(conversation: Conversation, now: datetime) -> bool:
    """Writing is possible: the match runs, or ended only a short while ago."""
    return conversation.closes_at is None or now < conversation.closes_at


def are_apart(conversation: Conversation) -> bool:
    """One of the two blocked the other."""
    return bool(pairs_apart(conversation.member_ids))


def pairs_apart(people: Iterable[UUID]) -> set[frozenset[UUID]]:
    """The pairs among these people of whom one blocked the other."""
    known = list(people)
    rows = Block.objects.filter(blocker__in=known, blocked__in=known)
    return {frozenset(pair) for pair in rows.values_list("blocker", "blocked")}


def may_write(user: User, conversation: Conversation, now: datetime) -> bool:
    """One of the two, not suspended, the talk open and nobody blocked."""
    member = user.pk in conversation.member_ids and not user.suspended_at
    return member and is_open(conversation, now) and not are_apart(conversation)
