"""Finding the person a command is about."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db.models import Q

from accounts.models import User


def the_person(said: str) -> User:
    """By e-mail address or by key. Raises CommandError with a sentence."""
    by = Q(email=said.lower()) if "@" in said else Q(pk=said)
    try:
        return User.objects.get(by)
    except (User.DoesNotExist, ValidationError) as nobody:
        raise CommandError("Nobody has this key or this address.") from nobody
