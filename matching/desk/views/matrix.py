"""The city's rules of trust, for coordinators: which help needs which steps, the young, the text of the pledge."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import trust, youth
from accounts.actions import gates as verbs
from accounts.models import AgeRules, GateMatrix, PledgeText, Step
from core.errors import Conflict, Invalid
from matching.desk.forms.errors import with_error
from matching.desk.forms.steps import MatrixForm, PledgeForm, YouthForm
from matching.desk.scope import for_coordinators

VERSIONS_SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def gates(request: HttpRequest) -> HttpResponse:
    """A table of boxes; saved as a new version, an earlier one returns with a click (`fassung`)."""
    if number := request.POST.get("fassung"):
        row = verbs.return_to_gates(number=_number(number), by=request.user, now=timezone.now())
        return _saved(request, "desk:gates", row.number)
    form = MatrixForm(request.POST or None, matrix=trust.current())
    if request.method == "POST" and form.is_valid():
        try:
            said = form.changes() | {"note": form.cleaned_data["note"]}
            row = verbs.change_gates(by=request.user, now=timezone.now(), **said)
            return _saved(request, "desk:gates", row.number)
        except (Conflict, Invalid) as error:
            form = with_error(form, error)
    context = {
        "form": form,
        "steps": [Step(step).label for step in trust.STEPS],
        "rows": form.rows(),
        "number": form.matrix.number,
        "versions": GateMatrix.objects.select_related("by")[:VERSIONS_SHOWN],
    }
    return _page(request, "desk/gates.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def youth_rules(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = YouthForm(request.POST or None, youth=youth.current(), today=today)
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.change_youth_rules(by=request.user, now=timezone.now(), **form.changes())
            return _saved(request, "desk:youth", row.number)
        except (Conflict, Invalid) as error:
            form = with_error(form, error)
    context = {
        "form": form,
        "groups": form.groups(),
        "versions": AgeRules.objects.select_related("by")[:VERSIONS_SHOWN],
    }
    return _page(request, "desk/youth.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def pledge(request: HttpRequest) -> HttpResponse:
    now = trust.pledge_text()
    form = PledgeForm(request.POST or None, initial={"text_de": now.text_de, "text_en": now.text_en})
    if request.method == "POST" and form.is_valid():
        try:
            row = verbs.change_pledge(by=request.user, now=timezone.now(), **form.cleaned_data)
            return _saved(request, "desk:pledge", row.number)
        except (Conflict, Invalid) as error:
            form = with_error(form, error)
    versions = PledgeText.objects.select_related("by")[:VERSIONS_SHOWN]
    return _page(request, "desk/pledge.html", {"form": form, "number": now.number, "versions": versions}, form)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise Invalid
    return int(text)


def _saved(request: HttpRequest, page: str, number: int) -> HttpResponse:
    messages.success(request, _("Gespeichert als Fassung %(number)s.") % {"number": number})
    return redirect(page)


def _page(request: HttpRequest, template: str, context: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, context, status=400 if form.errors else 200)
