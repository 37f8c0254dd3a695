"""Who comes in through the API: browsers by their session, apps by allauth's session token; then the doormen look."""

import re
from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from django.utils import timezone
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request

from accounts import roles, sessions
from accounts.middleware import SecondFactorNeeded, SessionOver

_TOKEN = re.compile(r"[a-z0-9]{8,40}\Z")


class TokenAuthentication(XSessionTokenAuthentication):
    """`X-Session-Token`; a text that cannot be one is no token at all."""

    def get_session_token(self, request: Request) -> str | None:
        token = super().get_session_token(request)
        return token if token and _TOKEN.match(token) else None


class MayComeIn(IsAuthenticated):
    """
    Logged in, the session not cut; whoever works with other people's data showed a second factor in it.

    Their session is not left alone too long, too: in an app as in a browser.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        session: Any = request.auth or request.session  # an app brings its own session, a browser the cookie's
        if not sessions.epoch_matches(request.user, session):
            raise SessionOver
        if not roles.needs_second_factor(request.user):
            return True
        if request.auth and _is_rested(request.auth):  # of a cookie's session the middleware has asked already
            raise SessionOver
        if not sessions.used_second_factor(request.user, session):
            raise SecondFactorNeeded
        return True


def _is_rested(session: Any) -> bool:
    """The session of an app, which no middleware looks at and nobody else writes back."""
    if sessions.is_rested(session, timezone.now()):
        session.flush()
        return True
    if session.modified:
        session.save()
    return False
