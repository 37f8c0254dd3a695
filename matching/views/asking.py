"""Asking for help in five small steps; every step is saved before the next one is shown."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import roles, skills
from accounts.actions.addresses import SeveralHouses, read_address
from accounts.models import User
from core.database import find
from core.errors import HouseError, Invalid, NotVisible, WrongState
from matching import actions, asking, rules, states, words
from matching.actions import meeting_places
from matching.forms.steps import MoreForm, StepForm, WhatForm
from matching.forms.when import WhenForm
from matching.forms.where import HOME, PHONE, WhereForm
from matching.models import HelpRequest
from places.models import ExactAddress

FORMS: dict[int, type[StepForm]] = {1: WhatForm, 2: WhenForm, 3: WhereForm, 4: MoreForm}
TEMPLATES = {
    1: "matching/step_what.html",
    2: "matching/step_when.html",
    3: "matching/step_where.html",
    4: "matching/step_more.html",
}
LAST = 5


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin, or go on with what was begun; trusted people first say for whom."""
    user, now = request.user, timezone.now()
    others = list(asking.trusting(user))
    if user.quarter_id is None and not others:  # without a place nobody near can be found
        return render(request, "matching/need_address.html", status=400 if request.method == "POST" else 200)
    if request.method == "POST":
        return _begin(request, user, others, now)
    if others:
        return render(request, "matching/for_whom.html", {"others": others})
    if draft := asking.running_draft(user):
        return render(request, "matching/go_on.html", {"draft": draft, "kinds": words.kinds(draft.skills.all())})
    return _what(request, WhatForm(request=HelpRequest(resident=user), now=now))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, pk: object, step: int) -> HttpResponse:
    """One question. Steps not reached yet lead to the furthest one that is."""
    wish = find(HelpRequest.objects.visible_to(request.user).for_cards(), pk)
    if step not in range(1, LAST + 1):
        raise NotVisible
    if not rules.may_change_request(request.user, wish):
        return redirect("matching:request", pk=wish.pk)
    if step > wish.step:
        return redirect("matching:request_step", pk=wish.pk, step=wish.step)
    if step == LAST:
        return _check(request, wish)
    return _ask(request, wish, step)


def _begin(request: HttpRequest, user: User, others: list[User], now: datetime) -> HttpResponse:
    if "resident" in request.POST:
        resident = find(
            User.objects.filter(pk__in=[user.pk, *(other.pk for other in others)]), request.POST["resident"]
        )
        wish = actions.start_request(resident=resident, by=user, now=now)
        return redirect("matching:request_step", pk=wish.pk, step=wish.step)
    form = WhatForm(request.POST, request=HelpRequest(resident=user), now=now)
    if not form.is_valid():
        return _what(request, form)
    wish = actions.start_request(resident=user, by=user, now=now)
    return _saved(request, wish, 1, form) or _what(request, form)


def _ask(request: HttpRequest, wish: HelpRequest, step: int) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = FORMS[step](data, request=wish, now=timezone.now())
    extra = {}
    if request.method == "POST" and "back" in request.POST:
        return _back(request, wish, step, form)
    if request.method == "POST" and form.is_valid():
        try:
            answer = _saved(request, wish, step, form)
        except SeveralHouses as choice:
            answer, extra = None, {"houses": choice.houses}
        if answer:
            return answer
    status = 400 if request.method == "POST" and not extra else 200
    return render(request, TEMPLATES[step], _shown(request, wish, step, form) | extra, status=status)


def _back(request: HttpRequest, wish: HelpRequest, step: int, form: StepForm) -> HttpResponse:
    """One step back always works; what was typed is saved where it fits."""
    if form.is_valid():
        with suppress(HouseError):  # such as an address asked about again: the person comes by here once more
            _saved(request, wish, step, form, reached=step)
    return redirect("matching:request_step", pk=wish.pk, step=max(step - 1, 1))


