"""What was decided about a person, behind a signed link: they cannot log in, and still read why and may disagree."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import states
from accounts.actions import suspensions
from core.errors import Conflict, Invalid


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, token: str) -> HttpResponse:
    """Read the reason; disagree once, in a few sentences."""
    found, error = suspensions.suspension_behind(token), ""
    if request.method == "POST":
        try:
            suspensions.appeal_suspension(token=token, text=request.POST.get("text", ""), now=timezone.now())
            return redirect("accounts:decision", token=token)
        except Invalid as wrong:
            error = str(next(iter(wrong.fields.values()), [wrong.detail])[0])
        except Conflict as late:
            error = str(late.detail)
    context = {
        "row": found,
        "quarter": found.user.quarter,
        "in_force": found.state in states.IN_FORCE,
        "may_appeal": found.state == states.EXCLUDED,
        "error": error,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "accounts/decision.html", context, status=400 if error else 200)
