"""Follow-ups, sealed notes, hand-overs and the deputy for the holidays."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import roles
from accounts.actions import casework as verbs
from accounts.actions.looks import note_look
from accounts.models import CaseNote, HandOver, Look, User
from accounts.sealing import unseal
from core.database import find
from core.errors import Conflict, Invalid
from matching.desk import scope, shell
from matching.desk.forms.casework import DeputyForm, FollowUpForm, HandOverForm, NoteForm
from matching.desk.forms.errors import with_error
from matching.desk.scope import for_workers
from matching.desk.views.people import person_page


@require_POST
@for_workers
def follow_up(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Something to do by a day."""
    find(scope.people(request.user), pk)
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return person_page(request, pk, {"follow_up_form": form}, status=400)
    try:
        verbs.add_follow_up(person_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Invalid as error:
        return person_page(request, pk, {"follow_up_form": with_error(form, error)}, status=400)
    messages.success(request, _("Eingetragen."))
    return redirect(reverse("desk:person", args=[pk]) + "#wiedervorlage")


@require_POST
@for_workers
def follow_up_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Done, or back again (`wieder`); from the list one stays in the list."""
    done = "wieder" not in request.POST
    row = verbs.finish_follow_up(follow_up_id=pk, by=request.user, now=timezone.now(), done=done)
    messages.success(request, _("Erledigt.") if done else _("Wieder offen."))
    if "liste" in request.POST:
        return redirect(reverse("desk:home") + shell.kept(request, "faellig"))
    return redirect(reverse("desk:person", args=[row.person_id]) + "#wiedervorlage")


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Own notes, and those of colleagues the person agreed to; nobody else finds any here."""
    person = _person(request, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.write_note(person_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Die Notiz ist verschlossen gespeichert."))
            return redirect("desk:notes", pk=pk)
        except Invalid as error:
            form = with_error(form, error)
    return _notes_page(request, person, form, None)


@require_POST
@for_workers
def note_delete(request: HttpRequest, pk: UUID, note: UUID) -> HttpResponse:
    _person(request, pk)
    verbs.delete_note(note_id=note, by=request.user, now=timezone.now())
    messages.success(request, _("Die Notiz ist gelöscht."))
    return redirect("desk:notes", pk=pk)


@require_POST
@for_workers
def hand_over(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A colleague may read, with the person's consent; or no longer (`zurueck`)."""
    person, now = _person(request, pk), timezone.now()
    if key := request.POST.get("zurueck"):
        verbs.take_hand_over_back(hand_over_id=key, by=request.user, now=now)
        messages.success(request, _("Zurückgenommen."))
        return redirect("desk:notes", pk=pk)
    form = HandOverForm(request.POST, colleagues=roles.colleagues_of(request.user))
    if not form.is_valid():
        return _notes_page(request, person, NoteForm(), form)
    said = dict(form.cleaned_data)
    taker = said.pop("taker")
    try:
        verbs.hand_over(person_id=pk, taker_id=taker.pk, by=request.user, now=now, **said)
    except (Conflict, Invalid) as error:
        return _notes_page(request, person, NoteForm(), with_error(form, error))
    messages.success(request, _("Eingetragen."))
    return redirect("desk:notes", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def deputies(request: HttpRequest) -> HttpResponse:
    """Who stands in for me, and for whom I do."""
    if key := request.POST.get("beenden"):
        verbs.end_deputy(deputy_row_id=key, by=request.user, now=timezone.now())
        messages.success(request, _("Die Vertretung ist beendet."))
        return redirect("desk:deputies")
    form = DeputyForm(request.POST or None, colleagues=roles.colleagues_of(request.user))
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        deputy = said.pop("deputy")
        try:
            verbs.name_deputy(deputy_id=deputy.pk, by=request.user, now=timezone.now(), **said)
            messages.success(request, _("Die Vertretung ist eingetragen."))
            return redirect("desk:deputies")
        except Invalid as error:
            form = with_error(form, error)
    today = timezone.localdate()
    running = {"ended_at__isnull": True, "last_day__gte": today}
    context = {
        "form": form,
        "mine": request.user.deputies.filter(**running).select_related("deputy"),
        "others": request.user.stands_in_for.filter(**running).select_related("worker"),
        "tab": "deputies",
    }
    return render(request, "desk/deputies.html", context, status=400 if form.errors else 200)


def _person(request: HttpRequest, pk: UUID) -> User:
    return find(scope.people(request.user).exclude(pk=request.user.pk), pk)


def _notes_page(request: HttpRequest, person: User, form: NoteForm, over: HandOverForm | None) -> HttpResponse:
    note_look(person=person, by=request.user, what=Look.What.PERSON, now=timezone.now())
    rows = CaseNote.objects.visible_to(request.user, today=timezone.localdate()).filter(person=person)
    context: dict[str, Any] = {
        "person": person,
        "form": form,
        "over": over or HandOverForm(colleagues=roles.colleagues_of(request.user)),
        "notes": [(row, unseal(row.sealed), row.worker_id == request.user.pk) for row in rows.select_related("worker")],
        "given": HandOver.objects.filter(person=person, giver=request.user, revoked_at__isnull=True).select_related(
            "taker"
        ),
        "tab": "people",
    }
    wrong = form.errors or (over and over.errors)
    return render(request, "desk/notes.html", context, status=400 if wrong else 200)
