"""Joining, one question per page."""

import time
from datetime import timedelta

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.signup import complete_signup
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import week
from accounts.actions.people import EmailTaken
from accounts.forms.join import JoinForm
from accounts.joining import CHECK, ROLES, Draft, as_joining
from accounts.languages import in_words
from accounts.roles import profile_of
from accounts.rules import is_minor
from core.errors import TooMany
from core.limits import count_up, door_of

JOINS_A_DAY = 40  # out of one door; more come at a stand, where the office enters them
EVEN_SECONDS = 0.4  # entering somebody takes 80 ms, refusing a known address 50: nobody shall tell them apart


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Two doors: to need help, or to help."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/join.html")


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, role: str, step: str) -> HttpResponse:
    """One page of the way; what is typed is kept, also on the way back."""
    if request.user.is_authenticated:
        return redirect("accounts:profile" if role == "bewohner" else "accounts:helping")
    if role not in ROLES or step not in ROLES[role]:
        raise Http404
    draft = Draft(request, role)
    if step == CHECK and (gap := draft.first_gap()):
        return redirect("accounts:join_step", role, gap)
    if request.method == "POST":
        return _typed(request, draft, step)
    return _page(request, draft, step)


@require_safe
def joined(request: HttpRequest) -> HttpResponse:
    """What comes next, once the code was typed."""
    context = {
        "profile": profile_of(request.user),
        "is_minor": is_minor(request.user, today=timezone.localdate()),
        "quarter": request.user.quarter,
    }
    return render(request, "accounts/joined.html", context)


def _typed(request: HttpRequest, draft: Draft, step: str) -> HttpResponse:
    names = list(draft.steps)
    here, goes_back = names.index(step), "back" in request.POST
    if not consume(request, action="signup" if step == CHECK and not goes_back else "join_step"):
        raise TooMany  # before anything is kept: what is kept is a row of the database
    if step != CHECK:
        draft.keep(step, request.POST)
    if goes_back:
        return redirect("accounts:join_step", draft.role, names[here - 1]) if here else redirect("accounts:join")
    form = draft.form(step, request.POST)
    if not form.is_valid():
        return _page(request, draft, step, form)
    return _finish(request, draft) if step == CHECK else redirect("accounts:join_step", draft.role, names[here + 1])


def _finish(request: HttpRequest, draft: Draft) -> HttpResponse:
    """allauth's own sign-up: the same page follows after the same time whether the address was known or not."""
    began, now = time.monotonic(), timezone.now()
    door = door_of(get_adapter().get_client_ip(request))
    count_up("join", door, most=JOINS_A_DAY, per=timedelta(days=1), now=now)
    answer = _hand_over(request, draft)
    time.sleep(max(0.0, EVEN_SECONDS - (time.monotonic() - began)))
    return answer


def _hand_over(request: HttpRequest, draft: Draft) -> HttpResponse:
    answers = draft.answers()
    joining = as_joining(answers, helps=draft.role == "helfer", language=(get_language() or "de")[:2])
    form = JoinForm(joining, answers["email"])
    if not form.is_valid():
        return redirect("accounts:join_step", draft.role, "kontakt")
    draft.forget()
    try:
        return _signed_up(request, form)
    except ImmediateHttpResponse as instead:
        return instead.response


def _signed_up(request: HttpRequest, form: JoinForm) -> HttpResponse:
    try:
        person, answer = form.try_save(request)
    except EmailTaken:  # somebody joined with this address in the same second
        form.account_already_exists = True
        person, answer = form.try_save(request)
    return answer or complete_signup(request, user=person, redirect_url=reverse("accounts:joined"))


def _page(request: HttpRequest, draft: Draft, step: str, form: object = None) -> HttpResponse:
    names = list(draft.steps)
    here = names.index(step)
    context = {
        "form": form or (draft.form(step) if step != CHECK else draft.steps[CHECK][0]()),
        "role": draft.role,
        "step": step,
        "title": draft.steps[step][1],
        "current": here + 1,
        "total": len(names),
        "summary": _summary(draft) if step == CHECK else [],
        "is_minor": draft.role == "helfer" and draft.is_minor(),
    }
    return render(request, f"accounts/join_{step}.html", context)


def _summary(draft: Draft) -> list[dict]:
    """Each answer in words with the page to change it."""
    answers = draft.answers()
    rows = [
        {"step": "name", "text": f"{answers['first_name']} {answers['last_name']}"},
        {"step": "kontakt", "text": ", ".join(filter(None, (answers["email"], _phone(answers["phone"]))))},
        {"step": "adresse", "text": f"{answers['street']} {answers['number']}, {answers['address_form'].home}"},
    ]
    if draft.role == "helfer":
        rows += _offer(draft, answers)
    return [row | {"title": draft.steps[row["step"]][1]} for row in rows]


def _offer(draft: Draft, answers: dict) -> list[dict]:
    names = dict(draft.form("aufgaben").fields["skills"].choices)
    radius = dict(draft.form("umkreis").fields["radius_m"].choices)
    times = [str(week.PRESETS[slug].label) for slug in answers["times"]]
    return [
        {"step": "aufgaben", "text": ", ".join(str(names[slug]) for slug in answers["skills"])},
        {"step": "zeiten", "text": "; ".join(times)},
        {"step": "umkreis", "text": f"{radius[answers['radius_m']]}; {', '.join(in_words(answers['languages']))}"},
    ]


def _phone(number: object) -> str:
    return getattr(number, "as_national", "")
