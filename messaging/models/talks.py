"""The talk of one match: stored before it is acknowledged, numbered per conversation, re-read by everybody."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Block, User
from core.keys import key_of_now
from core.models import Kept
from core.privacy import NOT_PERSONAL, Privacy
from matching.models import Match

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

_NUMBER = models.PositiveBigIntegerField()


class Installation(models.Model):
    """The one row that names this data set; a restore renews `epoch`, so that clients load everything again."""

    privacy = NOT_PERSONAL

    epoch = models.UUIDField(default=uuid.uuid4)

    @classmethod
    def current(cls) -> "Installation":
        """The one row, made at the first question."""
        return cls.objects.get_or_create(pk=1)[0]


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ConversationQuerySet":
        """The two of the match and nobody else; workers read only after a report (a later room)."""
        if not user.is_authenticated or user.suspended_at:
            return self.none()
        return self.filter(Q(match__resident=user) | Q(match__volunteer=user))

    def of_any(self, people: Iterable[uuid.UUID]) -> "ConversationQuerySet":
        """Those in which one of these people is one of the two: what their sockets hear of."""
        known = list(people)
        return self.filter(Q(match__resident__in=known) | Q(match__volunteer__in=known))

    def with_unread(self, user: User) -> "ConversationQuerySet":
        """Adds `read_seq` (how far this person read) and `unread` (messages of others above it)."""
        mine = Mark.objects.filter(conversation=OuterRef("pk"), person=user)
        rows = self.annotate(read_seq=Coalesce(Subquery(mine.values("read_seq")[:1]), 0, output_field=_NUMBER))
        above = Message.objects.filter(conversation=OuterRef("pk"), seq__gt=OuterRef("read_seq"))
        news = above.filter(deletes=None, deleted_at=None).exclude(sender=user)
        count = news.order_by().values("conversation").annotate(n=Count("pk")).values("n")
        return rows.annotate(unread=Coalesce(Subquery(count), 0, output_field=_NUMBER))

    def for_list(self, user: User) -> "ConversationQuerySet":
        """With the two people, what it is about, the unread count, the last message and its moment."""
        there = Message.objects.filter(conversation=OuterRef("pk"), deletes=None, deleted_at=None)
        last = there.order_by("-seq")[:1]
        rows = self.with_unread(user).annotate(
            last_at=Coalesce(Subquery(last.values("stored_at")[:1]), F("opened_at")),
            last_body=Subquery(last.values("body")[:1]),
        )
        return (
            rows.select_related("match__resident", "match__volunteer", "match__request__quarter")
            .prefetch_related("match__request__skills")
            .order_by("-last_at", "id")
        )


class Conversation(Kept):
    """The talk of one confirmed match ("Gespräch"). `last_seq` is both the counter and the lock."""

    privacy = Privacy(
        "resident and volunteer",
        "P1",
        "to arrange the help",
        "30 days after the talk closed",
        of=("match__resident", "match__volunteer"),
    )

    match = models.OneToOneField(Match, models.CASCADE, related_name="conversation")
    last_seq = models.PositiveBigIntegerField(default=0)
    opened_at = models.DateTimeField(default=timezone.now)
    closes_at = models.DateTimeField(null=True, blank=True)  # from then on nobody writes; set when the match ends
    paused_at = models.DateTimeField(null=True, blank=True)  # a worker lets both sides rest
    paused_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "id"]

    @property
    def member_ids(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Resident and volunteer; needs `match` selected."""
        return self.match.resident_id, self.match.volunteer_id


class MessageQuerySet(models.QuerySet["Message"]):
    def spoken(self) -> "MessageQuerySet":
        """What somebody said, also where they took it back; not the rows that say that something was taken back."""
        return self.filter(deletes=None)


class Message(Kept):
    """
    One message; `seq` is dense from 1 in its conversation, `client_id` makes a repeated send the same message.

    Taking one back is a row with a number of its own (`deletes`: which one), so that it reaches every device as
    surely as a message does; the text of the other row is gone with it.
    """

    privacy = Privacy(
        "its writer", "P1", "to arrange the help", "with the conversation", of=("sender",), leaves_out=("client_id",)
    )

    id = models.UUIDField(primary_key=True, default=key_of_now, editable=False)
    # Without indexes of their own: the constraints below begin with them, and every index is a page more to write.
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages", db_index=False)
    seq = models.PositiveBigIntegerField()
    sender = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", db_index=False)
    client_id = models.UUIDField()
    body = models.TextField(max_length=4000)
    stored_at = models.DateTimeField(default=timezone.now)
    cautions = models.CharField(max_length=60, blank=True, default="", db_default="")  # kinds, parted by spaces
    deleted_at = models.DateTimeField(null=True, blank=True)
    deletes = models.PositiveBigIntegerField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(body="") | Q(deleted_at=None, deletes=None), name="what_was_taken_back_has_no_text"
            ),
            models.UniqueConstraint(
                fields=["conversation", "deletes"],
                condition=Q(deletes__isnull=False),
                name="a_message_is_taken_back_once",
            ),
            models.UniqueConstraint(fields=["conversation", "seq"], name="messages_are_numbered_once"),
            models.UniqueConstraint(fields=["sender", "client_id"], name="a_send_is_stored_once"),
        ]


class MarkQuerySet(models.QuerySet["Mark"]):
    def shown_to(self, viewer: User) -> "MarkQuerySet":
        """Not those of somebody who blocked the viewer: they see ordinary sending, without delivery and reading."""
        return self.exclude(person__in=Block.objects.filter(blocked=viewer).values("blocker"))


class Mark(models.Model):
    """How far one person got in one conversation: delivered to a device of theirs, and read. Neither ever falls."""

    privacy = Privacy("the reader", "P2", "delivered and read", "with the conversation", of=("person",))

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="marks")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    delivered_seq = models.PositiveBigIntegerField(default=0)
    read_seq = models.PositiveBigIntegerField(default=0)

    objects = MarkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_mark_per_person")]


class SocketTicket(Kept):
    """Opens one socket once, within seconds, on a running session. Only the hash of its text is kept."""

    privacy = Privacy(
        "the person",
        "P2",
        "apps log in to sockets without a token in the address",
        "one day",
        of=("user",),
        kept_back="good for seconds, and a secret",
    )

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40)
    good_until = models.DateTimeField()
