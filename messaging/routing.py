"""The doors for sockets: a known page asked for it, the address exists, then the talk begins."""

from collections.abc import Callable
from urllib.parse import urlsplit

from channels.security.websocket import OriginValidator
from django.conf import settings

from messaging.auth import ticket_of
from messaging.consumers import TalkSocket
from messaging.sockets import Socket

PATHS: dict[str, type[Socket]] = {"/ws/v1/": TalkSocket}
UNKNOWN, NOT_ALLOWED = 4404, 4403
LOCAL = ("127.0.0.1", "localhost")


async def socket_application(scope: dict, receive: Callable, send: Callable) -> None:
    """ASGI application for every WebSocket; a refusal is always a close code, never an error."""
    socket = PATHS.get(scope.get("path", ""))
    if not comes_from_here(scope):
        await _refuse(receive, send, NOT_ALLOWED)
    elif socket is None:
        await _refuse(receive, send, UNKNOWN)
    else:
        await socket(scope, receive, send).run()


async def _refuse(receive: Callable, send: Callable, code: int) -> None:
    """Accept and close with the reason."""
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.close", "code": code})


def comes_from_here(scope: dict) -> bool:
    """
    The page that opened the socket is one of ours: scheme, name and port; anything unreadable is not.

    An app has no page; it brings a ticket, and then no cookie counts.
    """
    try:
        if ticket_of(scope):
            return True
        found = [value.decode("ascii") for name, value in scope["headers"] if name == b"origin"]
        if len(found) != 1:
            return False
        return OriginValidator(None, allowed_origins(scope)).valid_origin(urlsplit(found[0]))
    except (ValueError, KeyError, TypeError, UnicodeError):
        return False


def allowed_origins(scope: dict) -> list[str]:
    """The site's own address, its other names, and on a local machine the port it is really served on."""
    site = urlsplit(settings.SITE_URL)
    port = f":{site.port}" if site.port else ""
    names = [name for name in settings.ALLOWED_HOSTS if name != "*"]
    origins = [settings.SITE_URL, *(f"{site.scheme}://{name}{port}" for name in names)]
    if settings.DEMO or site.hostname in LOCAL:
        served = (scope.get("server") or (None, None))[1]
        origins += [f"http://{name}:{served}" for name in LOCAL if served]
    return origins
