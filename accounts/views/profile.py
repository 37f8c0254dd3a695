"""The own profile: who I am, where I live, whom I trust."""

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST

from accounts import roles
from accounts.actions import addresses, people, trust
from accounts.forms.parts import AddressForm, add_problems
from accounts.forms.profile import PersonForm, TrustForm
from accounts.models import TrustedPerson, User
from core.errors import Invalid, NotVisible, TooMany

_YEAR = 365 * 24 * 3600


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """See and change what the service knows about me."""
    form = PersonForm.of(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _saved(request, form):
        with override(form.cleaned_data["language"]):
            messages.success(request, _("Gespeichert."))
        return _with_display(redirect("accounts:profile"), form.cleaned_data)
    context = {
        "form": form,
        "address": _own_address(request.user),
        "trusted": _running_trust(resident=request.user).select_related("person"),
        "trusts": request.user.trusts.acting().select_related("resident").order_by("since", "id"),
        "asked_to_act": roles.asked_to_act(request.user),
        "helper": roles.profile_of(request.user),
    }
    return render(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """Move, or correct a typing mistake; several houses are asked about, an unknown one is accepted."""
    form = AddressForm(request.POST) if request.method == "POST" else AddressForm()
    if request.method == "POST" and form.is_valid() and _moved(request, form):
        messages.success(request, _("Ihre Adresse ist gespeichert."))
        return redirect("accounts:profile")
    return render(request, "accounts/address.html", {"form": form, "address": _own_address(request.user)})


@require_http_methods(["GET", "HEAD", "POST"])
def trusted(request: HttpRequest) -> HttpResponse:
    """Name somebody who may act for me."""
    form = TrustForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            trust.name_trusted_person(
                resident_id=request.user.pk, by=request.user, now=timezone.now(), **form.cleaned_data
            )
        except trust.AlreadyTrusted:
            form.add_error("email", _("Diese Person haben Sie schon eingetragen."))
        except trust.TooManyNamed as wrong:
            form.add_error(None, str(wrong.detail))
        except Invalid as wrong:
            add_problems(form, wrong)
        else:
            messages.success(request, _("Eingetragen. Die Person bekommt eine E-Mail und sagt selbst Ja oder Nein."))
            return redirect("accounts:profile")
    return render(request, "accounts/trusted.html", {"form": form})


@require_POST
def agree(request: HttpRequest, pk: str) -> HttpResponse:
    """Yes, I act for whoever named me."""
    row = trust.agree_to_act(trust_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Sie dürfen jetzt für %(name)s handeln.") % {"name": row.resident.first_name})
    return redirect("home")


@require_POST
def untrust(request: HttpRequest, pk: str) -> HttpResponse:
    """Take it back, from either side."""
    trust.revoke_trusted_person(trust_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Das ist jetzt beendet."))
    return redirect("accounts:profile")


def _saved(request: HttpRequest, form: PersonForm) -> bool:
    now = timezone.now()
    try:
        people.change_person(person_id=request.user.pk, by=request.user, now=now, changes=form.cleaned_data)
    except Invalid as wrong:
        add_problems(form, wrong)
    return form.is_valid()


def _moved(request: HttpRequest, form: AddressForm) -> bool:
    typed = {name: form.cleaned_data[name] for name in ("street", "number", "postcode", "hint")}
    house = form.house.pk if form.house else None
    me, now = request.user, timezone.now()
    try:
        addresses.set_place(person=me, by=me, now=now, house_id=house, quarter=form.home, **typed)
    except Invalid as wrong:
        add_problems(form, wrong)
    except TooMany as wrong:
        form.add_error(None, str(wrong.detail))
    return form.is_valid()


def _running_trust(**whose: User) -> QuerySet[TrustedPerson]:
    return TrustedPerson.objects.filter(revoked_at__isnull=True, **whose).order_by("since", "id")


def _own_address(person: User) -> object:
    if person.place is None:
        return None
    try:
        return addresses.read_address(place=person.place, by=person, reason="own", now=timezone.now())
    except NotVisible:
        return None


def _with_display(answer: HttpResponse, typed: dict) -> HttpResponse:
    """Size and language hold at once and, by cookie, also before the next login."""
    for cookie, name in (("text_size", "text_size"), (settings.LANGUAGE_COOKIE_NAME, "language")):
        answer.set_cookie(cookie, typed[name], max_age=_YEAR, samesite="Lax", secure=settings.HTTPS, httponly=True)
    return answer
