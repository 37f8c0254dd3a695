"""Pages that only do something: what happens to whoever reloads their address, or logs in again on the way there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from core.database import find

View = Callable[..., HttpResponse]


def posted(page: str, seen_by: Callable[[Any], QuerySet]) -> Callable[[View], View]:
    """
    The view answers a POST; looked at, its address leads to `page` of the same `pk` and changes nothing.

    `seen_by`: the things a user sees; whoever does not see this one meets 404 as everywhere.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, pk: object, **more: object) -> HttpResponse:
            if request.method == "POST":
                return view(request, pk, **more)
            return redirect(page, find(seen_by(request.user), pk).pk)

        return require_http_methods(["GET", "HEAD", "POST"])(answer)

    return decorate
