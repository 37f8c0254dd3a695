"""Somebody one must never meet here, said in advance and kept so that nobody can read who it is."""

from django.db import models
from django.utils import timezone

from accounts.models.people import User
from core.models import Row
from core.privacy import Privacy


class KeepApart(Row):
    """
    One person the owner must never meet, whether they have an account or not; only keyed digests of who it is.

    Whoever it turns out to be is tied to the owner by a `Block` with this entry, and stays so (accounts.actions.apart).
    """

    privacy = Privacy(
        "who must not meet somebody",
        "P1",
        "safety",
        "with the account",
        of=("owner",),
        leaves_out=("owner", "names", "birthday", "phone", "email"),
    )

    owner = models.ForeignKey(User, models.CASCADE, related_name="keeps_apart")
    label = models.CharField(max_length=40)  # "Person 1", or the owner's own word; never the name
    names = models.JSONField(default=list)  # digests of the whole name and of any two words of it
    birthday = models.CharField(max_length=64, blank=True, db_index=True)
    phone = models.CharField(max_length=64, blank=True, db_index=True)
    email = models.CharField(max_length=64, blank=True, db_index=True)
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(birthday="", phone="", email=""), name="more_than_a_name_keeps_apart"
            ),
        ]
