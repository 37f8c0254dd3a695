"""Asking one door as one person, and the word for what it answered."""

import functools
import json
import re
from http.cookies import SimpleCookie
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test.client import ClientHandler, RequestFactory

from tests.permissions.doors import Row
from tests.permissions.world import NOBODY, World

WORDS = {200: "ok", 400: "bad", 401: "login", 403: "no", 404: "absent", 405: "method", 409: "conflict", 429: "many"}
_MASKS = [
    (re.compile(rb'name="csrfmiddlewaretoken" value="\w+"'), b"TOKEN"),
    (re.compile(rb"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?"), b"MOMENT"),
]


class _Knock(RequestFactory):
    """Django's test client without its recording of templates, which costs more than the answers."""

    handler = ClientHandler(enforce_csrf_checks=False)

    def request(self, **request: Any) -> Any:
        return self.handler(self._base_environ(**request))


_client = _Knock()


def outcome(row: Row, kind: str, world: World) -> tuple[str, HttpResponse]:
    """
    ok, moved (done, or sent on), login, factor, method; absent, bad, no, conflict, moved with "=" where the very same
    bytes come for a thing that does not exist. Nothing stays done.
    """
    said = _ask(row, kind, world, world.things)
    word = _word(said)
    if row.things and word in ("absent", "bad", "no", "conflict", "many", "moved"):
        if word == "absent" and _masked(said, row, world.things) == _nowhere(_lost(row), kind, world):
            return "absent=", said
        nothing = {name: "0" if isinstance(key, int) else NOBODY for name, key in world.things.items()}
        none = _ask(row, kind, world, nothing)
        return word + ("=" if _masked(said, row, world.things) == _masked(none, row, nothing) else ""), said
    return word, said


def _ask(row: Row, kind: str, world: World, things: dict[str, Any]) -> HttpResponse:
    key = world.sessions[kind]
    _client.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: key} if key else {})
    named: dict[str, Any] = {}
    if row.route.startswith("api/") and row.method != "GET":
        named = {"data": json.dumps(row.body(things)), "content_type": "application/json"}
    elif row.method == "POST":
        named = {"data": row.body(things)}
    with transaction.atomic():
        said = getattr(_client, row.method.lower())(row.address(things), **named)
        transaction.set_rollback(True)
    return said


def _lost(row: Row) -> Row:
    path = "api/v1/gibt-es-nicht/" if row.is_api else "gibt-es-nicht/"
    return Row("GET" if row.method == "GET" else "POST", path, path, ())


@functools.cache
def _nowhere(row: Row, kind: str, world: World) -> tuple:
    """What this person hears at an address nobody ever built. Byte for byte what a hidden thing must answer."""
    return _masked(_ask(row, kind, world, world.things), row, world.things)


def _word(said: HttpResponse) -> str:
    target = said.headers.get("Location", "")
    if 300 <= said.status_code < 400:
        return "login" if "/konto/login/" in target else "factor" if "/konto/2fa/" in target else "moved"
    if said.status_code == 403 and b"second_factor_needed" in said.content:
        return "factor"
    return WORDS.get(said.status_code, "ok" if 200 <= said.status_code < 300 else str(said.status_code))


def _masked(said: HttpResponse, row: Row, things: dict[str, Any]) -> tuple:
    """Status, headers and body with everything that differs from one request to the next put aside."""
    body = said.content.replace(row.address(things).encode(), b"HERE")
    for thing in row.things:
        if not isinstance(things[thing], int) and things[thing] != "0":  # a small number stands in every page
            body = body.replace(str(things[thing]).encode(), b"KEY")
    for mask, instead in _MASKS:
        body = mask.sub(instead, body)
    aside = ("Content-Length", "ETag")
    return said.status_code, sorted((k, v) for k, v in said.headers.items() if k not in aside), body
