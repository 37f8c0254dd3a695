"""Somebody stops helping: one page that says what follows, and one tap."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import roles
from core.errors import NotVisible
from matching import actions, overview


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest) -> HttpResponse:
    """GET says what ends; POST ends it. Whoever does not help finds nothing here."""
    if roles.profile_of(request.user) is None:
        raise NotVisible
    now = timezone.now()
    if request.method == "POST":
        actions.stop_helping(person_id=request.user.pk, by=request.user, now=now)
        messages.success(request, _("Danke für alles, was Sie getan haben. Wir fragen Sie nicht mehr."))
        return redirect("accounts:profile")
    return render(request, "matching/stop_helping.html", {"running": overview.promises_of(request.user, now=now)})
