"""Manners of the JSON API that hold everywhere: sessions, JSON, paging, filters, and creating a thing only once."""

import codecs
import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import exceptions as drf
from rest_framework.authentication import SessionAuthentication as _Session
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.errors import Conflict, Invalid
from core.http import CsrfMissing
from core.models import StoredAnswer

MAX_DEPTH = 20
KEPT_FOR = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{8,100}\Z")
_LIMIT = re.compile(r"[0-9]{1,3}\Z")


class UnknownFilter(Invalid):
    code = "unknown_filter"
    detail = _("Diesen Filter gibt es hier nicht.")


class KeyUsedBefore(Conflict):
    code = "idempotency_key_used"
    detail = _("Dieser Schlüssel wurde schon für eine andere Eingabe benutzt.")


class SessionAuthentication(_Session):
    """Browser session with CSRF; answers 401 where nobody is logged in."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except drf.PermissionDenied as missing:
            raise CsrfMissing from missing


class StrictJSONParser(JSONParser):
    """JSON is UTF-8 whatever the header says; nesting beyond Python's depth does not fit, it does not crash."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: dict | None = None) -> Any:
        try:
            said = json.load(codecs.getreader("utf-8")(stream), parse_constant=_no_constant)
        except (ValueError, RecursionError) as wrong:
            raise drf.ParseError from wrong
        if _depth(said) > MAX_DEPTH:
            raise drf.ParseError
        return said


def _depth(said: Any) -> int:
    """How many lists and objects lie inside each other, counted level by level so that it cannot itself overflow."""
    level, depth = [said], 0
    while level and depth <= MAX_DEPTH:
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
        depth += 1
    return depth


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are not JSON


class Pages(CursorPagination):
    """Cursor pages in the view's fixed `ordering`; `limit` from 1 to 100."""

    ordering = ("-pk",)
    page_size_query_param = "limit"
    max_page_size = 100

    cursor_query_description = "where to read on, as given in `next` and `previous`"
    page_size_query_description = "rows of a page, 1 to 100"

    def get_schema_operation_parameters(self, view: Any) -> list[dict]:
        parameters = super().get_schema_operation_parameters(view)
        for one in parameters:
            if one["name"] == self.page_size_query_param:
                one["schema"] |= {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
        return parameters

    def get_ordering(self, request: Request, queryset: models.QuerySet, view: Any) -> tuple[str, ...]:
        return tuple(getattr(view, "ordering", self.ordering))

    def get_page_size(self, request: Request) -> int:
        return limit_of(request, default=self.page_size or self.max_page_size, at_most=self.max_page_size)

    def paginate_queryset(self, queryset: models.QuerySet, request: Request, view: Any = None) -> list:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (drf.NotFound, ValidationError, ValueError, OverflowError, DataError) as wrong:
            if self.cursor_query_param not in request.query_params:
                raise
            raise Invalid(fields={"cursor": [_("Diese Seite gibt es nicht.")]}) from wrong


def limit_of(request: Request, *, default: int, at_most: int) -> int:
    """`?limit=` as a number from 1 to `at_most`. Raises Invalid."""
    text = request.query_params.get("limit", str(default))
    if not _LIMIT.match(text) or not 1 <= int(text) <= at_most:
        raise Invalid(fields={"limit": [_("Eine Zahl von 1 bis %(most)s.") % {"most": at_most}]})
    return int(text)


def number_of(request: Request, name: str, *, default: int = 0) -> int:
    """A whole number from 0 to 2^53 out of the query. Raises Invalid."""
    text = request.query_params.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,16}", text, re.ASCII):
        raise Invalid(fields={name: [_("Eine Zahl ab 0.")]})
    return int(text)


def only_filters(request: Request, *known: str) -> None:
    """Refuses query parameters nobody reads: silence would look like an answer. Raises UnknownFilter."""
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise UnknownFilter(fields={name[:60]: [UnknownFilter.detail] for name in unknown[:10]})


class StrictFilterBackend(DjangoFilterBackend):
    """An unknown filter is a 400, not silence; a known one with a wrong value too."""

    def filter_queryset(self, request: Request, queryset: models.QuerySet, view: Any) -> models.QuerySet:
        filterset = self.get_filterset_class(view, queryset)
        known = filterset.base_filters if filterset else {}
        only_filters(request, *known, Pages.cursor_query_param, Pages.page_size_query_param)
        return super().filter_queryset(request, queryset, view)


Handler = Callable[..., Response]


def once(handler: Handler) -> Handler:
    """
    A POST that creates, done once per `Idempotency-Key`.

    The same key and body give the stored answer for 24 hours; another body is KeyUsedBefore. Effect and answer are one
    transaction, and the unique row makes a second request wait for the first one or meet its answer.
    """

    @wraps(handler)
    def wrapper(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not _KEY.match(key):
            raise Invalid(fields={"Idempotency-Key": [_("8 bis 100 einfache Zeichen.")]})
        with transaction.atomic():
            kept = _claim(request, key)
            if kept.status:
                return Response(json.loads(kept.body), status=kept.status, headers={"Idempotency-Replayed": "true"})
            response = handler(view, request, *args, **kwargs)
            kept.keep(status=response.status_code, body=view.get_renderers()[0].render(response.data).decode())
            return response

    wrapper.once = True  # type: ignore[attr-defined]  # the schema names the header where it is read
    return wrapper


def _claim(request: Request, key: str) -> StoredAnswer:
    """A fresh row for this key, or the one that already holds the answer. Raises KeyUsedBefore."""
    now, fingerprint = timezone.now(), _fingerprint(request)
    StoredAnswer.objects.filter(owner=request.user, key=key, made_at__lte=now - KEPT_FOR).delete()
    try:
        with transaction.atomic():
            return StoredAnswer.objects.create(
                owner=request.user,
                key=key,
                fingerprint=fingerprint,
                made_at=now,
                delete_on=timezone.localdate(now + KEPT_FOR) + timedelta(days=1),
            )
    except IntegrityError:
        kept = StoredAnswer.objects.get(owner=request.user, key=key)
    if kept.fingerprint != fingerprint:
        raise KeyUsedBefore
    return kept


def _fingerprint(request: Request) -> str:
    said = json.dumps([request.method, request.path_info, request.data], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()
