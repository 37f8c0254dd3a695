"""An address somebody else wrote down: it is shown to be theirs when they log in by code."""

from allauth.account.models import EmailAddress

from accounts.models import User


def expect_email(person: User) -> None:
    """Tell allauth of the address, unproved; the first code that reaches it proves it. Nothing for people without."""
    if person.email:
        EmailAddress.objects.get_or_create(user=person, email=person.email, defaults={"primary": True})
