"""The page behind the code on a badge: good today or not, and nothing else."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actions.badges import look_at_badge
from core.limits import door_of


@login_not_required
@never_cache
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """
    First name and office of a good badge. Unknown, run out, withdrawn, suspended: one and the same answer.

    Whoever looks too often waits, with a good code as with a bad one.
    """
    visitor = door_of(get_adapter().get_client_ip(request) or "")
    badge = look_at_badge(code=code, visitor=visitor, now=timezone.now())
    return render(request, "accounts/badge.html", {"badge": badge}, status=200 if badge else 404)
