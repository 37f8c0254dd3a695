"""Taking over the own history with a code from the office. Tells nobody whether a person or an address is known."""

import secrets
import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.core.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.actions import claims
from accounts.actions.people import EmailTaken
from accounts.forms.claim import ClaimForm, MailedCodeForm
from accounts.models import User
from core.errors import Conflict, Invalid, TooMany

EVEN_SECONDS = 0.4  # known and unknown address take the same time
MINUTES = 15
TRIES = 3
_KEY = "claim"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The office's code and the own address; a code is mailed to it, whoever it belongs to."""
    if request.user.is_authenticated:
        return redirect("accounts:profile")
    form = ClaimForm(request.POST or None)
    if request.method != "POST":
        return render(request, "accounts/claim.html", {"form": form})
    if not consume(request, action="claim"):
        raise TooMany
    if not form.is_valid():
        return render(request, "accounts/claim.html", {"form": form}, status=400)
    began = time.monotonic()
    answer = _mail_code(request, form)
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - began)))
    return answer


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: HttpRequest) -> HttpResponse:
    """The code from the mail; after three wrong ones one begins anew."""
    begun = request.session.get(_KEY)
    if request.user.is_authenticated or not begun or begun["until"] < time.time():
        return redirect("accounts:claim")
    form = MailedCodeForm(request.POST or None)
    context = {"form": form, "email": begun["email"]}
    if request.method != "POST":
        return render(request, "accounts/claim_code.html", context)
    if not form.is_valid() or not _is_right(request, begun, form.cleaned_data["mailed"]):
        if begun["tries"] >= TRIES:
            del request.session[_KEY]
            return redirect("accounts:claim")
        if form.is_valid():
            form.add_error("mailed", _("Dieser Code stimmt nicht. Bitte sehen Sie noch einmal in die E-Mail."))
        return render(request, "accounts/claim_code.html", context, status=400)
    return _come_in(request, begun)


def _mail_code(request: HttpRequest, form: ClaimForm) -> HttpResponse:
    found = claims.find_access_code(form.cleaned_data["code"], now=timezone.now())
    if found is None:
        form.add_error("code", claims.NoSuchCode.detail)
        return render(request, "accounts/claim.html", {"form": form}, status=400)
    email, adapter = form.cleaned_data["email"].lower(), get_adapter()
    mailed = adapter.generate_login_code()
    if User.objects.filter(email=email).exclude(pk=found.person_id).exists():
        adapter.send_account_already_exists_mail(email)
        mailed = ""  # no code fits
    else:
        adapter.render_mail("accounts/email/claim", email, {"mailed": mailed, "minutes": MINUTES}).send()
    until = time.time() + MINUTES * 60
    request.session[_KEY] = {"row": str(found.pk), "email": email, "mailed": mailed, "until": until, "tries": 0}
    return redirect("accounts:claim_code")


def _is_right(request: HttpRequest, begun: dict[str, Any], typed: str) -> bool:
    begun["tries"] += 1
    request.session[_KEY] = begun
    plain, wanted = (text.replace("-", "").replace(" ", "").upper() for text in (typed, begun["mailed"]))
    return bool(wanted) and secrets.compare_digest(plain.encode(), wanted.encode())


def _come_in(request: HttpRequest, begun: dict[str, Any]) -> HttpResponse:
    del request.session[_KEY]
    try:
        person = claims.claim_person(access_code_id=begun["row"], email=begun["email"], now=timezone.now())
    except (claims.NoSuchCode, EmailTaken, Conflict, Invalid):  # used meanwhile, or the address was taken
        return redirect("accounts:claim")
    return perform_login(request, Login(user=person, redirect_url=reverse("home"), email=person.email))
