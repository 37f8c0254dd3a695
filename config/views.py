"""Pages of the house itself: start, display switches, legal pages, and what is shown when something goes wrong."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from config.navigation import front_doors
from messaging.outbox import push

_YEAR = 365 * 24 * 3600


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The front door; whoever is logged in goes straight to their own page."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "pages/start.html", {"front_doors": front_doors()})


@login_not_required
@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Large type and language: kept in a cookie, and in the profile of whoever is logged in."""
    answer = HttpResponseRedirect(_way_back(request))
    for field, cookie, allowed in (
        ("text_size", "text_size", [size for size, _name in settings.TEXT_SIZES]),
        ("language", settings.LANGUAGE_COOKIE_NAME, [code for code, _name in settings.LANGUAGES]),
    ):
        wish = request.POST.get(field)
        if wish in allowed:
            answer.set_cookie(cookie, wish, max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
            _remember(request, field, wish)
    return answer


def _remember(request: HttpRequest, field: str, wish: str) -> None:
    if request.user.is_authenticated:
        setattr(request.user, field, wish)
        request.user.save(update_fields=[field])


def _way_back(request: HttpRequest) -> str:
    """An address of this house; a bare word is none, though a browser would read it as one."""
    wish = request.POST.get("next", "")
    safe = wish.startswith("/") and url_has_allowed_host_and_scheme(
        wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wish if safe else "/"


def _legal(template: str):
    @login_not_required
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        return render(
            request,
            template,
            {
                "carrier": settings.CARRIER_NAME,
                "operator": settings.OPERATOR_NAME or settings.CARRIER_NAME,
                "operator_address": settings.OPERATOR_ADDRESS,
                "operator_email": settings.OPERATOR_EMAIL,
                "operator_phone": settings.OPERATOR_PHONE or settings.CITY_PHONE,
                "push_is_on": push.is_on(),
                "privacy_contact": settings.PRIVACY_CONTACT or settings.OPERATOR_EMAIL,
            },
        )

    return page


imprint = _legal("pages/imprint.html")
privacy = _legal("pages/privacy.html")
accessibility = _legal("pages/accessibility.html")
