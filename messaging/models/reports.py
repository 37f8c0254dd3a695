"""Somebody says that something is wrong ("Meldung"): what was said, what it is about, and who looked at it."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import User
from core.models import Kept
from core.privacy import Privacy
from messaging import states
from messaging.models.talks import Conversation
from places.models import Quarter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ReportQuerySet":
        """One's own; never those about oneself. What the office sees is `on_desk_of`."""
        if not user.is_authenticated or user.suspended_at:
            return self.none()
        return self.filter(reporter=user)

    def on_desk_of(self, worker: "User | AnonymousUser") -> "ReportQuerySet":
        """Of the quarters somebody works in, without those they made, are meant by, or stand beside."""
        if not worker.is_authenticated:
            return self.none()
        return self.filter(quarter__in=roles.quarters_of(worker)).away_from(worker)

    def away_from(self, person: "User") -> "ReportQuerySet":
        """Without those they made, are meant by, or stand beside."""
        return self.exclude(pk__in=self.model.objects.near(person).values("pk"))

    def near(self, person: "User") -> "ReportQuerySet":
        """Those somebody made, is meant by, or stands beside."""
        talk = Q(conversation__match__resident=person) | Q(conversation__match__volunteer=person)
        return self.filter(Q(reporter=person) | Q(about=person) | talk)

    def standing(self) -> "ReportQuerySet":
        return self.filter(state__in=states.STANDING)

    def waiting(self) -> "ReportQuerySet":
        """Standing, and settled ones whose reporter the office still has to call."""
        closed = ~Q(state__in=states.STANDING) & Q(told_at=None)
        return self.filter(Q(state__in=states.STANDING) | closed)


class Report(Kept):
    """
    One report. `number` is the ticket: whoever made it without an account looks up its state with it.

    It outlives the talk it came from, with the evidence frozen when it was made. The other side never learns who
    reported.
    """

    privacy = Privacy(
        "whoever reported, and whom it is about",
        "P1",
        "to look into what is wrong",
        "180 days after it was settled",
        of=("reporter",),  # whom it is about hears of it from the office, never by a copy that names its words
        leaves_out=("number", "about", "taken_by", "told_at", "message_seq"),
        stays="the report without the name of who made it; others may be in danger",
    )

    class Kind(models.TextChoices):
        MESSAGE = "message", _("Eine Nachricht")
        PERSON = "person", _("Eine Person")
        OTHER = "other", _("Etwas anderes")

    class Reason(models.TextChoices):
        UNSAID = "", _("Keine Angabe")
        MONEY = "money", _("Es ging um Geld, Karten oder Geheimzahlen")
        CLOSE = "close", _("Zu nah, aufdringlich oder gegen meinen Willen")
        RUDE = "rude", _("Beleidigend oder bedrohlich")
        UNRELIABLE = "unreliable", _("Verabredungen wurden nicht eingehalten")
        OTHER = "other", _("Etwas anderes")

    class State(models.TextChoices):
        OPEN = states.OPEN, _("neu")
        IN_WORK = states.IN_WORK, _("wird angesehen")
        SETTLED = states.SETTLED, _("abgeschlossen")
        DISMISSED = states.DISMISSED, _("angesehen, ohne Folgen")

    class Outcome(models.TextChoices):
        UNSAID = "", "-"
        TALKED = "talked", _("Wir haben mit den Beteiligten gesprochen")
        WARNED = "warned", _("Wir haben jemanden ernst ermahnt")
        ENDED = "ended", _("Die Vermittlung ist beendet")
        SUSPENDED = "suspended", _("Ein Zugang ist gesperrt")
        NOTHING = "nothing", _("Wir haben nichts gefunden, was nicht in Ordnung ist")
        MISUNDERSTOOD = "misunderstood", _("Es war ein Missverständnis")
        ELSEWHERE = "elsewhere", _("Dafür ist eine andere Stelle zuständig")

    number = models.CharField(max_length=12, unique=True)
    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="+")  # whose office looks at it
    reporter = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # None: without an account
    about = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, related_name="reports")
    message_seq = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    text = models.TextField(max_length=2000, blank=True)
    contact = models.CharField(max_length=120, blank=True)  # how to reach somebody without an account
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    answer = models.CharField(max_length=400, blank=True)  # a sentence to the reporter
    made_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # the reporter heard that it was looked at

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=states.REPORT_STATES), name="report_in_a_state_of_the_table"),
            models.CheckConstraint(
                condition=Q(state__in=states.STANDING, closed_at=None, outcome="")
                | Q(state__in=(states.SETTLED, states.DISMISSED), closed_at__isnull=False) & ~Q(outcome=""),
                name="a_settled_report_has_its_outcome",
            ),
            models.UniqueConstraint(
                fields=["reporter", "conversation", "message_seq"],
                condition=Q(state__in=states.STANDING),
                name="one_standing_report_of_a_message",
            ),
        ]

    @property
    def stands(self) -> bool:
        return self.state in states.STANDING


class Evidence(models.Model):
    """One message as it stood when the report was made; kept with the report, whatever becomes of the talk."""

    privacy = Privacy(
        "the writer of the message",
        "P1",
        "to look into a report",
        "with the report",
        of=("writer",),
        kept_back="would tell that somebody reported, and who",
        stays="the words as they were reported, without an account; others may be in danger",
    )

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    seq = models.PositiveBigIntegerField()
    writer = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    writer_name = models.CharField(max_length=60)
    body = models.TextField(blank=True)
    stored_at = models.DateTimeField()
    is_meant = models.BooleanField(default=False)  # the reported message; the others stand around it

    class Meta:
        ordering = ["seq"]
        constraints = [models.UniqueConstraint(fields=["report", "seq"], name="evidence_of_a_message_once")]


class ReportEvent(models.Model):
    """One move of a report, or one look at it: who and when. Never changed."""

    privacy = Privacy(
        "the worker",
        "P2",
        "proof of who did what with a report",
        "with the report",
        of=("by",),
        kept_back="the office's own record of its work",
    )

    report = models.ForeignKey(Report, models.CASCADE, related_name="events")
    move = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "id"]


class TalkReading(Kept):
    """A worker read a whole conversation because of a report. Both people of the talk see this."""

    privacy = Privacy(
        "the two of the talk",
        "P2",
        "proof of who read a conversation",
        "three years",
        of=("conversation__match__resident", "conversation__match__volunteer"),
        leaves_out=("match_id", "report"),
    )

    conversation = models.ForeignKey(Conversation, models.SET_NULL, null=True, related_name="readings")
    report = models.ForeignKey(Report, models.SET_NULL, null=True, related_name="readings")
    reader = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    match_id = models.UUIDField()  # the proof outlives the talk
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "id"]
