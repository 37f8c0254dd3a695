"""What accounts listens to."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.apps import apps as global_apps
from django.http import HttpRequest
from django.utils import timezone

from accounts import sessions, triggers
from accounts.actions import apart
from accounts.actions.people import cut_sessions
from accounts.actions.skills import load_skills
from accounts.models import User


def fill_skills(apps: Any = global_apps, **_: Any) -> None:
    """After each `migrate` (and after a test emptied the tables) the skills are there."""
    try:
        model = apps.get_model("accounts", "Skill")
    except LookupError:  # migrated back to before there were skills
        return
    load_skills(model=model)


def drop_triggers(**_: Any) -> None:
    triggers.take_away()


def make_triggers(**_: Any) -> None:
    triggers.install(triggers.ACCOUNTS)


def note_epoch(request: HttpRequest | None, user: User, **_: Any) -> None:
    """Whoever logs in gets a session of the account's present epoch."""
    if request is not None:
        sessions.remember_epoch(user, request.session)


def note_first_use(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    """Setting up a second factor shows it, so nobody is asked for it again a moment later."""
    if authenticator.type in (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN):
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)


def note_new_password(user: User, **_: Any) -> None:
    """A changed password ends what is open elsewhere, sockets too."""
    cut_sessions(person=user)


def note_new_email(user: User, **_: Any) -> None:
    """Another address to log in with: somebody may have said that they must never meet whoever has it."""
    apart.note_who(user, now=timezone.now())
