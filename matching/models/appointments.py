"""When the two meet. Quarter-hour rows let the database refuse a double booking of either person."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from core.models import Kept
from core.privacy import Privacy
from matching.models.matches import Match


class Appointment(Kept):
    """A proposed, agreed, done or cancelled meeting of one match."""

    privacy = Privacy("resident and volunteer", "P2", "when they meet", "one year after it")

    class State(models.TextChoices):
        PROPOSED = "proposed"
        AGREED = "agreed"
        DONE = "done"
        CANCELLED = "cancelled"

    match = models.ForeignKey(Match, models.CASCADE, related_name="appointments")
    start = models.DateTimeField()
    end = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["start", "id"]
        constraints = [models.CheckConstraint(condition=Q(start__lt=F("end")), name="appointment_ends_after_it_starts")]


class BookedSlot(models.Model):
    """One quarter of an hour of one person, taken by an agreed appointment. `start` is rounded down to 15 minutes."""

    privacy = Privacy("resident and volunteer", "P2", "no double booking", "with the appointment")

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="slots")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    start = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "start"], name="nobody_is_in_two_places_at_once")]
