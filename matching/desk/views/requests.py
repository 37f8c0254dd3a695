"""A request on behalf of a caller: one page, read aloud, published in one go."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from core.database import find
from core.errors import Conflict, Invalid
from matching import actions
from matching.desk import scope
from matching.desk.forms.errors import with_error
from matching.desk.forms.requests import RequestForm, in_two_weeks, initial_of
from matching.desk.scope import for_workers
from matching.models import HelpRequest

A_MOMENT = timedelta(minutes=2)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a request down; with consent it is open at once, without it stays a draft of the office."""
    resident = find(scope.people(request.user).select_related("quarter", "place"), pk)
    running = scope.drafts(request.user).filter(resident=resident).first()
    if running:
        return edit(request, running.pk)
    form = RequestForm(request.POST or None, initial={"flexible_until": in_two_weeks(timezone.now())})
    return _answer(request, resident, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go on with a draft of the office, also a colleague's."""
    draft = find(scope.drafts(request.user).for_cards(), pk)
    return _answer(request, draft.resident, RequestForm(request.POST or None, initial=initial_of(draft)), draft)


def _answer(request: HttpRequest, resident: User, form: RequestForm, draft: HelpRequest | None = None) -> HttpResponse:
    publish = "publish" in request.POST
    if request.method != "POST" or not form.is_valid():
        return _page(request, resident, form, status=400 if form.errors else 200)
    if publish and not form.cleaned_data["consent"]:
        form.add_error("consent", _("Bitte lesen Sie den Text vor und setzen Sie das Häkchen."))
        return _page(request, resident, form, status=400)
    try:
        taken = _take_down(request.user, resident, form, draft, publish=publish)
    except (Conflict, Invalid) as error:
        return _page(request, resident, with_error(form, error), status=error.status)
    messages.success(request, _said(taken))
    return redirect("desk:case", pk=taken.pk)


@transaction.atomic
def _take_down(
    worker: User, resident: User, form: RequestForm, draft: HelpRequest | None, *, publish: bool
) -> HelpRequest:
    """All steps or none."""
    now = timezone.now()
    if draft is None and (before := _just_taken_down(worker, resident, form, now)):
        return before
    begun = draft or actions.start_request(resident=resident, by=worker, now=now)
    begun = actions.change_request(request_id=begun.pk, by=worker, now=now, changes=form.changes())
    if publish:
        return actions.publish_request(request_id=begun.pk, by=worker, now=now, consent="oral")
    return begun


_WEEKLY = {"weekly_rhythm", "weekly_ends", "skips_holidays"}
_UNREAD = {"flexible": _WEEKLY, "dated": _WEEKLY | {"flexible_until"}, "weekly": {"flexible_until"}}


def _just_taken_down(worker: User, resident: User, form: RequestForm, now: datetime) -> HelpRequest | None:
    """The very same form by the same hand a moment ago: a second tap, not a second request."""
    same = HelpRequest.objects.filter(resident=resident, entered_by=worker, created_at__gte=now - A_MOMENT)
    unread = _UNREAD[form.cleaned_data["timing"]] | {"consent", "weekly_begins"}
    for before in same.order_by("-created_at", "id").prefetch_related("skills", "windows"):
        if not set(RequestForm(form.data, initial=initial_of(before)).changed_data) - unread:
            return before
    return None


def _said(taken: HelpRequest) -> str:
    if taken.state == "draft":
        return _("Die Bitte ist als Entwurf gespeichert.")
    return _("Die Bitte ist veröffentlicht. Hier sind die Vorschläge.")


def _page(request: HttpRequest, resident: User, form: RequestForm, *, status: int = 200) -> HttpResponse:
    return render(request, "desk/request_new.html", {"person": resident, "form": form, "tab": "people"}, status=status)
