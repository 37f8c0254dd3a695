"""Somebody must stay away: proposed by one worker, confirmed by a second, open to an appeal to a third."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import states
from accounts.models.people import User
from core.models import Kept
from core.privacy import Privacy

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class SuspensionQuerySet(models.QuerySet["Suspension"]):
    def running(self) -> "SuspensionQuerySet":
        return self.filter(state__in=states.IN_FORCE)

    def visible_to(self, user: "User | AnonymousUser") -> "SuspensionQuerySet":
        """Workers of the person's quarter and coordinators; never one's own."""
        from accounts import roles  # roles reads these models and is the one place that knows who works where

        if not user.is_authenticated:
            return self.none()
        rows = self.exclude(user=user)
        return rows if roles.is_coordinator(user) else rows.filter(user__quarter__in=roles.quarters_of(user))


class Suspension(Kept):
    """
    One exclusion, from the pause with which it begins to its end; the moves stand in `accounts.states`.

    `reason`: in plain words, read by the person. `told_at` None: the person has yet to hear how it stands.
    """

    privacy = Privacy("the person", "P1", "safety at the door", "one year after its end", of=("user",))

    class Cause(models.TextChoices):
        CONDUCT = "conduct", _("Verhalten bei einem Besuch oder im Gespräch")
        MONEY = "money", _("Geld, Bankkarte oder Geschenke")
        UNTRUE = "untrue", _("Angaben stimmen nicht")
        SAFETY = "safety", _("Sorge um die Sicherheit eines Menschen")
        OTHER = "other", _("Anderer Grund")

    user = models.ForeignKey(User, models.CASCADE, related_name="suspensions")
    state = models.CharField(max_length=10, default=states.PAUSED)
    cause = models.CharField(_("Worum geht es?"), max_length=10, choices=Cause)
    reason = models.TextField(_("Grund in einfachen Worten"), max_length=1000)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField()  # without a second worker until then the pause lapses
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    appeal = models.TextField(max_length=2000, blank=True)
    appealed_at = models.DateTimeField(null=True)
    heard_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # who decided the appeal
    heard_at = models.DateTimeField(null=True)
    outcome = models.TextField(max_length=1000, blank=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # None: by mail

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=states.SUSPENSION_STATES), name="suspension_state_is_known"),
            models.UniqueConstraint(
                fields=["user"], condition=Q(state__in=states.IN_FORCE), name="one_running_suspension"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")), name="two_workers_exclude"
            ),
            models.CheckConstraint(
                condition=Q(heard_by__isnull=True) | ~Q(heard_by=F("proposed_by")) & ~Q(heard_by=F("decided_by")),
                name="who_decided_does_not_hear_the_appeal",
            ),
        ]


class SuspensionEvent(models.Model):
    """One move of a suspension, append-only."""

    privacy = Privacy("the person", "P1", "who decided what when", "with the suspension", of=("suspension__user",))

    suspension = models.ForeignKey(Suspension, models.CASCADE, related_name="events")
    move = models.CharField(max_length=10)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # None: the clock, or the person's link
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
