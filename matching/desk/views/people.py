"""The people of a worker's quarters: find, enter, meet, check; their address only for a reason."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles, rules
from accounts.actions import addresses, claims, people, vetting
from accounts.actions import trust as trusting
from accounts.actions.addresses import SeveralHouses
from accounts.actions.looks import note_look
from accounts.actions.profiles import save_profile
from accounts.models import Look, User
from accounts.search import look_for
from core.database import find
from core.errors import Conflict, Invalid, NotVisible, TooMany
from matching import actions
from matching.desk import person, scope
from matching.desk.forms.errors import with_error
from matching.desk.forms.people import (
    AccessCodeForm,
    AddressForm,
    AskWishForm,
    ContactForm,
    PersonForm,
    ReadingForm,
    SearchForm,
    TrustForm,
)
from matching.desk.scope import for_workers
from matching.desk.waiting import without_place
from matching.overview import promises_of
from matching.rules import may_change_request
from places.models import Place

FOUND_AT_MOST = 40
SHOWN_WITH = ("quarter", "place", "created_by", "phone_changed_by", "email_changed_by")


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def search(request: HttpRequest) -> HttpResponse:
    """A few letters lead to the person, or to entering a new one. What is typed never stands in an address."""
    form = SearchForm(request.POST or None)
    asked = request.method == "POST" and form.is_valid()
    found = _found(request.user, form.cleaned_data["q"]) if asked else []
    return render(
        request,
        "desk/people.html",
        {"form": form, "asked": asked, "found": found, "most": FOUND_AT_MOST, "tab": "people"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def new(request: HttpRequest) -> HttpResponse:
    """A caller in one short form; somebody who looks like them is shown first."""
    form = PersonForm(request.POST or None, quarters=request.desk_quarters)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, status=400 if form.errors else 200)
    twins = [] if form.cleaned_data["anyway"] else person.twins(request.user, form.person())
    if twins:
        return _form_page(request, form, twins=twins)
    try:
        created = _create(request, form)
    except (Conflict, Invalid) as error:
        return _form_page(request, with_error(form, error), status=error.status)
    if not form.has_address:
        return _entered(request, created, _("%(name)s ist eingetragen.") % {"name": created.full_name})
    return _settle(request, created, form, _("%(name)s ist eingetragen.") % {"name": created.full_name})


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return person_page(request, pk)


@require_POST
@for_workers
def address(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the exact address for a reason; the reading is kept with the worker's name."""
    found = find(scope.people(request.user).select_related("place"), pk)
    form = ReadingForm(request.POST)
    if not form.is_valid() or found.place is None:
        return person_page(request, pk, {"reading": form}, status=400)
    reason = form.cleaned_data["reason"]
    exact = addresses.read_address(place=found.place, by=request.user, reason=reason, now=timezone.now())
    return person_page(request, pk, {"exact": exact})


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Repair an address, or choose among several houses."""
    found = find(scope.people(request.user), pk)
    form = AddressForm(request.POST or None, required=True)
    if request.method != "POST" or not form.is_valid():
        return _place_page(request, found, form, status=400 if form.errors else 200)
    return _settle(request, found, form, _("Die Adresse ist gespeichert."))


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new number, a married name, a language: what the office hears on the phone."""
    found = find(scope.people(request.user), pk)
    form = ContactForm(request.POST or None, person=found)
    if request.method != "POST" or not form.is_valid():
        return _contact_page(request, found, form, status=400 if form.errors else 200)
    try:
        _correct(request.user, pk, form)
    except (Conflict, Invalid) as error:
        return _contact_page(request, found, with_error(form, error), status=error.status)
    messages.success(request, _("Gespeichert."))
    return redirect("desk:person", pk=pk)


@require_POST
@for_workers
def access_code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A code with which the person comes in by themselves; it is shown this once."""
    found, now = find(scope.people(request.user), pk), timezone.now()
    form = AccessCodeForm(request.POST, by_phone=rules.may_be_read_out(found, now=now))
    if not form.is_valid():
        return person_page(request, pk, {"code_form": form}, status=400)
    try:
        code = claims.issue_access_code(person_id=pk, by=request.user, now=now, way=form.cleaned_data["way"])
    except Conflict as error:
        return person_page(request, pk, {"error": error}, status=error.status)
    return person_page(request, pk, {"access_code": code})


@require_POST
@for_workers
def trust(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Name a trusted person on the resident's spoken word."""
    find(scope.people(request.user), pk)
    form = TrustForm(request.POST)
    if not form.is_valid():
        return person_page(request, pk, {"trust_form": form}, status=400)
    try:
        trusting.name_trusted_person(resident_id=pk, by=request.user, now=timezone.now(), **form.named())
    except (Conflict, Invalid, TooMany) as error:
        return person_page(request, pk, {"trust_form": with_error(form, error)}, status=error.status)
    messages.success(
        request, _("Eingetragen. Die Person bekommt eine E-Mail und darf handeln, sobald sie selbst Ja sagt.")
    )
    return redirect("desk:person", pk=pk)


