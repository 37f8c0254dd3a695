"""Whoever opens the page a notice leads to has seen it: no mail about what somebody looks at just now."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from messaging.actions import saw


class SeenMiddleware:
    """After a page of a match, or the own page, was shown. Costs one question to the database on these two alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        found = request.resolver_match
        page = found.view_name if found else ""
        if page in ("home", "matching:match") and answer.status_code == 200 and request.method == "GET":
            self._note(request, found.kwargs.get("pk") if found else None)
        return answer

    @staticmethod
    def _note(request: HttpRequest, match_id: UUID | None) -> None:
        if request.user.is_authenticated:
            saw(person_id=request.user.pk, thread=match_id, now=timezone.now())
