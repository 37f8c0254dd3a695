"""What a resident asks for, when, and what became of it."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Block, Skill, TrustedPerson, User
from core.models import Kept
from core.privacy import Privacy
from matching import states
from places.models import Border, Place, Quarter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def of_the_office() -> Q:
    """Requests taken down by neither the resident nor somebody they trust."""
    trusted = TrustedPerson.objects.ever_acting().filter(resident=OuterRef("resident"), person=OuterRef("entered_by"))
    return Q(entered_by__isnull=False) & ~Q(entered_by=F("resident")) & ~Q(Exists(trusted))


def _apart_from(volunteer: User) -> Exists:
    """
    The resident wants no contact with this person, or the other way round.

    What stood on the list when the helper entered somebody (`KeepApart`) stays there until it goes by itself: a card
    that went at that moment would tell whose it is to whoever enters a person only to find them.
    """
    one, other = Q(blocker=volunteer, blocked=OuterRef("resident")), Q(blocked=volunteer, blocker=OuterRef("resident"))
    unseen = Q(entry=None) | Q(since__lt=OuterRef("open_since"))
    return Exists(Block.objects.filter((one & unseen) | other))


def _out_of_it(volunteer: User) -> Exists:
    """Rejected, refused, declined, expired or ended before."""
    matches = apps.get_model("matching", "Match").objects
    return Exists(matches.filter(request=OuterRef("pk"), volunteer=volunteer, state__in=states.CERTAINLY_NOT_AGAIN))


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    def open(self) -> "HelpRequestQuerySet":
        """Visible to the matcher."""
        return self.filter(state=states.OPEN)

    def lacking(self, *, free: Collection[UUID] = ()) -> "HelpRequestQuerySet":
        """Open, with `lacks` helper places for which there is no live match. `free`: matches that do not count."""
        counted = Q(matches__state__in=states.LIVE)
        if free:
            counted &= ~Q(matches__pk__in=free)
        lacks = F("helpers_needed") - Count("matches", filter=counted)
        return self.open().annotate(lacks=lacks).filter(lacks__gt=0)

    def visible_to(self, user: "User | AnonymousUser") -> "HelpRequestQuerySet":
        """
        In full: the resident, their trusted people, workers of its quarter; a draft only where the office began it.

        Volunteers see an open request only as `OpenRequest` cards, through `coarse_for`.
        """
        if not user.is_authenticated:
            return self.none()
        trusted = TrustedPerson.objects.acting().filter(resident=OuterRef("resident"), person=user)
        office = Q(quarter__in=roles.quarters_of(user)) & (~Q(state=states.DRAFT) | of_the_office())
        return self.filter(Q(resident=user) | Exists(trusted) | office)

    def coarse_for(self, volunteer: "User | AnonymousUser") -> "HelpRequestQuerySet":
        """
        Open requests of the quarters this volunteer serves, not their own; shown without name, place and text.

        Of the quarters they name only their own and neighbours that admit them: where no pair can be, nobody looks.
        Of somebody who wants no contact with them they see nothing either, and nothing of a request they are out of:
        a card that can never be theirs would tell whose it is, and when the other is in need again.
        """
        profile = roles.profile_of(volunteer)
        if profile is None or profile.welcomed_at is None or not volunteer.is_authenticated or volunteer.suspended_at:
            return self.none()
        borders = Border.objects.filter(quarter=OuterRef("quarter"), neighbour=volunteer.quarter_id)
        open_border = Exists(borders.filter(admitted=True)) | (
            Q(quarter__admits_neighbours=True) & Exists(borders.filter(admitted__isnull=True))
        )
        near = Q(quarter=volunteer.quarter_id) | open_border
        rows = self.open().filter(near, quarter__in=profile.served_quarters.all()).exclude(resident=volunteer)
        return rows.exclude(_apart_from(volunteer)).exclude(_out_of_it(volunteer))

    def for_cards(self) -> "HelpRequestQuerySet":
        return self.select_related("quarter", "resident", "place").prefetch_related("skills", "windows")


class HelpRequest(Kept):
    """A resident's wish for help ("Bitte um Hilfe")."""

    privacy = Privacy(
        "the resident", "P1", "to find the help", "one year after its end", of=("resident",), leaves_out=("step",)
    )

    class Timing(models.TextChoices):
        DATED = "dated", _("An bestimmten Tagen")
        WEEKLY = "weekly", _("Jede Woche")
        FLEXIBLE = "flexible", _("Irgendwann bis zu einem Tag")

    class Urgency(models.IntegerChoices):
        CALM = 0, _("Es hat Zeit")
        SOON = 1, _("Bald")
        URGENT = 2, _("Dringend")

    class Consent(models.TextChoices):
        NONE = "", _("Noch nicht")
        SELF = "self", _("selbst eingetragen")
        ORAL = "oral", _("mündlich")

    resident = models.ForeignKey(User, models.CASCADE, related_name="help_requests")
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="help_requests")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    skills = models.ManyToManyField(Skill, related_name="+")
    description = models.TextField(max_length=1000, blank=True)
    timing = models.CharField(max_length=8, choices=Timing, default=Timing.FLEXIBLE)
    flexible_until = models.DateField(null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(default=60)
    helpers_needed = models.PositiveSmallIntegerField(default=1)
    accepted_helpers = models.PositiveSmallIntegerField(
        default=0
    )  # places somebody said yes to: the first yes holds one
    confirmed_helpers = models.PositiveSmallIntegerField(default=0)  # kept by guarded updates only
    languages = models.JSONField(default=list, blank=True, help_text="one of these must be shared; empty: any")
    gender_wish = models.CharField(max_length=8, choices=User.Gender, default="", blank=True)
    wishes_other_generation = models.BooleanField(default=False)
    skips_holidays = models.BooleanField(default=True)  # a weekly series leaves public holidays out
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.CALM)
    state = models.CharField(max_length=10, default=states.DRAFT)
    step = models.PositiveSmallIntegerField(default=1)  # how far the five small steps were walked
    consent = models.CharField(max_length=4, choices=Consent, default="", blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    consent_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    open_since = models.DateTimeField(null=True, blank=True)  # kept when a request opens again: waiting time counts on
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-urgency", "open_since", "id"]
        indexes = [models.Index(fields=["quarter", "state", "open_since"], name="requests_waiting_in_quarter")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=states.REQUEST_STATES), name="request_state_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_helpers__lte=F("helpers_needed")), name="no_more_helpers_confirmed_than_needed"
            ),
            models.CheckConstraint(
                condition=Q(accepted_helpers__lte=F("helpers_needed")), name="no_more_helpers_accepted_than_needed"
            ),
            models.CheckConstraint(
                condition=Q(helpers_needed__gte=1, helpers_needed__lte=8), name="one_to_eight_helpers"
            ),
            models.CheckConstraint(
                condition=Q(duration_minutes__gte=15, duration_minutes__lte=480),
                name="help_takes_15_minutes_to_8_hours",
            ),
            models.CheckConstraint(
                condition=Q(state=states.DRAFT) | Q(state=states.WITHDRAWN) | Q(open_since__isnull=False),
                name="open_request_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class RequestWindow(models.Model):
    """
    When the help may happen: either dated (`start`, `end` aware moments) or weekly (`weekday`, minutes, local time).

    The help of `duration_minutes` must fit inside one window.
    """

    privacy = Privacy("the resident", "P2", "to find a time", "with the request", of=("request__resident",))

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="windows")
    start = models.DateTimeField(null=True, blank=True)
    end = models.DateTimeField(null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    start_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    end_minute = models.PositiveSmallIntegerField(null=True, blank=True)
    rule = models.CharField(max_length=120, blank=True)  # RRULE (RFC 5545) of a series' days; empty: every week
    since = models.DateField(null=True, blank=True)  # the first day the rule counts from

    class Meta:
        ordering = ["start", "weekday", "start_minute", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(start__isnull=False, end__isnull=False, weekday__isnull=True, start__lt=F("end"))
                | Q(
                    start__isnull=True,
                    end__isnull=True,
                    weekday__lte=6,
                    start_minute__lt=F("end_minute"),
                    end_minute__lte=1440,
                ),
                name="window_is_dated_or_weekly_and_ends_after_it_starts",
            ),
            models.CheckConstraint(condition=Q(rule="") | Q(since__isnull=False), name="window_rule_has_its_first_day"),
        ]


class RequestEvent(models.Model):
    """One move of a request, append-only."""

    privacy = Privacy("the resident", "P2", "what happened when", "with the request", of=("request__resident",))

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="events")
    move = models.CharField(max_length=20)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
