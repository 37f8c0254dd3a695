"""The way of somebody whom the office entered to an account of their own."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.people import User
from core.models import Kept
from core.privacy import Privacy


class AccessCode(Kept):
    """
    A code that makes the row of a person theirs, once. Only its digest is kept; a new one replaces the old.

    The worker reads it out under the number on record, hands it over, or puts it into a letter: `way` says which.
    """

    class Way(models.TextChoices):
        HAND = "hand", _("Persönlich im Büro")
        LETTER = "letter", _("Im Brief")
        PHONE = "phone", _("Am Telefon, unter der Nummer auf dieser Seite")

    privacy = Privacy(
        "the person", "P1", "to take over their own history", "a month", of=("person",), leaves_out=("digest",)
    )

    person = models.OneToOneField(User, models.CASCADE, related_name="access_code")
    digest = models.CharField(max_length=64, unique=True)
    way = models.CharField(max_length=6, choices=Way, blank=True)  # "" for codes from before it was asked
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
