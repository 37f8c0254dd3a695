"""Staying away, on the desk: one worker proposes, a second confirms, a third hears the appeal."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles
from accounts.actions import suspensions as verbs
from accounts.actions.looks import note_look
from accounts.models import Look, Suspension
from core.database import find
from core.errors import Conflict, HouseError, Invalid, NotVisible
from matching.desk import scope, suspensions
from matching.desk.forms.errors import with_error
from matching.desk.forms.suspensions import SuspendForm
from matching.desk.scope import for_workers


def for_deciders(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """This page exists for workers and coordinators; `request.desk_quarters` may be empty."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.desk_quarters = list(roles.quarters_of(request.user))
        if not request.desk_quarters and not roles.is_coordinator(request.user):
            raise NotVisible
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = find(scope.people(request.user).exclude(pk=request.user.pk), pk)
    form = SuspendForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.propose_suspension(person_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Angehalten. Bitte sagen Sie einer zweiten Person im Büro Bescheid."))
            return redirect("desk:suspension", pk=row.pk)
        except (Conflict, Invalid) as error:
            form, status = with_error(form, error), error.status
    context = {"person": person, "form": form, "tab": "people"}
    return render(request, "desk/suspend.html", context, status=status if not form.errors else max(status, 400))


@require_safe
@for_deciders
def listed(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/suspensions.html", {"rows": suspensions.waiting(request.user)})


@require_safe
@for_deciders
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@require_POST
@for_deciders
def move(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """One move of the table; too late, or without words, shows the page as it is now."""
    if move not in _VERBS:
        raise NotVisible
    try:
        _VERBS[move](suspension_id=pk, by=request.user, now=timezone.now(), **_said(request, move))
    except (Conflict, Invalid) as error:
        return _page(request, pk, error)
    messages.success(request, _("Eingetragen."))
    return redirect("desk:suspension", pk=pk)


_VERBS: dict[str, Callable[..., Suspension]] = {
    "confirm": verbs.confirm_suspension,
    "withdraw": verbs.withdraw_suspension,
    "lift": verbs.lift_suspension,
    "appeal": verbs.appeal_suspension,
    "uphold": verbs.decide_appeal,
    "overturn": verbs.decide_appeal,
    "tell": verbs.mark_told,
}


def _said(request: HttpRequest, move: str) -> dict[str, Any]:
    text = request.POST.get("text", "")
    if move == "appeal":
        return {"text": text}
    if move in ("uphold", "overturn"):
        return {"uphold": move == "uphold", "outcome": text}
    return {"outcome": text} if move == "lift" else {}


def _page(request: HttpRequest, pk: UUID, error: HouseError | None = None) -> HttpResponse:
    rows = Suspension.objects.visible_to(request.user).select_related("user__quarter", "proposed_by", "decided_by")
    found, now = find(rows, pk), timezone.now()
    note_look(person=found.user, by=request.user, what=Look.What.PERSON, now=now)
    context = suspensions.read(found, request.user, now) | {"error": error}
    lines = [str(line) for some in error.fields.values() for line in some] if error else []
    return render(request, "desk/suspension.html", context | {"lines": lines}, status=error.status if error else 200)
