"""The worker's own work on a case: what is to be done when, who stands in, and notes under professional secrecy."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from core.models import Kept, Row
from core.privacy import Privacy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class FollowUp(Kept):
    """Something to do for a person by a day. `done_at` None: still open."""

    privacy = Privacy("the person", "P2", "so that nothing is forgotten", "one year after the day", of=("person",))

    person = models.ForeignKey(User, models.CASCADE, related_name="follow_ups")
    text = models.CharField(_("Was ist zu tun?"), max_length=200)
    due_on = models.DateField(_("Bis wann?"))
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["due_on", "made_at", "id"]
        indexes = [models.Index(fields=["done_at", "due_on"], name="follow_ups_due")]


class Deputy(Row):
    """One worker stands in for another, both days included. Read by `accounts.roles` alone."""

    privacy = Privacy("the worker", "P3", "who may do what", "with the account", of=("worker", "deputy"))

    worker = models.ForeignKey(User, models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, models.CASCADE, related_name="stands_in_for")
    first_day = models.DateField()
    last_day = models.DateField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="deputy_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(worker=F("deputy")), name="nobody_is_their_own_deputy"),
        ]


class HandOver(Kept):
    """The person agreed that this colleague may read the notes of theirs: why, how they said so, and until when."""

    privacy = Privacy("the person", "P1", "consent to pass on what is secret", "one year after its end", of=("person",))

    class Way(models.TextChoices):
        ORAL = "oral", _("mündlich")
        WRITTEN = "written", _("schriftlich")

    person = models.ForeignKey(User, models.CASCADE, related_name="hand_overs")
    giver = models.ForeignKey(User, models.CASCADE, related_name="+")
    taker = models.ForeignKey(User, models.CASCADE, related_name="+")
    purpose = models.CharField(_("Wozu?"), max_length=200)
    way = models.CharField(_("Wie hat die Person zugestimmt?"), max_length=8, choices=Way)
    consented_at = models.DateTimeField(default=timezone.now)
    until = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-consented_at", "id"]
        constraints = [models.CheckConstraint(condition=~Q(giver=F("taker")), name="hand_over_to_somebody_else")]


class CaseNoteQuerySet(models.QuerySet["CaseNote"]):
    def visible_to(self, user: "User | AnonymousUser", *, today: date) -> "CaseNoteQuerySet":
        """
        The worker who wrote it, and whom the person agreed to; both only while they work for the person's quarter.

        Nobody else, coordinators and operators included (§ 203 StGB).
        """
        from accounts import roles  # roles reads these models and is the one place that knows who works where

        if not user.is_authenticated:
            return self.none()
        agreed = HandOver.objects.filter(
            Q(until__isnull=True) | Q(until__gte=today),
            person=OuterRef("person"), giver=OuterRef("worker"), taker=user, revoked_at__isnull=True,
        )  # fmt: skip
        here = self.filter(person__quarter__in=roles.quarters_of(user)).exclude(person=user)
        return here.filter(Q(worker=user) | Exists(agreed))


class CaseNote(Kept):
    """A note under professional secrecy: sealed, in no search, no list, no log, no copy of others."""

    privacy = Privacy(
        "the person",
        "P1",
        "professional care",
        "two years after it was written",
        of=("person",),
        leaves_out=("sealed",),
        stays="",
    )

    person = models.ForeignKey(User, models.CASCADE, related_name="case_notes")
    worker = models.ForeignKey(User, models.CASCADE, related_name="+")
    sealed = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "id"]
