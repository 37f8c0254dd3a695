"""Badges on the desk: give one, take it back, print it, check a number a caller reads out."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import badges
from accounts.models import Badge
from core.database import find
from core.errors import Invalid, NotVisible
from matching import states
from matching.desk import scope, words
from matching.desk.scope import for_workers
from matching.models import Appointment
from matching.paper import answer, reading


@require_POST
@for_workers
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        made = badges.issue_badge(person_id=pk, by=request.user, now=timezone.now())
    except Invalid as error:
        messages.error(request, " ".join(str(line) for lines in error.fields.values() for line in lines))
        return redirect("desk:person", pk=pk)
    messages.success(request, _("Der Ausweis %(number)s gilt ab jetzt.") % {"number": made.spoken})
    return redirect("desk:person", pk=pk)


@require_POST
@for_workers
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    badges.withdraw_badge(person_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Der Ausweis gilt nicht mehr."))
    return redirect("desk:person", pk=pk)


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID, *, pdf: bool) -> HttpResponse:
    found = badges.running_badge(find(scope.people(request.user), pk), now=timezone.now())
    if found is None:
        raise NotVisible
    sheet = reading.badge_sheet(found)
    there, links = reverse("desk:badge_pdf", args=[pk]), [(_("Zurück"), reverse("desk:person", args=[pk]))]
    return answer.pdf(sheet) if pdf else answer.page(request, sheet, pdf_address=there, links=links)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def check(request: HttpRequest) -> HttpResponse:
    """Six digits and Enter: is the badge good, whose is it, and where are they expected today?"""
    shown: dict = {"asked": request.method == "POST", "tab": "badge"}
    if request.method == "POST":
        now, typed = timezone.now(), request.POST.get("nummer", "")[:20]
        found = badges.check_number(number=typed, by=request.user, now=now)
        shown |= {"badge": found, "typed": typed, "visits": _visits_today(request, found) if found else []}
        shown["is_ours"] = bool(found and scope.people(request.user).filter(pk=found.user_id).exists())
    return render(request, "desk/badge_check.html", shown)


def _visits_today(request: HttpRequest, found: Badge) -> list[dict]:
    """Of residents of the worker's quarters only: whoever calls from elsewhere has an office of their own."""
    now, helper = timezone.now(), found.user
    mine = scope.matches(request.user).filter(volunteer=helper, state=states.CONFIRMED)
    mine = mine.exclude(resident=request.user).exclude(volunteer=request.user)
    rows = Appointment.objects.filter(match__in=mine, state=states.AGREED).for_lists()
    today = timezone.localdate(now)
    agreed = [row for row in rows.filter(end__gt=now) if timezone.localdate(row.start) == today]
    return [{"row": row, "when": words.moment(row.start, now)} for row in agreed]
