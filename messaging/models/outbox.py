"""What somebody must hear, and how they want to hear it. Written by `tell`, moved by `deliver_notices` and the desk."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import User
from core.models import Kept
from core.privacy import Privacy
from matching.models import CheckIn, Match
from messaging.models.reports import Report
from messaging.models.talks import Conversation

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

QUIET_FROM, QUIET_UNTIL = 20 * 60, 8 * 60  # local minutes of the day


class Way(models.TextChoices):
    """How a notice reaches somebody."""

    PUSH = "push", _("auf meinen Geräten")
    MAIL = "mail", _("per E-Mail")
    SMS = "sms", _("per SMS")
    CALL = "call", _("Anruf vom Quartiersbüro")
    LETTER = "letter", _("per Brief")
    NONE = "none", _("gar nicht")

    @classmethod
    def without_the_office(cls) -> list[str]:
        """Ways by which nobody of the office calls or writes."""
        return [str(way) for way in (cls.PUSH, cls.MAIL, cls.SMS, cls.NONE)]


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: "User | AnonymousUser") -> "NoticeQuerySet":
        """The person's own, and for workers those of the people of their quarters."""
        if not user.is_authenticated or user.suspended_at:
            return self.none()
        return self.filter(Q(person=user) | Q(person__quarter__in=roles.quarters_of(user)))

    def with_pages(self) -> "NoticeQuerySet":
        """Which of the things a page can be about still stand: `kinds.page_of` then asks nothing."""
        return self.annotate(
            has_match=Exists(Match.objects.filter(pk=OuterRef("thread"))),
            has_talk=Exists(Conversation.objects.filter(match=OuterRef("thread"))),
            has_check_in=Exists(CheckIn.objects.filter(pk=OuterRef("about"))),
            has_report=Exists(Report.objects.filter(pk=OuterRef("about"))),
        )

    def called(self, reference: str) -> "NoticeQuerySet":
        """What left in the text message that the gateway calls so. The second condition leads SQLite to the index."""
        return self.filter(reference=reference).exclude(reference="")

    def under_way(self) -> "NoticeQuerySet":
        """Written, and not told on any way yet."""
        return self.filter(state__in=[Notice.State.WAITING, Notice.State.SENDING])


class Notice(Kept):
    """
    One thing that one person must hear ("Benachrichtigung"). It says that something waits, never what.

    Written in the transaction of the change itself. `event` names what happened: with the person it is unique, so that
    nobody is told twice. `about`: the row it speaks of; `thread`: the match whose talk it belongs to.
    """

    privacy = Privacy(
        "the person told",
        "P2",
        "to tell them that something waits",
        "30 days",
        of=("person",),
        leaves_out=(
            "event",
            "about",
            "thread",
            "claim",
            "claimed_until",
            "tries",
            "problem",
            "hint",
            "reference",
            "used",
            "report_at",
        ),
    )

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        SENDING = "sending", _("unterwegs")
        SENT = "sent", _("gesendet")
        SEEN = "seen", _("schon gesehen")
        OVER = "over", _("hat sich erledigt")
        UNWANTED = "unwanted", _("nicht gewünscht")
        TO_CALL = "to_call", _("Büro ruft an")
        LISTED = "listed", _("Büro weiß Bescheid")  # waits in a queue of the desk that is about the thing itself
        CALLED = "called", _("Büro hat angerufen")
        TO_PRINT = "to_print", _("Brief wird gedruckt")
        PRINTED = "printed", _("Brief ist unterwegs")
        FAILED = "failed", _("konnte nicht zugestellt werden")

    person = models.ForeignKey(User, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=16)
    event = models.CharField(max_length=80)
    about = models.UUIDField(null=True)
    thread = models.UUIDField(null=True)
    urgent = models.BooleanField(default=False)  # quiet hours do not hold it, and it takes two ways
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    way = models.CharField(max_length=6, choices=Way, blank=True)  # "": chosen when it is due
    used = models.JSONField(default=list, help_text="[[way, ISO moment], ...] told so far")
    written_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # no news any more from then on; for a question, its deadline
    answer_by = models.DateTimeField(null=True)  # without an answer the next way is taken then
    claim = models.UUIDField(null=True)  # the delivery that holds it
    claimed_until = models.DateTimeField(null=True)  # taken over by the next when that one crashed
    tries = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=40, blank=True)  # name of the last error, never its text
    hint = models.CharField(max_length=32, blank=True)  # the name behind which a device finds it
    reference = models.CharField(max_length=80, blank=True)  # what the gateway calls its text message
    told_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)  # the gateway says that the text message is on the telephone
    report_at = models.DateTimeField(null=True)  # ask the gateway then
    seen_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # the worker who called or printed

    objects = NoticeQuerySet.as_manager()

    class Meta:
        db_table = "messaging_outbox"
        ordering = ["-written_at", "id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="notices_due"),
            models.Index(fields=["thread", "person"], name="notices_of_a_talk"),
            models.Index(fields=["report_at"], condition=Q(report_at__isnull=False), name="texts_to_ask_about"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="texts_by_reference"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "event"], name="everybody_is_told_once"),
            models.UniqueConstraint(
                fields=["thread", "person"],
                condition=Q(kind="message", state="waiting"),
                name="one_notice_waits_for_new_messages",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class NoticeWish(Kept):
    """How one person wants to be told; without a row the defaults hold. `ways`: topic -> way."""

    privacy = Privacy("the person", "P2", "to tell them as they like it", "with the account", of=("person",))

    person = models.OneToOneField(User, models.CASCADE, related_name="notice_wish")
    ways = models.JSONField(default=dict, help_text="topic -> way, where it is not the default")
    sms_if_urgent = models.BooleanField(default=False)
    quiet_from = models.PositiveSmallIntegerField(default=QUIET_FROM, help_text="local minute of the day")
    quiet_until = models.PositiveSmallIntegerField(default=QUIET_UNTIL, help_text="equal to quiet_from: no quiet hours")
    digest = models.BooleanField(default=False)  # what can wait comes once a day

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__lt=1440, quiet_until__lt=1440), name="quiet_hours_are_of_a_day"
            )
        ]
