"""Who comes in through the API: browsers by their session, apps by allauth's session token."""

import re

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from rest_framework.request import Request

_TOKEN = re.compile(r"[a-z0-9]{8,40}\Z")


class TokenAuthentication(XSessionTokenAuthentication):
    """`X-Session-Token`; a text that cannot be one is no token at all."""

    def get_session_token(self, request: Request) -> str | None:
        token = super().get_session_token(request)
        return token if token and _TOKEN.match(token) else None
