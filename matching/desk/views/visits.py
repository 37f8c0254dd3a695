"""Visits on the desk: who did not come, who is to be reminded, who said no afterwards."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.database import find
from core.errors import Conflict, NotVisible
from matching import actions, states
from matching.desk import scope, shell, words
from matching.desk.scope import for_workers
from matching.forms.arrange import DurationForm
from matching.models import Appointment, Match, Reminder
from matching.rules import check_ins_of_worker
from matching.views.matches import typed_reason

MOVES = {
    "da": actions.arrive,
    "fertig": actions.finish,
    "ausgefallen": actions.cancel_appointment,
    "doch-nicht": actions.take_back_finish,
}


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _visit(request, _appointment(request, pk))


@require_POST
@for_workers
def move(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """What the worker hears on the telephone: they came, they are through, it did not take place."""
    found = _appointment(request, pk)
    said = {"reason": typed_reason(request)} if move == "ausgefallen" else {}
    if move not in MOVES:
        raise NotVisible
    try:
        MOVES[move](appointment_id=found.pk, by=request.user, now=timezone.now(), **said)
    except Conflict as late:
        return _visit(request, _appointment(request, pk), late)
    messages.success(request, _("Eingetragen."))
    return redirect(reverse("desk:home") + shell.kept(request, "besuche"))


@require_POST
@for_workers
def duration(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How long the visit really took, as somebody says on the telephone."""
    found, form = _appointment(request, pk), DurationForm(request.POST)
    if not form.is_valid():
        return _visit(request, found, form=form)
    try:
        actions.correct_visit(appointment_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except Conflict as late:
        return _visit(request, _appointment(request, pk), late)
    messages.success(request, _("Die Dauer ist geändert."))
    return redirect(reverse("desk:visit", args=[pk]) + shell.kept(request))


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def remind(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whom to call, about what, under which number; one key says that it is done."""
    rows = Reminder.objects.filter(appointment__match__in=_pairs(request))
    found = find(rows.select_related("person", "appointment__match__resident", "appointment__match__volunteer"), pk)
    if request.method == "POST":
        actions.mark_reminded(reminder_id=found.pk, by=request.user, now=timezone.now())
        messages.success(request, _("Als erinnert eingetragen."))
        return redirect(reverse("desk:home") + shell.kept(request, "erinnern"))
    visit = found.appointment
    other = visit.match.volunteer if found.person_id == visit.match.resident_id else visit.match.resident
    shown = {"reminder": found, "visit": visit, "other": other}
    return render(request, "desk/reminder.html", _beside(request, "erinnern", str(pk)) | shown)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The two answers of one side, to be asked on the telephone or to be seen to."""
    rows = check_ins_of_worker(request.user).select_related("person", "match__resident", "match__volunteer")
    found = find(rows, pk)
    if request.method == "POST" and "settle" in request.POST:
        actions.settle_check_in(check_in_id=pk, by=request.user, now=timezone.now())
        messages.success(request, _("Als erledigt eingetragen."))
        return redirect(reverse("desk:home") + shell.kept(request, "nachfragen"))
    if request.method == "POST":
        said = {key: request.POST[key] == "ja" for key in ("was_fine", "again") if request.POST.get(key)}
        actions.answer_check_in(check_in_id=pk, by=request.user, now=timezone.now(), **said)
        return redirect(request.get_full_path())
    other = found.match.volunteer if found.person_id == found.match.resident_id else found.match.resident
    questions = [
        ("was_fine", _("War alles in Ordnung?"), found.was_fine),
        ("again", _("Möchten Sie sich wiedersehen?"), found.again),
    ]
    shown = {"check_in": found, "other": other, "questions": questions}
    return render(request, "desk/check_in.html", _beside(request, "nachfragen", str(pk)) | shown)


def _pairs(request: HttpRequest) -> QuerySet[Match]:
    """Nobody is the worker of their own pair."""
    return scope.matches(request.user).exclude(resident=request.user).exclude(volunteer=request.user)


def _appointment(request: HttpRequest, pk: UUID) -> Appointment:
    return find(Appointment.objects.filter(match__in=_pairs(request)).for_lists(), pk)


def _visit(
    request: HttpRequest, found: Appointment, late: Conflict | None = None, form: DurationForm | None = None
) -> HttpResponse:
    now = timezone.now()
    shown = {
        "visit": found,
        "people": [found.match.resident, found.match.volunteer],
        "late": late,
        "when": words.moment(found.start, now),
        "may_arrive": found.state == states.AGREED and not found.arrived_at,
        "may_finish": found.state == states.AGREED and found.start <= now,
        "may_correct": actions.correctable_until(found, request.user, now=now) is not None,
        "duration_form": form or DurationForm(initial={"minutes": found.minutes}),
        "may_cancel": found.state in (states.AGREED, states.PROPOSED) and not found.arrived_at,
    }
    beside = _beside(request, "besuche", str(found.pk))
    status = late.status if late else 400 if form else 200
    return render(request, "desk/visit.html", beside | shown, status=status)


def _beside(request: HttpRequest, key: str, current: str) -> dict:
    """The list it was opened from, beside it."""
    now = timezone.now()
    return shell.frame(request, now) | shell.opened_list(request, now) | {"current": current, "back": key}
