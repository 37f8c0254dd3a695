"""When the two meet. Quarter-hour rows let the database refuse a double booking of either person."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import ParentConsent, TrustedPerson, User
from core.models import Kept
from core.privacy import Privacy
from matching import states
from matching.models.matches import Match

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


A_DAY_MINUTES = 24 * 60


class Meet(models.TextChoices):
    """Where the two meet, never an address: that opens on the page of the match alone."""

    HOME = "home", _("zu Hause")
    TREFF = "treff", _("im Treff")
    PHONE = "phone", _("am Telefon")
    OUTSIDE = "outside", _("draußen")


class SeriesQuerySet(models.QuerySet["Series"]):
    def running(self) -> "SeriesQuerySet":
        return self.filter(ended_at__isnull=True)


class Series(Kept):
    """
    "Jeden Dienstag um 10": agreed once, its visits are appointments made ahead by the clock.

    Kept as local time of day, so that ten o'clock stays ten o'clock. `agreed_at` None: still a question.
    """

    privacy = Privacy(
        "resident and volunteer",
        "P2",
        "when they meet",
        "one year after its end",
        of=("match__resident", "match__volunteer"),
        leaves_out=("end_reason",),
    )

    match = models.ForeignKey(Match, models.CASCADE, related_name="series")
    first_on = models.DateField(help_text="local day of the first visit; its weekday is the series' weekday")
    start_minute = models.PositiveSmallIntegerField(help_text="local minute of the day")
    minutes = models.PositiveSmallIntegerField()
    every_weeks = models.PositiveSmallIntegerField(default=1)
    place = models.CharField(max_length=8, choices=Meet, default=Meet.HOME)
    proposed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # None: with the match
    end_reason = models.CharField(max_length=200, blank=True, default="", db_default="")  # the other side reads it
    made_until = models.DateField(null=True)  # up to this day the visits are made

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["first_on", "start_minute", "id"]
        verbose_name_plural = "series"
        constraints = [
            models.UniqueConstraint(
                fields=["match", "first_on", "start_minute"],
                condition=Q(ended_at__isnull=True),
                name="the_same_series_runs_once",
            ),
            models.CheckConstraint(condition=Q(start_minute__lt=1440, minutes__gt=0), name="series_fits_into_a_day"),
        ]


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def of(self, user: "User | AnonymousUser") -> "AppointmentQuerySet":
        """Meetings this person takes part in, or somebody who trusts them."""
        if not user.is_authenticated:
            return self.none()
        trusting = TrustedPerson.objects.acting().filter(person=user).values("resident")
        mine = Q(match__volunteer=user) | Q(match__resident=user) | Q(match__resident__in=trusting)
        seen = Match.objects.visible_to(user).values("pk")
        return self.filter(mine, match__in=seen)

    def finished(self, match: Match) -> "AppointmentQuerySet":
        """Visits of this pair that somebody said are over."""
        return self.filter(match=match, state=states.DONE_VISIT, finished_at__isnull=False)

    def for_lists(self) -> "AppointmentQuerySet":
        pair = ("match__resident", "match__volunteer", "match__request__quarter")
        rows = self.select_related(*pair, "cancelled_by", "finished_by")
        return rows.prefetch_related("match__request__skills").order_by("start", "id")


class Appointment(Kept):
    """A proposed, agreed, done or cancelled meeting of one match. `version`: its calendar entry's sequence."""

    privacy = Privacy(
        "resident and volunteer",
        "P2",
        "when they meet",
        "one year after it",
        of=("match__resident", "match__volunteer"),
        leaves_out=("cancel_reason", "offer"),
    )

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
    place = models.CharField(max_length=8, choices=Meet, default=Meet.HOME)
    offer = models.UUIDField(null=True, db_index=True)  # times proposed together: one is agreed, the others fall away
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, related_name="moved_to")
    series = models.ForeignKey(Series, models.SET_NULL, null=True, related_name="visits")
    occurs_on = models.DateField(null=True)  # the day the series meant, whatever became of it
    agreed_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # whose yes it was
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    cancel_reason = models.CharField(max_length=200, blank=True)
    adult = models.ForeignKey(ParentConsent, models.SET_NULL, null=True, related_name="+")  # of a helper under 18
    arrived_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    minutes = models.PositiveSmallIntegerField(null=True, help_text="how long the visit took, for the log of hours")
    finished_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # whose word the minutes are
    corrected_at = models.DateTimeField(null=True)  # the minutes were said anew
    arrival_assumed = models.BooleanField(default=False, db_default=False)  # nobody said "Bin da": the planned start

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["start", "id"]
        indexes = [models.Index(fields=["state", "start"], name="appointments_by_start")]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="appointment_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(state__in=states.APPOINTMENT_STATES), name="appointment_state_is_known"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(arrived_at__isnull=False, finished_at__gte=F("arrived_at")),
                name="nobody_is_finished_before_they_came",
            ),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(finished_at__isnull=False, minutes__range=(1, A_DAY_MINUTES)),
                name="minutes_count_of_a_finished_visit",
            ),
            models.UniqueConstraint(fields=["series", "occurs_on"], name="one_visit_per_day_of_a_series"),
        ]

    @property
    def planned_minutes(self) -> int:
        return round((self.end - self.start).total_seconds() / 60)


class BookedSlot(models.Model):
    """One quarter of an hour of one person, taken by an agreed appointment. `start` is rounded down to 15 minutes."""

    privacy = Privacy(
        "resident and volunteer",
        "P2",
        "no double booking",
        "with the appointment",
        of=("person",),
        kept_back="the quarter-hours of the appointments, which are in the copy",
    )

    appointment = models.ForeignKey(Appointment, models.CASCADE, related_name="slots")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    start = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "start"], name="nobody_is_in_two_places_at_once")]
