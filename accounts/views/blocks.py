"""With whom I want no contact, and how that ends again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import people
from accounts.models import Block, User
from core.database import find


@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Everybody I do not want to hear from."""
    rows = Block.objects.filter(blocker=request.user).select_related("blocked").order_by("-since", "id")
    return render(request, "accounts/blocked.html", {"rows": rows})


@require_POST
def unblock(request: HttpRequest, pk: str) -> HttpResponse:
    """Contact is possible again; `pk`: the person."""
    other = find(User.objects.filter(pk__in=Block.objects.filter(blocker=request.user).values("blocked")), pk)
    people.unblock(other=other, by=request.user, now=timezone.now())
    messages.success(request, _("Kontakt ist wieder möglich."))
    return redirect("accounts:blocked")
