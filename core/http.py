"""
One table from kinds of error to answers: for pages, for the API, for sockets.

Whatever a client can send ends here as a sentence with a stable code; what is not in the table is a bug of ours.
"""

import json
import logging
import re
import sys
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions as drf
from rest_framework.response import Response

from core.errors import Conflict, HouseError, Invalid, NotAllowed, NotVisible, TooMany

log = logging.getLogger("gemeinsinn.core")
API_PREFIX = "/api/"
_BUSY_SECONDS = 2  # a writer of ours holds SQLite's lock for milliseconds; two seconds are a polite distance
_AWAY_SECONDS = 5  # a restart of the database
# SQLite's words for a disk that is full or gone; a missing table stays a bug of ours.
_AWAY = re.compile(r"unable to open database file|disk I/O error|database or disk is full", re.IGNORECASE)
_BUSY = re.compile(r"database (table )?is locked", re.IGNORECASE)
_BUSY_STATES = {"40001", "40P01", "55P03"}  # PostgreSQL: serialization failure, deadlock, lock not available
_RULES = {"23505", "23514", "23P01"}  # PostgreSQL: unique, check, exclusion
_GIVING_UP = (RecursionError, ValueError, LookupError, TypeError, AttributeError)
_NAMED = re.compile(r"(UNIQUE|CHECK) constraint failed", re.IGNORECASE)  # SQLite's words; PostgreSQL names it itself


@dataclass(frozen=True)
class Answer:
    """What the person hears: `fields` maps field names to lists of sentences, `headers` go out as they are."""

    status: int
    code: str
    detail: Any
    fields: dict[str, list] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    choices: list[dict] = field(default_factory=list)

    def as_json(self) -> dict:
        fields = {name: [force_str(line) for line in lines] for name, lines in self.fields.items()}
        said = {"code": self.code, "detail": force_str(self.detail), "fields": fields}
        return said | {"choices": self.choices} if self.choices else said


# Errors of Django and REST framework, most special first; our own kinds carry their answer themselves.
_TABLE: list[tuple[type[BaseException] | tuple, int, str, Any]] = [
    (Http404, NotVisible.status, NotVisible.code, NotVisible.detail),
    (drf.NotFound, NotVisible.status, NotVisible.code, NotVisible.detail),
    ((drf.NotAuthenticated, drf.AuthenticationFailed), 401, "not_authenticated", _("Bitte melden Sie sich an.")),
    ((PermissionDenied, drf.PermissionDenied), NotAllowed.status, NotAllowed.code, NotAllowed.detail),
    (drf.MethodNotAllowed, 405, "method_not_allowed", _("Das geht an dieser Stelle nicht.")),
    (drf.NotAcceptable, 406, "not_acceptable", _("Hier gibt es nur Antworten als JSON.")),
    (RequestDataTooBig, 413, "too_large", _("Das ist zu viel auf einmal. Bitte kürzen Sie.")),
    (drf.UnsupportedMediaType, 415, "unsupported_media_type", _("Bitte senden Sie JSON.")),
    (drf.ParseError, 400, "not_json", _("Das ist kein gültiges JSON.")),
    ((drf.ValidationError, ValidationError), Invalid.status, Invalid.code, Invalid.detail),
    (drf.Throttled, TooMany.status, TooMany.code, TooMany.detail),
    (
        (BadRequest, SuspiciousOperation, MultiPartParserError, UnicodeError),
        400,
        "bad_request",
        _("Das haben wir nicht verstanden."),
    ),
]


def answer_to(error: BaseException) -> Answer | None:
    """The answer for this error; None for what is a bug of ours."""
    if isinstance(error, HouseError):
        wait = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
        return Answer(error.status, error.code, error.detail, _as_lists(error.fields), wait, error.choices)
    if isinstance(error, IntegrityError) and (name := _broken_rule(error)):
        log.warning("constraint answered name=%s", name)  # a verb should have said it in better words
        return Answer(Conflict.status, Conflict.code, Conflict.detail)
    if isinstance(error, OperationalError) and _is_busy(error):
        return Answer(503, "busy", _busy_detail, headers={"Retry-After": str(_BUSY_SECONDS)})
    if isinstance(error, OperationalError | InterfaceError) and _is_away(error):
        return Answer(503, "away", _away_detail, headers={"Retry-After": str(_AWAY_SECONDS)})
    if _is_unreadable(error):
        error = BadRequest()
    for kinds, status, code, detail in _TABLE:
        if isinstance(error, kinds):
            return Answer(status, code, detail, _fields_of(error), _headers_of(error))
    return None


_busy_detail = _("Gerade ist viel los. Bitte versuchen Sie es gleich noch einmal.")
_away_detail = _("Das geht gerade für einen Augenblick nicht. Bitte versuchen Sie es gleich noch einmal.")
_broken = Answer(500, "broken", _("Bei uns ist etwas schiefgegangen. Wir kümmern uns darum."))


