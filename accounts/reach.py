"""How somebody is reached: on a screen, only by telephone and letter, or perhaps not at all."""

from allauth.account.models import EmailAddress
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from accounts.rules import met


def only_by_phone(person: User) -> bool:
    """The office calls or writes to them; they answer nothing on a screen."""
    return person.channel != User.Channel.ONLINE or not person.email


def is_called(person: User) -> bool:
    """Only by telephone, and here: neither gone nor suspended."""
    return only_by_phone(person) and person.is_active and not person.suspended_at


def only_by_letter(person: User) -> bool:
    """They want letters, and there is no number to call."""
    return person.channel == User.Channel.LETTER and not person.phone


def by_call(prefix: str = "") -> Q:
    """`by_phone`, but for whoever is `only_by_letter`: what no letter of the desk says is the outbox's to print."""
    to = f"{prefix}__" if prefix else ""
    return by_phone(prefix) & ~Q(**{f"{to}channel": User.Channel.LETTER, f"{to}phone": ""})


def by_phone(prefix: str = "") -> Q:
    """`is_called` as a condition: `prefix` leads to the person ("match__volunteer")."""
    to = f"{prefix}__" if prefix else ""
    return offline(prefix) & Q(**{f"{to}is_active": True, f"{to}suspended_at__isnull": True})


def offline(prefix: str = "") -> Q:
    """`only_by_phone` as a condition, also of whoever is gone."""
    to = f"{prefix}__" if prefix else ""
    return ~Q(**{f"{to}channel": User.Channel.ONLINE}) | Q(**{f"{to}email__isnull": True})


def unproved() -> Q:
    """
    Of people: joined by themselves, and nobody typed the code that was mailed. A program, or somebody else's address.

    Whoever the office entered, met or calls is none of them.
    """
    mine = EmailAddress.objects.filter(user=OuterRef("pk"))
    alone = Q(created_by__isnull=True, last_login__isnull=True, channel=User.Channel.ONLINE)
    return alone & Q(Exists(mine.filter(verified=False))) & ~Q(Exists(mine.filter(verified=True))) & ~met()