@require_POST
@for_workers
def untrust(request: HttpRequest, pk: UUID, trust_pk: UUID) -> HttpResponse:
    """They may no longer act, as the resident says on the telephone."""
    found = find(scope.people(request.user), pk)
    row = find(found.trusted_people.all(), trust_pk)
    trusting.revoke_trusted_person(trust_id=row.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Diese Person darf jetzt nicht mehr handeln."))
    return redirect("desk:person", pk=pk)


@require_POST
@for_workers
def welcome(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From now on the volunteer is asked."""
    find(scope.people(request.user), pk)
    try:
        vetting.welcome_volunteer(person_id=pk, by=request.user, now=timezone.now())
    except Invalid as error:
        return person_page(request, pk, {"error": error}, status=400)
    messages.success(request, _("Begrüßt. Ab jetzt kann gefragt werden."))
    return redirect("desk:person", pk=pk)


@require_POST
@for_workers
def ask_wish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """More often, or less: what the volunteer says on the phone."""
    find(scope.people(request.user), pk)
    form = AskWishForm(request.POST)
    if not form.is_valid():
        return person_page(request, pk, {"wish": form}, status=400)
    save_profile(person_id=pk, by=request.user, now=timezone.now(), changes=form.cleaned_data)
    messages.success(request, _("Gespeichert."))
    return redirect("desk:person", pk=pk)


@transaction.atomic
def _correct(worker: User, pk: UUID, form: ContactForm) -> None:
    """All of it or nothing."""
    now = timezone.now()
    people.change_person(person_id=pk, by=worker, now=now, changes=form.changes())
    if form.new_email:
        seen = form.cleaned_data["seen"]
        claims.put_email_on_record(person_id=pk, by=worker, now=now, email=form.new_email, seen=seen)


def _found(worker: User, typed: str) -> list[User]:
    return look_for(worker, typed, most=FOUND_AT_MOST)


def _create(request: HttpRequest, form: PersonForm) -> User:
    quarter = form.cleaned_data["quarter"]
    return people.create_person(by=request.user, now=timezone.now(), quarter=quarter, **form.person())


def _settle(request: HttpRequest, found: User, form: AddressForm, said: str) -> HttpResponse:
    """Set the address; several houses are asked, one that is not found is kept and waits on the desk."""
    try:
        place = addresses.set_place(person=found, by=request.user, now=timezone.now(), **form.address())
    except SeveralHouses as several:
        choice = AddressForm(request.POST, houses=several.houses, required=True)
        return _place_page(request, found, choice, several=True)
    except (Conflict, Invalid) as error:
        return _place_page(
            request, found, with_error(AddressForm(request.POST, required=True), error), status=error.status
        )
    _place_requests(request.user, found, place)
    if not place.is_found:
        messages.warning(request, _("Die Adresse ist nicht gefunden. Sie steht in der Liste „Adresse nicht gefunden“."))
    return _entered(request, found, said)


def _place_requests(worker: User, person: User, place: Place) -> None:
    """What they asked for before anybody knew their address is near somebody from now on."""
    for wish in without_place().filter(resident=person, place__isnull=True):
        if may_change_request(worker, wish):
            changes = {"place_id": str(place.pk)}
            actions.change_request(request_id=wish.pk, by=worker, now=timezone.now(), changes=changes)


def _entered(request: HttpRequest, found: User, said: str) -> HttpResponse:
    if not scope.people(request.user).filter(pk=found.pk).exists():
        office: Any = found.quarter  # nobody is created without one
        away = _("Diese Adresse liegt im Quartier %(quarter)s. Dort ist dieses Büro zuständig: %(phone)s.")
        messages.warning(request, away % {"quarter": office.name, "phone": office.office_phone or office.office_name})
        return redirect("desk:people")
    messages.success(request, said)
    return redirect("desk:caller_page" if _is_calling(request) else "desk:person", pk=found.pk)


def _is_calling(request: HttpRequest) -> bool:
    """Entered while the telephone is at the ear: the call goes on."""
    return request.GET.get("weiter") == "anruf"


def _form_page(request: HttpRequest, form: PersonForm, *, twins: Any = (), status: int = 200) -> HttpResponse:
    return render(
        request, "desk/person_new.html", {"form": form, "twins": twins, "call": _is_calling(request)}, status=status
    )


def _place_page(
    request: HttpRequest, found: User, form: AddressForm, *, several: bool = False, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "desk/place.html",
        {"person": found, "form": form, "several": several, "call": _is_calling(request)},
        status=status,
    )


def _contact_page(request: HttpRequest, found: User, form: ContactForm, *, status: int = 200) -> HttpResponse:
    note_look(person=found, by=request.user, what=Look.What.PERSON, now=timezone.now())
    return render(request, "desk/contact.html", {"person": found, "form": form, "tab": "people"}, status=status)


def person_page(request: HttpRequest, pk: UUID, more: dict | None = None, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    found = find(scope.people(request.user).select_related(*SHOWN_WITH), pk)
    note_look(person=found, by=request.user, what=Look.What.PERSON, now=now)
    context = person.read(found, request.user, now) | {"reading": ReadingForm()} | (more or {})
    return render(request, "desk/person.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def stop_helping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """On somebody's word: they help no more."""
    found, now = find(scope.people(request.user), pk), timezone.now()
    if roles.profile_of(found) is None:
        raise NotVisible
    if request.method == "POST":
        actions.stop_helping(person_id=pk, by=request.user, now=now)
        messages.success(request, _("Notiert. Wir fragen diese Person nicht mehr."))
        return redirect("desk:person", pk=pk)
    shown = {"person": found, "running": promises_of(found, now=now), "tab": "people"}
    return render(request, "desk/stop_helping.html", shown)
