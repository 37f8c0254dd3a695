"""One's own data: read, take along, erase. The same for the office on somebody's word; and the papers."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles
from accounts.actions.looks import note_look
from accounts.actions.people import cut_sessions
from accounts.models import AddressReading, Look, User
from config.data_protection import copies, erasing, register
from config.data_protection.words import said_in_words
from core.database import find
from core.errors import Conflict, NotVisible
from core.models import Removed
from matching.desk import scope
from matching.desk.scope import for_workers

LOOKS_SHOWN = 100


def for_the_office(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Workers and coordinators; nobody is named on these pages."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not (roles.is_worker(request.user) or roles.is_coordinator(request.user)):
            raise NotVisible
        return view(request, *args, **kwargs)

    return guarded


# --- oneself ----------
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is kept about me, and who looked at it."""
    tables = copies.readable(request.user, now=timezone.now())
    return render(request, "data_protection/mine.html", {"tables": tables, **_looked(request.user)})


@require_safe
@never_cache
@reauthentication_required
def download(request: HttpRequest) -> HttpResponse:
    return _as_file(copies.copy_of(request.user, now=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Says what goes and what stays, then does it at once and logs out."""
    error: object = None
    if request.method == "POST" and "sure" not in request.POST:
        error = _("Bitte setzen Sie das Häkchen, wenn Sie ganz sicher sind.")
    elif request.method == "POST":
        try:
            erasing.erase_person(person=User.objects.get(pk=request.user.pk), by=request.user, now=timezone.now())
        except erasing.StillInOffice as conflict:
            error = conflict.detail
        else:
            logout(request)
            return render(request, "data_protection/erased.html", {"stays": _what_stays()})
    context = {"stays": _what_stays(), "error": error}
    return render(request, "data_protection/erase.html", context, status=400 if error else 200)


# --- the office, on somebody's word ----------
@require_safe
@for_workers
def of_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    """To read out or to print: what is kept, who looked, where they are logged in."""
    return _office_page(request, find(scope.people(request.user), pk))


@require_safe
@for_workers
def download_of(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = find(scope.people(request.user), pk)
    note_look(person=person, by=request.user, what=Look.What.COPY, now=timezone.now())
    return _as_file(copies.copy_of(person, now=timezone.now(), for_office=True))


@require_POST
@for_workers
def log_out_everywhere(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A lost tablet: somebody on the telephone wants every session closed."""
    person = find(scope.people(request.user), pk)
    cut_sessions(person=person)
    erasing.close_sessions(person)
    UserSession.objects.filter(user=person).delete()
    messages.success(request, _("Überall abgemeldet."))
    return redirect("data_of_person", pk=pk)


@require_POST
@for_workers
def erase_person(request: HttpRequest, pk: UUID) -> HttpResponse:
    person = find(scope.people(request.user), pk)
    if "sure" not in request.POST:
        return _office_page(request, person, _("Bitte bestätigen Sie, dass die Person das möchte."), status=400)
    try:
        erasing.erase_person(person=person, by=request.user, now=timezone.now())
    except Conflict as conflict:
        return _office_page(request, person, conflict.detail, status=409)
    messages.success(request, _("Gelöscht. Was noch bleiben muss, steht ohne Namen da."))
    return redirect("desk:people")


# --- the papers ----------
@require_safe
@for_the_office
def removed(request: HttpRequest) -> HttpResponse:
    """What went, by day and table: counts, nobody's name."""
    return render(request, "data_protection/removed.html", {"rows": Removed.objects.all()[:400]})


@require_safe
@for_the_office
def papers(request: HttpRequest) -> HttpResponse:
    """Register of processing, measures and the draft of the impact assessment; made to be printed."""
    return render(request, "data_protection/papers.html", {"rows": register.rows(), **register.responsible()})


def _office_page(request: HttpRequest, person: User, error: object = None, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    note_look(person=person, by=request.user, what=Look.What.COPY, now=now)
    context = {
        "person": person,
        "tables": copies.readable(person, now=now, for_office=True),
        "sessions": UserSession.objects.filter(user=person).order_by("-last_seen_at", "pk"),
        "stays": _what_stays(),
        "error": error,
        "tab": "people",
        **_looked(person),
    }
    return render(request, "data_protection/of_person.html", context, status=status)


def _looked(person: User) -> dict[str, Any]:
    looks = Look.objects.filter(person=person).select_related("by__quarter")[:LOOKS_SHOWN]
    readings = AddressReading.objects.filter(place__person=person).select_related("reader__quarter")[:LOOKS_SHOWN]
    rows = [{"at": look.at, "who": _name(look.by), "what": look.get_what_display()} for look in looks]
    rows += [{"at": row.at, "who": _name(row.reader), "what": _("Ihre Adresse")} for row in readings]
    return {"looks": sorted(rows, key=lambda row: row["at"], reverse=True)}


def _name(person: User | None) -> str:
    """Whoever works here by full name and office, a neighbour by first name."""
    if person is None:
        return _("jemand, der nicht mehr dabei ist")
    if person.role_assignments.exists():
        return (
            f"{person.full_name}, {person.quarter.office_name or person.quarter.name}"
            if person.quarter
            else person.full_name
        )
    return person.first_name


def _what_stays() -> list[str]:
    return [said_in_words(said) for _label, said in erasing.what_stays()]


def _as_file(copy: dict[str, Any]) -> HttpResponse:
    text = json.dumps(copy, ensure_ascii=False, indent=2)
    name = {"Content-Disposition": 'attachment; filename="meine-daten.json"'}
    return HttpResponse(text, content_type="application/json; charset=utf-8", headers=name)
