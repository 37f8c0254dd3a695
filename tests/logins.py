"""Logging somebody in without the pages: for clients, browsers and sockets alike."""

from django.test import Client

from accounts.models import User


def logged_in(person: User) -> Client:
    """A client of this person, with password and second factor used in this session, as workers need it."""
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": 0},
        {"method": "mfa", "type": "totp", "at": 0},
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return client
