"""What volunteers offer, when they can, and what was checked before they enter a flat."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from core.models import Kept
from core.privacy import NOT_PERSONAL, Privacy
from places.models import Quarter


class Skill(models.Model):
    """Something a volunteer can do and a request needs. Data, loaded from `accounts/data/skills.json`."""

    privacy = NOT_PERSONAL

    class Need(models.TextChoices):
        """What a helper must have shown before; each step includes the talk."""

        NONE = "none", _("Keine")
        TALK = "talk", _("Gespräch geführt")
        PLEDGE = "pledge", _("Verschwiegenheit unterschrieben")
        IDENTITY = "identity", _("Ausweis gesehen")
        CERTIFICATE = "certificate", _("Führungszeugnis eingesehen")

    slug = models.SlugField(primary_key=True, max_length=40)
    group = models.SlugField(max_length=40)
    icon = models.SlugField(max_length=40)
    name_de = models.CharField(max_length=80)
    name_en = models.CharField(max_length=80)
    hint_de = models.CharField(max_length=200, blank=True)
    hint_en = models.CharField(max_length=200, blank=True)
    needs = models.CharField(max_length=12, choices=Need, default=Need.TALK)
    minors_may = models.BooleanField(default=False)
    billable_45b = models.BooleanField(default=False)
    remote = models.BooleanField(default=False)  # by phone: nearness does not count
    never_brokered = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self) -> str:
        return self.slug


class VolunteerProfile(Kept):
    """What one volunteer offers, and how much of it."""

    privacy = Privacy(
        "the volunteer",
        "P3",
        "to ask the right neighbour",
        "90 days after they stopped helping, else two years after the last use",
        of=("user",),
    )

    class AskWish(models.IntegerChoices):
        """How often somebody wants to be asked, against the others of the quarter."""

        LESS = -1, _("Seltener fragen")
        USUAL = 0, _("Wie die anderen")
        MORE = 1, _("Gern öfter fragen")

    user = models.OneToOneField(User, models.CASCADE, related_name="volunteer_profile")
    about = models.CharField(max_length=300, blank=True)
    skills = models.ManyToManyField(Skill, through="OfferedSkill", related_name="+")
    served_quarters = models.ManyToManyField(Quarter, related_name="volunteers")
    radius_m = models.PositiveIntegerField(default=2000)
    hours_per_week = models.DecimalField(max_digits=4, decimal_places=1, default=4)
    capacity = models.PositiveSmallIntegerField(default=3)  # live matches at the same time
    live_matches = models.PositiveSmallIntegerField(default=0)  # kept by matching's guarded updates only
    wishes_other_generation = models.BooleanField(default=False)
    ask_wish = models.SmallIntegerField(choices=AskWish, default=AskWish.USUAL)
    helps_on_holidays = models.BooleanField(default=False)  # else weekly windows do not count on public holidays
    paused = models.BooleanField(default=False)
    paused_until = models.DateField(null=True, blank=True)
    welcomed_at = models.DateTimeField(null=True, blank=True)  # a worker met them; before that nobody asks them
    stopped_at = models.DateTimeField(null=True, blank=True)  # they help no more; kept for a while, to begin again
    last_asked_at = models.DateTimeField(null=True, blank=True)
    confirmed_pairs = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(welcomed_at=None), name="nobody_asks_who_stopped_helping"
            ),
            models.CheckConstraint(
                condition=Q(live_matches__lte=F("capacity")), name="no_more_live_matches_than_capacity"
            ),
            models.CheckConstraint(
                condition=Q(radius_m__gte=100, radius_m__lte=50_000), name="radius_between_100_m_and_50_km"
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1, capacity__lte=12), name="capacity_between_1_and_12"),
        ]

    @property
    def has_stopped(self) -> bool:
        """They help no more: kept for a while only, and nowhere shown as somebody who helps."""
        return self.stopped_at is not None

    def is_paused_on(self, day: object) -> bool:
        """Paused without end, or until a day that is still to come."""
        return self.paused and (self.paused_until is None or self.paused_until >= day)  # type: ignore[operator]


class OfferedSkill(models.Model):
    """One skill of one volunteer; level 1 tries it, 2 does it, 3 is at home in it."""

    privacy = Privacy("the volunteer", "P3", "to ask the right neighbour", "with the profile", of=("profile__user",))

    profile = models.ForeignKey(VolunteerProfile, models.CASCADE, related_name="offered_skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(default=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["profile", "skill"], name="skill_offered_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="skill_level_between_1_and_3"),
        ]


class Availability(models.Model):
    """A weekly window in local time, minutes since midnight; weekday 0 is Monday."""

    privacy = Privacy("the volunteer", "P2", "when they can help", "with the profile", of=("profile__user",))

    profile = models.ForeignKey(VolunteerProfile, models.CASCADE, related_name="availabilities")
    weekday = models.PositiveSmallIntegerField()
    start_minute = models.PositiveSmallIntegerField()
    end_minute = models.PositiveSmallIntegerField()
    rule = models.CharField(max_length=120, blank=True)  # RRULE (RFC 5545) of the days; empty: every week
    since = models.DateField(null=True, blank=True)  # the first day the rule counts from

    class Meta:
        ordering = ["weekday", "start_minute", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="availability_on_a_weekday"),
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440),
                name="availability_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(rule="") | Q(since__isnull=False), name="availability_rule_has_its_first_day"
            ),
        ]


class AvailabilityException(models.Model):
    """A dated exception in local time: away (available False) or there besides the weekly windows (True)."""

    privacy = Privacy("the volunteer", "P2", "when they can help", "after the day has passed", of=("profile__user",))

    profile = models.ForeignKey(VolunteerProfile, models.CASCADE, related_name="exceptions")
    first_day = models.DateField()
    last_day = models.DateField()
    start_minute = models.PositiveSmallIntegerField(default=0)
    end_minute = models.PositiveSmallIntegerField(default=1440)
    available = models.BooleanField(default=False)

    class Meta:
        ordering = ["first_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(first_day__lte=F("last_day")), name="exception_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(start_minute__lt=F("end_minute"), end_minute__lte=1440), name="exception_hours_in_order"
            ),
        ]


class VolunteerChange(models.Model):
    """
    "Something about this volunteer changed": written by the database's own triggers with the change itself.

    Read by whoever keeps a picture of the volunteers in memory (`matching.roster`). Rows live for a day.
    """

    privacy = Privacy("the volunteer", "P4", "every process sees a change at once", "one day")

    user_id = models.UUIDField()  # no key into people: it must outlive the person's row
    at = models.DateTimeField(default=timezone.now, db_index=True)
