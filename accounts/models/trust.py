"""What was checked before somebody enters a flat: steps of trust, which help needs which, what holds for the young."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from core.models import Kept
from core.privacy import NOT_PERSONAL, Privacy


class Step(models.TextChoices):
    """A step of trust; what it means and how long it holds stands in `accounts.trust`."""

    TALK = "talk", _("Gespräch geführt")
    PLEDGE = "pledge", _("Verschwiegenheit unterschrieben")
    IDENTITY = "identity", _("Ausweis gesehen")
    REFERENCE = "reference", _("Empfehlung eingeholt")
    CERTIFICATE = "certificate", _("Führungszeugnis eingesehen")
    TREFF = "treff", _("Erstes Treffen im Treff")
    TRIAL = "trial", _("Auf Probe geholfen")
    TANDEM = "tandem", _("Festes Tandem")
    PARENTS = "parents", _("Eltern sind einverstanden")


class VettingQuerySet(models.QuerySet["Vetting"]):
    def that_count(self) -> "VettingQuerySet":
        """Of each step of a person the check that counts, in the order of `accounts.trust.newest`."""
        same = self.model.objects.filter(user=OuterRef("user"), kind=OuterRef("kind"))
        moment = Q(on=OuterRef("on"), noted_at__gt=OuterRef("noted_at"))
        unfit = Q(on=OuterRef("on"), noted_at=OuterRef("noted_at"), suitable=False)
        later = same.filter(Q(on__gt=OuterRef("on")) | moment | unfit).exclude(pk=OuterRef("pk"))
        return self.filter(~Exists(later))


class Vetting(Kept):
    """One step that was taken: the day and yes or no. Never a copy, never the content."""

    privacy = Privacy("the volunteer", "P1", "who may enter a flat", "90 days after the end", of=("user",))

    user = models.ForeignKey(User, models.CASCADE, related_name="vettings")
    kind = models.CharField(max_length=12, choices=Step)
    on = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    suitable = models.BooleanField(default=True)
    dated = models.DateField(null=True, blank=True)  # the day on the certificate itself
    version = models.PositiveSmallIntegerField(null=True, blank=True)  # of the pledge that was signed
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    noted_at = models.DateTimeField(default=timezone.now)  # of two on one day the later one counts

    objects = VettingQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-on", "-noted_at", "id"]


class GateMatrix(models.Model):
    """
    One version of "which help needs which steps". Append-only: the newest counts; before the first, the built-in one.

    `groups`: group of help -> steps for all of it; `kinds`: kind of help -> its further steps. `months`: step -> how
    long it holds (None: without end). `renew_days`: step -> so many days before its end it may be renewed.
    """

    privacy = Privacy("nobody", "P4", "what is checked before a visit", "as long as used")

    number = models.PositiveIntegerField(unique=True)
    groups = models.JSONField(default=dict)
    kinds = models.JSONField(default=dict)
    months = models.JSONField(default=dict)
    renew_days = models.JSONField(default=dict)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]
        verbose_name_plural = "gate matrices"


class PledgeText(models.Model):
    """One version of what a helper signs about secrecy. Append-only: the newest is the one to sign."""

    privacy = NOT_PERSONAL

    number = models.PositiveIntegerField(unique=True)
    text_de = models.TextField(max_length=4000)
    text_en = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-number"]


class AgeRules(models.Model):
    """
    What holds for helpers under 18 from a day on; `accounts.youth` reads `bands` and `breaks`.

    Append-only: on a day counts the row with the latest `since` up to it, of two the higher number.
    """

    privacy = Privacy("nobody", "P4", "protection of the young", "as long as used")

    number = models.PositiveIntegerField(unique=True)
    since = models.DateField()
    bands = models.JSONField(default=list)
    breaks = models.JSONField(default=list)  # school holidays: [[first day, last day], ...]
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-since", "-number"]
        verbose_name_plural = "age rules"


class ParentConsent(Kept):
    """
    A parent's yes to what their child does here, on paper or by a signed link; and whom to call about each visit.

    Open while `given_at` is None; `revoked_at` ends it at once.
    """

    privacy = Privacy("the parent", "P2", "the young may help only with it", "90 days after its end", of=("user",))

    class Way(models.TextChoices):
        PAPER = "paper", _("auf Papier")
        LINK = "link", _("über den Link")

    user = models.ForeignKey(User, models.CASCADE, related_name="parent_consents")
    name = models.CharField(_("Name der Mutter, des Vaters oder Vormunds"), max_length=120)
    phone = models.CharField(_("Telefon für den Tag des Besuchs"), max_length=40)
    way = models.CharField(max_length=5, choices=Way)
    asked_at = models.DateTimeField(default=timezone.now)
    given_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")  # the worker who asked or has the paper

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(given_at__isnull=False, revoked_at__isnull=True),
                name="one_running_consent_of_parents",
            )
        ]
