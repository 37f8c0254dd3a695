"""What the office heard and tried on the telephone. What is still to be called about is never kept: states say it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from core.models import Kept
from core.privacy import Privacy
from matching.models.requests import HelpRequest
from places.models import Quarter


class Call(Kept):
    """
    One call, or one try: who, when, by whom, about what, what came of it. Append-only.

    `kind` and `about` name the line of the call list (a source and the row it was made from); both empty for a call
    about something else. `next_at`: when to try again. `to`: the colleague who takes the line over.
    """

    privacy = Privacy(
        "the person called", "P2", "so that everybody is called, and it is known by whom", "half a year", of=("person",)
    )

    class Outcome(models.TextChoices):
        ANSWERED = "answered"
        MISSED = "missed"
        HANDED = "handed"
        NOTED = "noted"

    person = models.ForeignKey(User, models.CASCADE, related_name="calls")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    quarter = models.ForeignKey(Quarter, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    incoming = models.BooleanField(default=False)  # the person rang the office
    kind = models.SlugField(max_length=20, blank=True)
    about = models.CharField(max_length=40, blank=True)
    request = models.ForeignKey(HelpRequest, models.CASCADE, null=True, related_name="calls")
    outcome = models.CharField(max_length=10, choices=Outcome)
    answer = models.SlugField(max_length=20, blank=True)
    next_at = models.DateTimeField(null=True)
    to = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "id"]
        indexes = [
            models.Index(fields=["kind", "about"], name="calls_of_a_line"),
            models.Index(fields=["quarter", "at"], name="calls_of_a_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="") & ~Q(about="") | Q(kind="", about=""),
                name="call_names_its_line_in_full",
            ),
            models.CheckConstraint(condition=~Q(outcome="answered") | ~Q(answer=""), name="answered_call_says_what"),
        ]
