"""How somebody is reached: on a screen, or only by telephone and letter."""

from django.db.models import Q

from accounts.models import User


def only_by_phone(person: User) -> bool:
    """The office calls or writes to them; they answer nothing on a screen."""
    return person.channel != User.Channel.ONLINE or not person.email


def is_called(person: User) -> bool:
    """Only by telephone, and here: neither gone nor suspended."""
    return only_by_phone(person) and person.is_active and not person.suspended_at


def by_phone(prefix: str = "") -> Q:
    """`is_called` as a condition: `prefix` leads to the person ("match__volunteer")."""
    to = f"{prefix}__" if prefix else ""
    offline = ~Q(**{f"{to}channel": User.Channel.ONLINE}) | Q(**{f"{to}email__isnull": True})
    return offline & Q(**{f"{to}is_active": True, f"{to}suspended_at__isnull": True})
