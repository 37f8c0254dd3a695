"""One appointment on its own page, for everybody who sees its match; and the two questions after a visit."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.database import find
from core.errors import Conflict, Invalid, NotVisible
from core.posting import posted
from matching import actions, arranging, words
from matching.errors import ArrangingRests
from matching.forms.arrange import AppointmentForm, DurationForm
from matching.models import Appointment, CheckIn
from matching.views.matches import typed_reason

MOVES = {
    "zusagen": actions.agree_appointment,
    "absagen": actions.cancel_appointment,
    "da": actions.arrive,
    "fertig": actions.finish,
    "doch-nicht": actions.take_back_finish,
}
ANSWERS = {"was_fine": "was_fine", "again": "again"}


@require_safe
def show(request: HttpRequest, pk: object) -> HttpResponse:
    return _page(request, _find(request, pk))


@posted("matching:appointment", Appointment.objects.of)
def move(request: HttpRequest, pk: object, move: str) -> HttpResponse:
    """Agree, call off, "Bin da", "Bin fertig"; too late shows the new state and says so (409)."""
    found = _find(request, pk)
    if move not in MOVES:
        raise NotVisible
    said = {"reason": typed_reason(request)} if move == "absagen" else {}
    try:
        MOVES[move](appointment_id=found.pk, by=request.user, now=timezone.now(), **said)
    except Conflict as late:
        return _page(request, _find(request, pk), late=late)
    if told := arranging.kept_back(found.match, request.user, said.get("reason", "")):
        messages.warning(request, told)
    return redirect("matching:appointment", pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: object) -> HttpResponse:
    """Propose another time instead; an agreed one stands until the other side agrees."""
    found = _find(request, pk)
    if arranging.rights_of(found.match, request.user).rests:
        return _page(request, found, late=ArrangingRests())
    start = timezone.localtime(found.start)
    before = {"day": start.date(), "start": start.time(), "minutes": found.planned_minutes, "place": found.place}
    form = AppointmentForm(request.POST or None, initial=before, more=False)
    if request.method == "POST" and form.is_valid():
        first, end = form.span()
        place = form.cleaned_data.get("place", "")
        try:
            actions.move_appointment(
                appointment_id=found.pk, start=first, end=end, by=request.user, now=timezone.now(), place=place
            )
        except Invalid as wrong:
            for line in [line for lines in wrong.fields.values() for line in lines]:
                form.add_error("day", line)
        except Conflict as late:
            return _page(request, _find(request, pk), late=late)
        else:
            messages.success(request, _("Ihr Vorschlag steht jetzt im Gespräch."))
            return _to_talk(request, found)
    status = 400 if form.is_bound else 200
    return render(request, "matching/appointment_move.html", _shown(request, found) | {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def duration(request: HttpRequest, pk: object) -> HttpResponse:
    """How long the visit really took, for whoever said "Bin fertig"; too late shows the appointment (409)."""
    found = _find(request, pk)
    form = DurationForm(request.POST or None, initial={"minutes": found.minutes})
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_visit(appointment_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except Conflict as late:
            return _page(request, _find(request, pk), late=late)
        messages.success(request, _("Die Dauer ist geändert."))
        return redirect("matching:appointment", pk=found.pk)
    shown = _shown(request, found) | {"form": form}
    if not shown["entry"].correct_until:
        return redirect("matching:appointment", pk=found.pk)
    return render(request, "matching/appointment_duration.html", shown, status=400 if form.is_bound else 200)


@require_POST
def answer(request: HttpRequest, pk: object) -> HttpResponse:
    """One tap on one of the two questions."""
    find(CheckIn.objects.answered_by(request.user), pk)
    said = {name: request.POST[name] == "ja" for name in ANSWERS if request.POST.get(name) in ("ja", "nein")}
    actions.answer_check_in(check_in_id=pk, by=request.user, now=timezone.now(), **said)
    if not all(said.values()):
        messages.success(request, _("Danke, dass Sie das sagen. Das Quartiersbüro meldet sich bei Ihnen."))
    else:
        messages.success(request, _("Danke für Ihre Antwort."))
    return redirect("home")


def _find(request: HttpRequest, pk: object) -> Appointment:
    rows = Appointment.objects.of(request.user).for_lists()
    return find(rows.select_related("proposed_by", "replaces"), pk)


def _page(request: HttpRequest, found: Appointment, *, late: Conflict | None = None) -> HttpResponse:
    shown = _shown(request, found) | {"late": late}
    return render(request, "matching/appointment.html", shown, status=late.status if late else 200)


def _shown(request: HttpRequest, found: Appointment) -> dict[str, Any]:
    now, match, user = timezone.now(), found.match, request.user
    rights = arranging.rights_of(match, user)
    [entry] = arranging.cards_of([found], match, rights, now=now)
    helps = match.volunteer_id == user.pk
    return {
        "entry": entry,
        "arranging_rests": rights.rests,
        "match": match,
        "who": match.resident.first_name if helps else match.volunteer.first_name,
        "kinds": words.kinds(match.request.skills.all()),
        "helps": helps,
        "talks": user.pk in (match.resident_id, match.volunteer_id),
    }


def _to_talk(request: HttpRequest, found: Appointment) -> HttpResponse:
    if request.user.pk in (found.match.resident_id, found.match.volunteer_id):
        return redirect("messaging:of_match", pk=found.match_id)
    return redirect("home")
