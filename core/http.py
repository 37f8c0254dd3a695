"""One table from kinds of error to answers: for pages, for the API, for sockets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin

from core.errors import HouseError


class ErrorMiddleware(MiddlewareMixin):
    """A HouseError out of a page becomes a page with a sentence and a way on."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, HouseError):
            return None
        return render(request, "error.html", {"error": error}, status=error.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "error.html", {"error": HouseError()}, status=403)


def api_answer(error: Exception, context: dict) -> object:
    from rest_framework.views import exception_handler

    return exception_handler(error, context)
