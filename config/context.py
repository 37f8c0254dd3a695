"""What every template may use: names of the service and the city, the viewer's office, doors and text size."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from config.navigation import doors_for, office_of


def house(request: HttpRequest) -> dict[str, Any]:
    """
    Values for every page.

    `office_quarter`: the viewer's Quarter or None; `office`: name, phone, dial, hours to show; `doors`: the navigation;
    `here`: where the display switches lead back to; `text_size`: "normal" or "large" (profile, else cookie).
    """
    user: Any = getattr(request, "user", None)
    known = bool(user and user.is_authenticated)
    size = user.text_size if known else request.COOKIES.get("text_size", "normal")
    quarter = user.quarter if known else None
    return {
        "SERVICE_NAME": settings.SERVICE_NAME,
        "CITY_NAME": settings.CITY_NAME,
        "CITY_PHONE": settings.CITY_PHONE,
        "DEMO": settings.DEMO,
        "HAS_KERN": settings.HAS_KERN,
        "office_quarter": quarter,
        "office": office_of(quarter),
        "doors": SimpleLazyObject(lambda: doors_for(request)),
        "here": _here(request),
        "text_size": "large" if size == "large" else "normal",
    }


def _here(request: HttpRequest) -> str:
    """The address to come back to; a form that came back with errors stands at an address one may not GET."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    came_from = request.headers.get("referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()})
    return urlsplit(came_from).path if ours else "/"
