"""What follows from an agreed appointment: the reminder before it, the two questions after it, the own calendar."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import TrustedPerson, User
from core.models import Kept
from core.privacy import Privacy
from matching.models.appointments import Appointment
from matching.models.matches import Match

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Reminder(Kept):
    """One person is to be reminded of one appointment: by mail without content, or by the office on the telephone."""

    privacy = Privacy(
        "the person reminded",
        "P2",
        "so that nobody waits in vain",
        "30 days after it",
        of=("person",),
        leaves_out=("claimed_until", "tries"),
    )

    class Kind(models.TextChoices):
        DAY = "day"
        HOUR = "hour"

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="reminders")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind)
    by_phone = models.BooleanField(default=False)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)  # a sender at work; taken over by the next when it crashed
    tries = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # the worker who called

    class Meta:
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["done_at", "due_at"], name="reminders_waiting")]
        constraints = [
            models.UniqueConstraint(fields=["appointment", "person", "kind"], name="reminded_once_of_each_kind")
        ]


class CheckInQuerySet(models.QuerySet["CheckIn"]):
    def answered_by(self, user: "User | AnonymousUser") -> "CheckInQuerySet":
        """Those this person answers: their own, and of residents who trust them. Never the other side's."""
        if not user.is_authenticated or user.suspended_at:
            return self.none()
        trusted = TrustedPerson.objects.acting().filter(resident=OuterRef("person"), person=user)
        return self.filter(Q(person=user) | Exists(trusted) & ~Q(match__volunteer=user))


class CheckIn(Kept):
    """
    Two questions to one side after the first and the third visit.

    A no reaches the office and never the other side. `settled_at`: a worker saw to it.
    """

    privacy = Privacy(
        "who answers", "P1", "so that nobody goes on with what does not feel right", "one year", of=("person",)
    )

    match = models.ForeignKey(Match, models.CASCADE, related_name="check_ins")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    visit = models.PositiveSmallIntegerField(help_text="after the first or the third")
    asked_at = models.DateTimeField(default=timezone.now)
    was_fine = models.BooleanField(null=True)
    again = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    objects = CheckInQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [models.UniqueConstraint(fields=["match", "person", "visit"], name="asked_once_after_a_visit")]


class CalendarFeed(Kept):
    """The secret address under which one person's calendar can be read. Only the hash of the secret is kept."""

    privacy = Privacy(
        "the person", "P1", "appointments in the own calendar", "until revoked", of=("person",), leaves_out=("digest",)
    )

    person = models.OneToOneField(User, models.CASCADE, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
