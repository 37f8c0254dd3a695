"""Whom a person must never meet, entered and taken back on their word."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import apart
from accounts.actions.looks import note_look
from accounts.forms.apart import KeepApartForm
from accounts.models import KeepApart, Look, User
from core.database import find
from core.errors import Invalid
from matching.desk import scope
from matching.desk.forms.errors import with_error
from matching.desk.scope import for_workers


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The labels, and one more; nobody reads here who it is, or whether they are here."""
    person, form = _person(request, pk), KeepApartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            apart.keep_apart(owner_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Eingetragen. Das gilt ab sofort, auch wenn diese Person später dazukommt."))
            return redirect("desk:keep_apart", pk=pk)
        except Invalid as error:
            form = with_error(form, error)
    note_look(person=person, by=request.user, what=Look.What.PERSON, now=timezone.now())
    shown = {"person": person, "form": form, "entries": KeepApart.objects.filter(owner=person), "tab": "people"}
    return render(request, "desk/keep_apart.html", shown, status=400 if form.errors else 200)


@require_POST
@for_workers
def take_back(request: HttpRequest, pk: UUID, entry: UUID) -> HttpResponse:
    """The person said so themselves, and was called back under the number that stands here."""
    _person(request, pk)
    apart.take_back(entry_id=entry, owner_id=pk, by=request.user)
    messages.success(request, _("Gestrichen."))
    return redirect("desk:keep_apart", pk=pk)


def _person(request: HttpRequest, pk: UUID) -> User:
    return find(scope.people(request.user).exclude(pk=request.user.pk), pk)