def _saved(
    request: HttpRequest, wish: HelpRequest, step: int, form: StepForm, *, reached: int = 0
) -> HttpResponse | None:
    """
    Save this answer and go on; None where it did not fit, with the reason in the form.

    `reached`: the furthest step open from now on; usually the next one, but whoever goes back has not done this one.
    """
    now, reached = timezone.now(), reached or min(step + 1, LAST)
    try:
        if isinstance(form, WhereForm):
            _meet(request, wish, form, now)
        changes = form.changes() | {"step": max(wish.step, reached)}
        actions.change_request(request_id=wish.pk, by=request.user, now=now, changes=changes)
    except SeveralHouses:
        raise
    except Invalid as misfit:
        form.take(misfit)
        return None
    return redirect("matching:request_step", pk=wish.pk, step=LAST if wish.step == LAST else step + 1)


def _meet(request: HttpRequest, wish: HelpRequest, form: WhereForm, now: datetime) -> None:
    """One verb for each of the three answers; an address given before stays where nothing new was typed."""
    who: dict[str, Any] = {"request_id": wish.pk, "by": request.user, "now": now}
    where = form.cleaned_data["where"]
    if where == HOME:
        meeting_places.meet_at_home(**who)
    elif where == PHONE:
        meeting_places.meet_by_phone(**who)
    elif form.has_address():
        meeting_places.meet_elsewhere(**who, **form.address(), house_id=form.cleaned_data["house_id"] or None)


def _what(request: HttpRequest, form: WhatForm) -> HttpResponse:
    return render(request, TEMPLATES[1], _shown(request, None, 1, form), status=400 if form.is_bound else 200)


def _shown(request: HttpRequest, wish: HelpRequest | None, step: int, form: StepForm) -> dict:
    shown = {"wish": wish, "form": form, "step": step, "last": LAST, "whose": asking.whose(wish, request.user)}
    if isinstance(form, WhatForm):
        return shown | {
            "groups": skills.in_groups(form.offered),
            "refused": _refused(),
            "chosen": form["skills"].value(),
        }
    if isinstance(form, WhereForm) and wish:
        return shown | {"home": _home_address(request.user, wish)}
    return shown


def _refused() -> list[dict]:
    return [{"name": skills.name(skill), "hint": skills.hint(skill)} for skill in skills.refused()]


def _home_address(user: User, wish: HelpRequest) -> ExactAddress | None:
    """The resident's own address for the eyes of whoever asks for them; a trusted person's look is kept."""
    if wish.resident.place is None or not roles.acts_for(user, wish.resident):
        return None
    return read_address(place=wish.resident.place, by=user, reason="own request", now=timezone.now())


def _check(request: HttpRequest, wish: HelpRequest) -> HttpResponse:
    """Everything in words, and the button that sends it."""
    if request.method == "POST":
        return _send(request, wish)
    now = timezone.now()
    shown = {"wish": wish, "step": LAST, "last": LAST, "whose": asking.whose(wish, request.user)}
    shown |= {
        "answers": asking.answers(wish, now=now),
        "hints": asking.hints(wish),
        "is_draft": wish.state == states.DRAFT,
    }
    return render(request, "matching/step_check.html", shown)


def _send(request: HttpRequest, wish: HelpRequest) -> HttpResponse:
    consent = HelpRequest.Consent.SELF if request.user == wish.resident else HelpRequest.Consent.ORAL
    try:
        actions.publish_request(request_id=wish.pk, by=request.user, now=timezone.now(), consent=consent)
    except Invalid as misfit:
        messages.warning(request, _first_sentence(misfit))
        return redirect("matching:request_step", pk=wish.pk, step=LAST)
    except WrongState:  # sent twice: the first one counts
        return redirect("matching:request", pk=wish.pk)
    messages.success(request, _("Ihre Bitte ist abgeschickt. Sie sehen hier, wie es weitergeht."))
    return redirect("matching:request", pk=wish.pk)


def _first_sentence(misfit: Invalid) -> str:
    sentences = [str(sentence) for lines in misfit.fields.values() for sentence in lines]
    return sentences[0] if sentences else str(misfit.detail)
