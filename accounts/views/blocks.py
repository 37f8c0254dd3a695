"""With whom I want no contact, whom I must never meet, and how the first ends again."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import apart, people
from accounts.forms.apart import KeepApartForm
from accounts.forms.parts import add_problems
from accounts.models import Block, KeepApart, User
from core.database import find
from core.errors import Invalid


@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Everybody I do not want to hear from, and how many I must never meet."""
    rows = Block.objects.told_by(request.user).select_related("blocked").order_by("-since", "id")
    entries = KeepApart.objects.filter(owner=request.user)
    return render(request, "accounts/blocked.html", {"rows": rows, "entries": entries})


@require_http_methods(["GET", "HEAD", "POST"])
def keep_apart(request: HttpRequest) -> HttpResponse:
    """Name somebody I must never meet here. The answer is the same, whether they are here or not."""
    form = KeepApartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        me = request.user
        try:
            apart.keep_apart(owner_id=me.pk, by=me, now=timezone.now(), **form.cleaned_data)
        except Invalid as wrong:
            add_problems(form, wrong)
        else:
            messages.success(request, _("Eingetragen. Das gilt ab sofort, auch wenn diese Person später dazukommt."))
            return redirect("accounts:blocked")
    return render(request, "accounts/keep_apart.html", {"form": form}, status=400 if form.errors else 200)


@require_POST
def unblock(request: HttpRequest, pk: str) -> HttpResponse:
    """Contact is possible again; `pk`: the person."""
    other = find(User.objects.filter(pk__in=Block.objects.told_by(request.user).values("blocked")), pk)
    people.unblock(other=other, by=request.user, now=timezone.now())
    messages.success(request, _("Kontakt ist wieder möglich."))
    return redirect("accounts:blocked")