# --- pages ----------
class ErrorMiddleware(MiddlewareMixin):
    """An error out of a page becomes a page with a sentence and a way on."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        answer = answer_to(error)
        return _said(request, answer) if answer else None


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, answer_to(exception) or _generic(BadRequest()))


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, _generic(PermissionDenied()))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _said(request, _generic(Http404()))


def broken(request: HttpRequest) -> HttpResponse:
    """
    Something is wrong with us: the page, and plain words where even the page cannot be made.

    Also where errors end that come before any view: the database is away when the session is read.
    """
    error = sys.exc_info()[1]
    answer = (error and answer_to(error)) or _broken
    answer = answer if answer.status == 503 else _broken
    try:
        return _said(request, answer)
    except Exception:  # the log already holds the first error; a second one would only hide the sentence
        return HttpResponse(force_str(answer.detail), status=answer.status, content_type="text/plain; charset=utf-8")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _said(request, Answer(403, "csrf", CsrfMissing.detail))


class CsrfMissing(NotAllowed):
    """A form without the token of this session: an old tab, or somebody else's page."""

    code = "csrf"
    detail = _("Diese Seite war zu lange offen. Bitte laden Sie sie neu und versuchen Sie es noch einmal.")


def _said(request: HttpRequest, answer: Answer) -> HttpResponse:
    if request.path_info.startswith(API_PREFIX):
        return JsonResponse(answer.as_json(), status=answer.status, headers=answer.headers)
    if answer.code == "away":  # a page that asks the database nothing, not even who is here
        about = {"error": answer, "service": settings.SERVICE_NAME, "phone": settings.CITY_PHONE}
        text = render_to_string("away.html", about | {"HAS_KERN": settings.HAS_KERN})
        return HttpResponse(text, status=answer.status, headers=answer.headers)
    response = render(request, "error.html", {"error": answer}, status=answer.status)
    for name, value in answer.headers.items():
        response[name] = value
    return response


# --- API ----------
def api_answer(error: Exception, context: dict) -> Response | None:
    """REST framework's exception handler; None lets a bug reach the log and a 500."""
    answer = answer_to(error)
    return Response(answer.as_json(), status=answer.status, headers=answer.headers) if answer else None


# --- sockets ----------
CLOSE_CODES = {401: 4401, 403: 4403, 404: 4404, 429: 4429}


def socket_error(error: BaseException) -> dict:
    """The frame `{v, type: "error", code, detail}`; a bug of ours says so without saying what."""
    said = (answer_to(error) or _broken).as_json()
    return {"v": 1, "type": "error", "code": said["code"], "detail": said["detail"]}


def close_code(error: BaseException) -> int:
    """With which code a socket closes where this error ends it; 1011 for a bug of ours."""
    answer = answer_to(error)
    return CLOSE_CODES.get(answer.status, 4400) if answer else 1011


# --- reading errors ----------
def _generic(error: Exception) -> Answer:
    answer = answer_to(error)
    assert answer is not None  # only called with kinds of the table
    return answer


def _broken_rule(error: IntegrityError) -> str:
    """The rule of ours that the database held, "" for a forgotten value. PostgreSQL's text would quote the row."""
    diag = getattr(error.__cause__, "diag", None)
    if diag is not None:
        return (diag.constraint_name or "") if diag.sqlstate in _RULES else ""
    return str(error).partition("failed: ")[2] if _NAMED.search(str(error)) else ""


def _is_busy(error: OperationalError) -> bool:
    state = getattr(error.__cause__, "sqlstate", None)
    return state in _BUSY_STATES or bool(_BUSY.search(str(error)))


def _is_away(error: Exception) -> bool:
    """Of PostgreSQL every operational error that is not a lock: stopped, restarting, unreachable, full."""
    return connection.vendor != "sqlite" or bool(_AWAY.search(str(error)))


def _is_unreadable(error: BaseException) -> bool:
    """
    What a parser gives up on in words of its own: lists without end, numbers of thousands of digits, half a passkey.

    Packages that read these themselves (the app API of logins, passkeys) expect only the usual errors.
    """
    if isinstance(error, json.JSONDecodeError) or not isinstance(error, _GIVING_UP):
        return False
    rooms, trace = [], error.__traceback__
    while trace is not None:
        rooms.append(str(trace.tb_frame.f_globals.get("__name__", "")))
        trace = trace.tb_next
    return rooms[-1:] == ["json.decoder"] or any(room.startswith("fido2.") for room in rooms)


def _headers_of(error: BaseException) -> dict[str, str]:
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = str(error.auth_header)  # type: ignore[attr-defined]
    if isinstance(error, drf.Throttled):
        headers["Retry-After"] = str(int(getattr(error, "wait", None) or 60) + 1)
    return headers


def _fields_of(error: BaseException) -> dict[str, list]:
    if isinstance(error, drf.ValidationError):
        return _flat(error.detail)
    if isinstance(error, ValidationError):
        return _flat(error.message_dict if hasattr(error, "error_dict") else error.messages)
    return {}


def _as_lists(fields: dict) -> dict[str, list]:
    return {name: list(lines) if isinstance(lines, list | tuple) else [lines] for name, lines in fields.items()}


def _flat(detail: Any, path: str = "") -> dict[str, list]:
    """Nested errors under dotted names: `{"windows.0.start": ["…"]}`."""
    if isinstance(detail, dict):
        parts = list(detail.items())
    elif isinstance(detail, list) and any(isinstance(part, dict | list) for part in detail):
        parts = [(str(number), part) for number, part in enumerate(detail)]
    else:
        lines = detail if isinstance(detail, list) else [detail]
        return {path or "non_field_errors": lines} if lines else {}
    found: dict[str, list] = {}
    for name, part in parts:
        found |= _flat(part, f"{path}.{name}" if path else str(name))
    return found
