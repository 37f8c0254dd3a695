"""How many messages wait for somebody, for the number in the navigation."""

from django.db.models import Sum

from accounts.models import User
from messaging.models import Conversation


def count_for(user: User) -> int:
    """Unread messages in all conversations of this person; one query."""
    rows = Conversation.objects.visible_to(user).with_unread(user)
    return rows.aggregate(total=Sum("unread"))["total"] or 0
