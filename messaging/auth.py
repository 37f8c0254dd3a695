"""
Who is behind a socket, asked anew before each thing it does.

Channels' own middleware flushes a session signed with an older key (finding 10); here the older keys count as they do
over HTTP, and nothing is ever written.
"""

import hmac
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.core.exceptions import ValidationError
from django.http.cookie import parse_cookie

from accounts import roles, sessions
from accounts.models import User
from core.errors import HouseError
from messaging.tickets import redeem_ticket


class Revoked(HouseError):
    """Not logged in, or no longer."""

    code = "not_authenticated"
    status = 401


@dataclass
class Pass:
    """A session key as the socket brought it. `epoch`: the person's `auth_epoch` when it was first shown."""

    session_key: str
    epoch: int | None = None
    ticket: str = ""  # of an app, redeemed at the first question for the session it was issued on

    def person(self) -> User:
        """The person, fresh from the database. Raises Revoked."""
        if self.ticket:
            self.session_key, self.ticket = redeem_ticket(self.ticket), ""
        person = person_of(self.session_key)
        if person is None or (self.epoch is not None and person.auth_epoch != self.epoch):
            raise Revoked
        self.epoch = person.auth_epoch
        return person


def pass_of(scope: dict) -> Pass:
    """The ticket of an app, else the pass in the cookies of a handshake; an empty key where there is none."""
    if ticket := ticket_of(scope):
        return Pass("", ticket=ticket)
    cookies: dict[str, str] = {}
    for name, value in scope.get("headers", []):
        if name == b"cookie":
            cookies |= parse_cookie(value.decode("latin1"))
    return Pass(cookies.get(settings.SESSION_COOKIE_NAME, ""))


def ticket_of(scope: dict) -> str:
    """`?ticket=` of the address, or "". Whoever brings one is nobody else, whatever cookies come along."""
    query = parse_qs(scope.get("query_string", b"").decode("latin1"), max_num_fields=20)
    return query.get("ticket", [""])[0][:200]


def person_of(session_key: str) -> User | None:
    """The active, not suspended person of a running session; None otherwise."""
    if not session_key or len(session_key) > 40 or not session_key.isalnum():
        return None
    data = import_module(settings.SESSION_ENGINE).SessionStore(session_key).load()
    try:
        person = User.objects.filter(pk=data.get(SESSION_KEY), is_active=True, suspended_at=None).first()
    except (ValidationError, ValueError):
        return None
    return person if person and _may_come_in(person, data) else None


def _may_come_in(person: User, session: dict) -> bool:
    """The same doormen as over HTTP: the session is not cut, and whoever works here showed a second factor in it."""
    if not (_signed(person, session.get(HASH_SESSION_KEY, "")) and sessions.epoch_matches(person, session)):
        return False
    return sessions.used_second_factor(person, session) or not roles.needs_second_factor(person)


def _signed(person: User, given: str) -> bool:
    """The session was made with the present password, under the present key or one before it."""
    known = [person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()]
    return any(hmac.compare_digest(given, one) for one in known)
