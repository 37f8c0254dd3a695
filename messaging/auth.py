"""
Who is behind a socket, asked anew before each thing it does; of many sockets at once, in three questions.

Channels' own middleware flushes a session signed with an older key (finding 10); here the older keys count as they do
over HTTP, and nothing is ever written.
"""

import hmac
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import parse_qs
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.http.cookie import parse_cookie
from django.utils import timezone

from accounts import roles, sessions
from accounts.models import User
from core.database import key_out, keys_in, moment_in, places, rows_of
from core.errors import HouseError
from messaging.tickets import redeem_ticket

_SESSIONS = "SELECT session_key, session_data FROM django_session WHERE expire_date > %s AND session_key IN ({keys})"
_CALLERS = """
    SELECT id, password, auth_epoch, language FROM accounts_user
    WHERE is_active AND suspended_at IS NULL AND id IN ({keys})
"""


class Revoked(HouseError):
    """Not logged in, or no longer."""

    code = "not_authenticated"
    status = 401


class Caller(NamedTuple):
    """The person behind a pass, as far as a socket needs them; whoever is suspended is none."""

    pk: UUID
    password: str
    auth_epoch: int
    language: str
    suspended_at: None = None


class Opened(NamedTuple):
    """A session unpacked. `signature`: made from the password it was opened with."""

    owner: UUID | None
    signature: str
    session: dict[str, Any]


@dataclass
class Pass:
    """
    A session key as the socket brought it. `epoch`: the person's `auth_epoch` when it was first shown.

    `good_at`: when the question began (monotonic) at which it was last found good; 0.0 once it was not.
    """

    session_key: str
    epoch: int | None = None
    ticket: str = ""  # of an app, redeemed at the first question for the session it was issued on
    good_at: float = 0.0
    number: int = 0  # under which the scribe knows it

    def person(self) -> User:
        """The person, fresh from the database. Raises Revoked."""
        (found,) = people_of([self])
        if isinstance(found, Revoked):
            raise found
        return User.objects.get(pk=found.pk)


def people_of(passes: Sequence[Pass]) -> list[Caller | Revoked]:
    """Who is behind each pass, fresh from the database."""
    now = time.monotonic()
    for one in passes:
        if one.ticket:
            one.session_key, one.ticket = redeem_ticket(one.ticket), ""
    known = _people_of_sessions({one.session_key for one in passes})
    return [_admitted(one, known.get(one.session_key), now) for one in passes]


def _admitted(one: Pass, person: Caller | None, now: float) -> Caller | Revoked:
    if person is None or (one.epoch is not None and person.auth_epoch != one.epoch):
        one.good_at = 0.0
        return Revoked()
    one.epoch, one.good_at = person.auth_epoch, now
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


def _people_of_sessions(keys: Iterable[str]) -> dict[str, Caller]:
    """By session key: the active, not suspended people of running sessions. Others are missing."""
    secrets = settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS
    opened = {key: _opened(text, secrets) for key, text in _running(keys)}
    people = _callers({one.owner for one in opened.values() if one.owner})
    work_here = roles.who_need_second_factor(people)
    return {
        key: person
        for key, one in opened.items()
        if one.owner and (person := people.get(one.owner))
        if _may_come_in(person, one, secrets, needs_factor=person.pk in work_here)
    }


def _running(keys: Iterable[str]) -> list[tuple[str, str]]:
    likely = [key for key in keys if key and len(key) <= 40 and key.isascii() and key.isalnum()]
    if not likely:
        return []
    return rows_of(_SESSIONS.format(keys=places(len(likely))), [moment_in(timezone.now()), *likely])


def _callers(keys: Collection[UUID]) -> dict[UUID, Caller]:
    if not keys:
        return {}
    rows = rows_of(_CALLERS.format(keys=places(len(keys))), keys_in(keys))
    return {caller.pk: caller for caller in (Caller(key_out(row[0]), *row[1:]) for row in rows)}


@lru_cache(maxsize=20_000)
def _opened(text: str, _secrets: tuple[str, ...]) -> Opened:
    """What stands in a session row. The row is read each time; only its unpacking is remembered, for these keys."""
    session = SessionStore().decode(text)
    return Opened(_owner(session), str(session.get(HASH_SESSION_KEY, "")), session)


def _owner(session: dict[str, Any]) -> UUID | None:
    try:
        return UUID(str(session.get(SESSION_KEY)))
    except ValueError:
        return None


def _may_come_in(person: Caller, opened: Opened, secrets: tuple[str, ...], *, needs_factor: bool) -> bool:
    """The same doormen as over HTTP: the session is not cut, and whoever works here showed a second factor in it."""
    signed = any(hmac.compare_digest(opened.signature, one) for one in _signatures(person.password, secrets))
    if not (signed and sessions.epoch_matches(person, opened.session)):
        return False
    return not needs_factor or sessions.used_second_factor(person, opened.session)


@lru_cache(maxsize=20_000)
def _signatures(password: str, _secrets: tuple[str, ...]) -> tuple[str, ...]:
    """Of a session made with this password, under the present key or one before it."""
    person = User(password=password)
    return person.get_session_auth_hash(), *person.get_session_auth_fallback_hash()
