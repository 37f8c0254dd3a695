"""The pages of the demo: who one can be, and the mails that would have been sent. Not there unless DEMO is set."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.demo import logins, post


def _only_in_the_demo(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    @login_not_required
    @never_cache
    @require_safe
    @wraps(view)
    def page(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return page


@_only_in_the_demo
def people(request: HttpRequest) -> HttpResponse:
    """The logins, each with its password and the code that holds now."""
    names, tries = logins.role_names(), logins.what_to_try()
    cards = [
        {"login": login, "role": names[login.role], "text": tries[login.role], "code": login.code}
        for login in logins.LOGINS
    ]
    return render(request, "demo/people.html", {"cards": cards})


@_only_in_the_demo
def mails(request: HttpRequest) -> HttpResponse:
    """The newest mails, as plain text."""
    return render(request, "demo/post.html", {"mails": post.newest(settings.DATA_DIR / "mail", limit=50)})
