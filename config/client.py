"""The client one can put on a home screen: its description, its service worker, and the page without a line."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

PAPER, PRIMARY = "#FBF7F0", "#0B5754"
# Everything a browser may keep: what the page without a line is made of. No page of a person is ever among it.
KEPT = ("css/tokens.css", "css/app.css", "css/components.css", "icons/logo.svg", "js/offline.js")


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """What a phone needs to put the service on its home screen."""
    icons = [
        _icon("app-192.png", "192x192"),
        _icon("app-512.png", "512x512"),
        _icon("app-maskable-512.png", "512x512") | {"purpose": "maskable"},
    ]
    said: dict[str, Any] = {
        "id": "/",
        "name": settings.SERVICE_NAME,
        "short_name": settings.SERVICE_NAME[:12],
        "description": _("Nachbarschaftshilfe in {city}").format(city=settings.CITY_NAME),
        "lang": get_language(),
        "start_url": reverse("home"),
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PRIMARY,
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


@login_not_required
@never_cache
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; a changed file or sentence gives it another name, and the old store goes."""
    kept = [reverse("offline"), *(static(name) for name in KEPT)]
    known = "\n".join(kept) + render_to_string("client/offline.html", _offline())
    version = hashlib.sha256(known.encode()).hexdigest()[:16]
    words = {"version": version, "kept": kept, "offline": reverse("offline")}
    words |= {"home": reverse("home"), "icon": static("icons/app-192.png")}  # of a hint
    return render(request, "client/worker.js", words, content_type="text/javascript; charset=utf-8")


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """The same for everybody: no name, no session, nothing of a person."""
    return HttpResponse(render_to_string("client/offline.html", _offline()))


def _offline() -> dict[str, Any]:
    return {
        "service": settings.SERVICE_NAME,
        "phone": settings.CITY_PHONE,
        "itself": reverse("offline"),
        "start": reverse("start"),
        "kept": {"logo": static("icons/logo.svg"), "script": static("js/offline.js")},
        "sheets": [static(name) for name in KEPT if name.endswith(".css")],
    }


def _icon(name: str, size: str) -> dict[str, str]:
    return {"src": static(f"icons/{name}"), "sizes": size, "type": "image/png"}
