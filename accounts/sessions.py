"""What one open session may still do: is it as young as the account's epoch, was a second factor used in it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings

from accounts.models import User

EPOCH_KEY = "auth_epoch"
BEGAN_KEY, SEEN_KEY = "began_at", "seen_at"  # seconds since 1970; of people who work here
_NOTED_EVERY_S = 60  # a session is written at most once a minute
_WHOSE_RECORDS = "account_authentication_methods_user"  # allauth keeps beside its records whose they are
_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class Holder(Protocol):
    """Whoever holds a session: a User, or what a socket knows of one."""

    @property
    def pk(self) -> Any: ...
    @property
    def auth_epoch(self) -> int: ...
    @property
    def suspended_at(self) -> datetime | None: ...


def remember_epoch(user: User, session: Any) -> None:
    """At login: the session is good until somebody raises the account's epoch."""
    session[EPOCH_KEY] = user.auth_epoch


def epoch_matches(user: Holder, session: Mapping[str, Any]) -> bool:
    """False for a suspended person and for a session opened before all sessions were cut. Asked by pages and socket."""
    return user.suspended_at is None and session.get(EPOCH_KEY, 0) == user.auth_epoch


def has_second_factor(user: User) -> bool:
    """Has this person set up an authenticator app, a passkey or a security key?"""
    return is_mfa_enabled(user, _FACTORS)


def used_second_factor(user: Holder, session: Mapping[str, Any]) -> bool:
    """Was a second factor shown in this very session? Asked by pages, API and socket before work on others' data."""
    records = session.get(AUTHENTICATION_METHODS_SESSION_KEY)
    if not isinstance(records, list) or session.get(_WHOSE_RECORDS) != str(user.pk):
        return False
    return any(isinstance(record, dict) and record.get("method") == "mfa" for record in records)


def is_rested(session: Any, now: datetime) -> bool:
    """
    Was this session of somebody who works here left alone too long, or open since this morning? Notes that it was used.

    Office machines are shared: after WORKER_IDLE_MINUTES without a page, and WORKER_SESSION_HOURS after its begin, it
    is over.
    """
    moment = int(now.timestamp())
    began, seen = session.get(BEGAN_KEY), session.get(SEEN_KEY)
    if began is None or seen is None:
        session[BEGAN_KEY] = session[SEEN_KEY] = moment
        return False
    idle = timedelta(minutes=settings.WORKER_IDLE_MINUTES).total_seconds()
    if moment - seen > idle or moment - began > timedelta(hours=settings.WORKER_SESSION_HOURS).total_seconds():
        return True
    if moment - seen >= _NOTED_EVERY_S:
        session[SEEN_KEY] = moment
    return False
