"""Two doormen: cut sessions end, and whoever works with other people's data shows a second factor in each session."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import roles, sessions
from core.errors import HouseError, NotAllowed

_API = "/api/"
_ALLAUTH = ("konto/", "api/auth/")  # where one logs in, sets up the second factor and shows it


class SessionOver(HouseError):
    """All sessions of this account were cut, or the account is suspended."""

    code = "not_authenticated"
    detail = gettext_lazy("Bitte melden Sie sich neu an.")
    status = 401


class SecondFactorNeeded(NotAllowed):
    """This person works with other people's data and has not shown a second factor in this session."""

    code = "second_factor_needed"
    detail = gettext_lazy("Für diese Arbeit brauchen Sie in jeder Sitzung Ihren zweiten Schlüssel.")


class DoormenMiddleware:
    """Runs before each view; see the module. Pages of people who are logged in are not kept by the browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:  # shared tablets: nothing of a person stays in the browser's cache
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if not sessions.epoch_matches(user, request.session):
            return _session_over(request)
        if _is_open(request, view) or not roles.needs_second_factor(user):
            return None
        if sessions.is_rested(request.session, timezone.now()):
            return _session_over(request)
        return None if sessions.used_second_factor(user, request.session) else _second_factor(request)


def _is_open(request: HttpRequest, view: Any) -> bool:
    """Pages that need no login, and those on which one logs in. The API marks no view, so all of it is closed."""
    route = request.resolver_match.route if request.resolver_match else ""
    if route.startswith(_ALLAUTH):
        return True
    return not request.path_info.startswith(_API) and not getattr(view, "login_required", True)


def _session_over(request: HttpRequest) -> HttpResponse:
    logout(request)
    if request.path_info.startswith(_API):
        return _as_json(SessionOver())
    messages.info(request, SessionOver.detail)
    return redirect("account_login")


def _second_factor(request: HttpRequest) -> HttpResponse:
    if request.path_info.startswith(_API):
        return _as_json(SecondFactorNeeded())
    if not sessions.has_second_factor(request.user):
        messages.info(
            request,
            _("Sie arbeiten mit den Daten anderer Menschen. Bitte richten Sie zuerst einen zweiten Schlüssel ein."),
        )
        return redirect("mfa_index")
    way_back = request.get_full_path() if request.method in ("GET", "HEAD") else "/"
    return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': way_back})}")


def _as_json(error: HouseError) -> JsonResponse:
    return JsonResponse({"code": error.code, "detail": str(error.detail), "fields": {}}, status=error.status)
