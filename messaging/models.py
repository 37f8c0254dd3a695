"""The talk of one match: stored before it is acknowledged, numbered per conversation, re-read by everybody."""

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.models import Kept
from core.privacy import NOT_PERSONAL, Privacy
from matching.models import Match

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Installation(models.Model):
    """The one row that names this data set; a restore renews `epoch`, so that clients load everything again."""

    privacy = NOT_PERSONAL

    epoch = models.UUIDField(default=uuid.uuid4)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ConversationQuerySet":
        """The two of the match and nobody else; workers read only after a report (a later room)."""
        if not user.is_authenticated or user.suspended_at:
            return self.none()
        return self.filter(Q(match__resident=user) | Q(match__volunteer=user))


class Conversation(Kept):
    """The talk of one confirmed match ("Gespräch"). `last_seq` is both the counter and the lock."""

    privacy = Privacy("resident and volunteer", "P1", "to arrange the help", "30 days after the talk closed")

    match = models.OneToOneField(Match, models.CASCADE, related_name="conversation")
    last_seq = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(null=True, blank=True)  # from then on nobody writes; set when the match ends

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "id"]


class Message(Kept):
    """One message; `seq` is dense from 1 in its conversation, `client_id` makes a repeated send the same message."""

    privacy = Privacy("its writer", "P1", "to arrange the help", "with the conversation")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    client_id = models.UUIDField()
    body = models.TextField(max_length=4000)
    stored_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="messages_are_numbered_once"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="a_send_is_stored_once"),
        ]


class Mark(models.Model):
    """How far one person got in one conversation: delivered to a device of theirs, and read. Neither ever falls."""

    privacy = Privacy("the reader", "P2", "delivered and read", "with the conversation")

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="marks")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    delivered_seq = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_mark_per_person")]
