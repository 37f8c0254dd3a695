"""The telephone rings: who is it, what waits for their word, what do they need. In a few keys."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import search
from accounts.actions.looks import note_look
from accounts.models import Look, User
from core.database import find
from core.errors import Conflict, HouseError, Invalid
from matching import actions, rules
from matching.calls import book, verbs
from matching.desk import calls as shown
from matching.desk import scope
from matching.desk.forms.calls import CallerForm, QuickRequestForm, last_request, named
from matching.desk.forms.errors import with_error
from matching.desk.forms.people import PersonForm
from matching.desk.scope import for_workers
from matching.models import HelpRequest

FOUND_AT_MOST = 30
A_MOMENT = timedelta(minutes=2)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def find_caller(request: HttpRequest) -> HttpResponse:
    """A few letters lead straight to the caller; where several fit, to a list. Nothing typed stands in an address."""
    form = CallerForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "desk/caller.html", {"form": form, "tab": "call"}, status=400 if form.errors else 200)
    typed = form.cleaned_data["q"]
    found = search.look_for(request.user, typed, most=FOUND_AT_MOST)
    if search.is_certain(found, typed):
        return redirect("desk:caller_page", pk=found[0].pk)
    context = {"form": form, "asked": True, "found": found, "typed": typed, "most": FOUND_AT_MOST, "tab": "call"}
    return render(request, "desk/caller.html", context)


@require_POST
@for_workers
def new(request: HttpRequest) -> HttpResponse:
    """Somebody new: what was typed to find them begins the form."""
    form = PersonForm(quarters=request.desk_quarters, initial=named(request.POST.get("q", "")[:80]))
    return render(request, "desk/person_new.html", {"form": form, "call": True, "tab": "call"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def caller(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everything for this call: what waits for their word, a request in a few keys, a note."""
    person = find(scope.people(request.user).select_related("quarter", "place"), pk)
    if request.method != "POST":
        return _page(request, person)
    if "note" in request.POST:
        return _note(request, person)
    form = QuickRequestForm(request.POST, before=last_request(person), now=timezone.now())
    if not form.is_valid():
        return _page(request, person, form, status=400)
    if "publish" in request.POST and not form.cleaned_data["consent"]:
        form.add_error("consent", _("Bitte lesen Sie den Text vor und setzen Sie das Häkchen."))
        return _page(request, person, form, status=400)
    try:
        taken = _take_down(request.user, person, form, publish="publish" in request.POST)
    except (Conflict, Invalid) as error:
        return _page(request, person, with_error(form, error), status=error.status)
    return _through(request, taken)


@transaction.atomic
def _take_down(worker: User, person: User, form: QuickRequestForm, *, publish: bool) -> HelpRequest:
    """All steps or none; a second tap is no second request."""
    now, changes = timezone.now(), form.changes()
    if before := _just_taken_down(worker, person, changes, now):
        return before
    begun = actions.start_request(resident=person, by=worker, now=now)
    begun = actions.change_request(request_id=begun.pk, by=worker, now=now, changes=changes)
    if publish:
        begun = actions.publish_request(request_id=begun.pk, by=worker, now=now, consent="oral")
    verbs.note_incoming(person=person, by=worker, now=now, request=begun)
    return begun


def _just_taken_down(worker: User, person: User, changes: dict[str, Any], now: datetime) -> HelpRequest | None:
    """The same help, words, days and length by the same hand a moment ago: a second tap, not a second request."""
    same = HelpRequest.objects.filter(resident=person, entered_by=worker, created_at__gte=now - A_MOMENT, state="open")
    same = same.filter(description=changes["description"], skills=changes["skills"][0])
    length, until = changes["duration_minutes"], changes.get("flexible_until")  # None where days were said
    same = same.filter(duration_minutes=length, flexible_until=until)
    ends = {window["end"] for window in changes.get("windows", ())}  # today's beginning moves on with the clock
    for before in same.order_by("-created_at", "id").prefetch_related("windows"):
        if {window.end for window in before.windows.all()} == ends:
            return before
    return None


def _through(request: HttpRequest, taken: HelpRequest) -> HttpResponse:
    if taken.state != "draft":
        messages.success(request, _("Die Bitte ist veröffentlicht. Hier sind die Vorschläge."))
        return redirect("desk:case", pk=taken.pk)
    messages.success(request, _("Die Bitte ist als Entwurf gespeichert."))
    return redirect("desk:request_edit", pk=taken.pk) if "more" in request.POST else redirect("desk:case", pk=taken.pk)


def _note(request: HttpRequest, person: User) -> HttpResponse:
    try:
        verbs.note_incoming(person=person, by=request.user, now=timezone.now(), note=request.POST["note"])
    except Invalid as error:
        return _page(request, person, status=error.status, error=error)
    messages.success(request, _("Der Anruf ist notiert."))
    return redirect("desk:caller_page", pk=person.pk)


def _page(
    request: HttpRequest,
    person: User,
    form: QuickRequestForm | None = None,
    *,
    status: int = 200,
    error: HouseError | None = None,
) -> HttpResponse:
    now = timezone.now()
    note_look(person=person, by=request.user, what=Look.What.PERSON, now=now)
    waiting = book.of_person(person, request.desk_quarters, reader=request.user, now=now)
    may_ask = rules.may_enter_requests_for(request.user, person)
    context = {
        "person": person,
        "waiting": shown.rows(waiting, now),
        "form": form or (QuickRequestForm(before=last_request(person), now=now) if may_ask else None),
        "may_ask": may_ask,
        "best": shown.best_time(person),
        "error": error,
        "calls": shown.done(person.calls.select_related("person", "by").order_by("-at", "id")[:5], now),
        "trusted": person.trusted_people.acting().select_related("person"),
        "tab": "call",
    }
    return render(request, "desk/caller_page.html", context, status=status)
