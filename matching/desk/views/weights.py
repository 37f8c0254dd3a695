"""The weights of a quarter: tried on its last weeks, then switched on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import roles
from core.database import find
from matching import weighing
from matching.actions import switch_on_weights
from matching.desk import weights as shown
from matching.desk.forms.weights import WORDS, SwitchOnForm, WeightsForm, as_numbers
from matching.desk.scope import for_workers
from matching.replay import USUAL_DAYS, what_if
from places.models import Quarter


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def weights(request: HttpRequest, pk: UUID) -> HttpResponse:
    """With weights in the address: what they would have changed. Posted: they count from now on."""
    quarter = find(roles.quarters_of(request.user), pk)
    if request.method == "POST":
        return _switch_on(request, quarter)
    now = as_numbers(weighing.weights_of(quarter))
    tried = any(part in request.GET for part in WORDS)
    said = now | {"tage": USUAL_DAYS} | request.GET.dict()
    form = WeightsForm(said) if tried else WeightsForm(initial=said)
    switch = SwitchOnForm(initial=said) if tried and form.is_valid() else None
    return _page(request, quarter, form, switch, status=400 if tried and form.errors else 200)


def _switch_on(request: HttpRequest, quarter: Quarter) -> HttpResponse:
    switch = SwitchOnForm(request.POST)
    if not switch.is_valid():
        form = WeightsForm(request.POST)
        return _page(request, quarter, form, switch if form.is_valid() else None, status=400)
    said = {"weights": switch.weights, "note": switch.cleaned_data["note"]}
    made = switch_on_weights(quarter_id=quarter.pk, by=request.user, now=timezone.now(), **said)
    words = {"quarter": quarter.name, "number": made.number}
    messages.success(request, _("In %(quarter)s gilt ab jetzt Fassung %(number)s der Gewichte.") % words)
    return redirect("desk:weights", pk=quarter.pk)


def _page(
    request: HttpRequest, quarter: Quarter, form: WeightsForm, switch: SwitchOnForm | None, *, status: int
) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "quarter": quarter,
        "quarters": request.desk_quarters,
        "tab": "quarter",
        "form": form,
        "switch": switch,
        "parts": [form[part] for part in WORDS],
        "versions": shown.versions(quarter, now),
    }
    if switch:
        days = form.cleaned_data["tage"]
        context |= shown.context(what_if(quarter, form.weights, now=now, days=days))
    return render(request, "desk/weights.html", context, status=status)
