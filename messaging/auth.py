"""
Who is behind a socket, asked anew before each thing it does; of many sockets at once, in three questions.

Channels' own middleware flushes a session signed with an older key (finding 10); here the older keys count as they do
over HTTP, and nothing is ever written.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http.cookie import parse_cookie
from django.utils import timezone

from accounts import roles, sessions
from accounts.models import User
from core.errors import HouseError
from messaging.tickets import redeem_ticket

_NEEDED = ("password", "auth_epoch", "suspended_at", "is_active", "language")


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
        (found,) = people_of([self], whole=True)
        if isinstance(found, Revoked):
            raise found
        return found


def people_of(passes: Sequence[Pass], *, whole: bool = False) -> list[User | Revoked]:
    """The person of each pass, fresh from the database; unless `whole`, only who they are and whether they may."""
    for one in passes:
        if one.ticket:
            one.session_key, one.ticket = redeem_ticket(one.ticket), ""
    known = _people_of_sessions({one.session_key for one in passes}, whole=whole)
    return [_admitted(one, known.get(one.session_key)) for one in passes]


def _admitted(one: Pass, person: User | None) -> User | Revoked:
    if person is None or (one.epoch is not None and person.auth_epoch != one.epoch):
        return Revoked()
    one.epoch = person.auth_epoch
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


def _people_of_sessions(keys: Iterable[str], *, whole: bool) -> dict[str, User]:
    """By session key: the active, not suspended people of running sessions. Others are missing."""
    likely = [key for key in keys if key and len(key) <= 40 and key.isalnum()]
    running = Session.objects.filter(session_key__in=likely, expire_date__gt=timezone.now())
    data = {
        key: _decoded(text, settings.SECRET_KEY) for key, text in running.values_list("session_key", "session_data")
    }
    owners = {key: owner for key, session in data.items() if (owner := _owner(session))}
    rows = User.objects.filter(is_active=True, suspended_at=None)
    people = (rows if whole else rows.only(*_NEEDED)).in_bulk(set(owners.values()))
    work_here = roles.who_need_second_factor(people)
    return {
        key: people[owner]
        for key, owner in owners.items()
        if owner in people and _may_come_in(people[owner], data[key], needs_factor=owner in work_here)
    }


@lru_cache(maxsize=20_000)
def _decoded(text: str, _key: str) -> dict[str, Any]:
    """What stands in a session row. The row is read each time; only its unpacking is remembered, for this key."""
    return SessionStore().decode(text)


def _owner(session: dict[str, Any]) -> UUID | None:
    try:
        return UUID(str(session.get(SESSION_KEY)))
    except ValueError:
        return None


def _may_come_in(person: User, session: dict[str, Any], *, needs_factor: bool) -> bool:
    """The same doormen as over HTTP: the session is not cut, and whoever works here showed a second factor in it."""
    if not (_signed(person, session.get(HASH_SESSION_KEY, "")) and sessions.epoch_matches(person, session)):
        return False
    return not needs_factor or sessions.used_second_factor(person, session)


def _signed(person: User, given: str) -> bool:
    """The session was made with the present password, under the present key or one before it."""
    known = _signatures(person.password, settings.SECRET_KEY, tuple(settings.SECRET_KEY_FALLBACKS))
    return any(hmac.compare_digest(given, one) for one in known)


@lru_cache(maxsize=20_000)
def _signatures(password: str, _key: str, _older: tuple[str, ...]) -> tuple[str, ...]:
    person = User(password=password)
    return person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()
