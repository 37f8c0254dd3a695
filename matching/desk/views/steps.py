"""Steps of trust on the desk: one helper's checklist, one tap each; the parents' yes; all by what is missing."""

import csv
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import trust
from accounts.actions import parents, vetting
from accounts.actions.looks import note_look
from accounts.models import Look, Step, User
from core.database import find
from core.errors import Conflict, Invalid, NotVisible
from core.tables import unformulated
from matching.desk import scope, steps
from matching.desk.forms.errors import with_error
from matching.desk.forms.steps import ParentsForm, StepForm
from matching.desk.scope import for_workers
from places.models import Quarter


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@require_POST
@for_workers
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One step was taken: today and all well with one tap, or with day, end and result."""
    _helper(request, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(request, pk, {"wrong": form}, status=400)
    try:
        row = vetting.record_vetting(person_id=pk, by=request.user, now=timezone.now(), **form.cleaned_data)
    except (Conflict, Invalid) as error:
        return _page(request, pk, {"wrong": with_error(form, error)}, status=error.status)
    messages.success(request, _("Eingetragen: %(step)s.") % {"step": row.get_kind_display()})
    return redirect("desk:steps", pk=pk)


@require_POST
@for_workers
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A slip: the newest note of a step goes again."""
    _helper(request, pk)
    try:
        row = vetting.undo_vetting(vetting_id=request.POST.get("schritt", ""), by=request.user, now=timezone.now())
    except Conflict as error:
        return _page(request, pk, {"error": error}, status=error.status)
    messages.success(request, _("Zurückgenommen: %(step)s.") % {"step": row.get_kind_display()})
    return redirect("desk:steps", pk=pk)


@require_POST
@for_workers
def parents_verb(request: HttpRequest, pk: UUID, verb: str) -> HttpResponse:
    """The parents' yes: `papier` lies in the office, `link` is given to them, `zurueck` takes it back."""
    _helper(request, pk)
    form, now = ParentsForm(request.POST), timezone.now()
    try:
        if verb == "zurueck":
            key = request.POST.get("einverstaendnis", "")
            parents.take_consent_back(consent_id=key, by=request.user, now=now)
            messages.success(request, _("Zurückgenommen. Ab jetzt wird nicht mehr gefragt."))
            return redirect("desk:steps", pk=pk)
        if verb not in _GIVE:
            raise NotVisible
        if not form.is_valid():
            return _page(request, pk, {"parents": form}, status=400)
        _GIVE[verb](person_id=pk, by=request.user, now=now, **form.cleaned_data)
    except (Conflict, Invalid) as error:
        return _page(request, pk, {"parents": with_error(form, error)}, status=error.status)
    said = _("Das Einverständnis ist eingetragen.") if verb == "papier" else _("Der Link für die Eltern steht unten.")
    messages.success(request, said)
    return redirect("desk:steps", pk=pk)


@require_safe
@for_workers
def helpers(request: HttpRequest) -> HttpResponse:
    """All helpers by what is missing or runs out."""
    now, quarters = timezone.now(), _quarters(request)
    missing, ending = _chosen(request)
    lacks, soon = steps.counts(quarters, now=now)
    order = [Step.PARENTS, *trust.STEPS]
    context = {
        "rows": steps.helpers(quarters, now=now, missing=missing, ending=ending),
        "lacks": [(step, Step(step).label, lacks[step], step == missing) for step in order if lacks.get(step)],
        "soon": soon,
        "missing": missing,
        "ending": ending,
        "query": request.GET.urlencode(),
        "several_quarters": len(quarters) > 1,
        "today": timezone.localdate(now),
        "tab": "helpers",
    }
    return render(request, "desk/helpers.html", context)


@require_safe
@for_workers
def table(request: HttpRequest) -> HttpResponse:
    """The same list as CSV; no address, no number."""
    now = timezone.now()
    missing, ending = _chosen(request)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="schritte-{timezone.localdate(now)}.csv"'
    out = csv.writer(answer, delimiter=";")
    out.writerow([_("Name"), _("Quartier"), _("Dabei seit"), _("Es fehlt"), _("Läuft ab")])
    for row in steps.helpers(_quarters(request), now=now, missing=missing, ending=ending):
        quarter = row.user.quarter.name if row.user.quarter else ""
        out.writerow(
            map(unformulated, (row.user.full_name, quarter, row.since, ", ".join(row.missing), ", ".join(row.ending)))
        )
    return answer


_GIVE = {"papier": parents.record_paper_consent, "link": parents.ask_parents}


def _quarters(request: HttpRequest) -> list[Quarter]:
    return scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))


def _chosen(request: HttpRequest) -> tuple[str, bool]:
    missing = request.GET.get("fehlt", "")
    return missing if missing in Step.values else "", "laeuft-ab" in request.GET


def _helper(request: HttpRequest, pk: UUID) -> User:
    return find(scope.people(request.user).filter(volunteer_profile__isnull=False), pk)


def _page(request: HttpRequest, pk: UUID, more: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
    now, more = timezone.now(), more or {}
    found = _helper(request, pk)
    note_look(person=found, by=request.user, what=Look.What.PERSON, now=now)
    context = steps.read(found, now) | {"parents": ParentsForm(), "tab": "helpers"} | more
    wrong = more.get("wrong")
    forms = {line.step: StepForm(step=line.step, today=context["today"]) for line in context["lines"]}
    if wrong and wrong.data.get("kind") in forms:
        forms[wrong.data["kind"]] = wrong
    context["rows"] = [(line, forms[line.step]) for line in context["lines"]]
    if context["token"]:
        context["link"] = request.build_absolute_uri(reverse("accounts:parents", args=[context["token"]]))
    return render(request, "desk/steps.html", context, status=status)
