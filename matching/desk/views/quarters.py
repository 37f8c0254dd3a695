"""How a quarter works: its policy, changed by its workers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import roles
from accounts.actions.policies import change_policy, open_border
from core.database import find
from core.errors import Invalid
from matching.desk import neighbours
from matching.desk.forms.quarters import PolicyForm
from matching.desk.scope import for_workers
from places.models import Border

LET_IN = {"ja": True, "nein": False, "wie_alle": None}


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers of the quarter; what is saved counts from now on, running deadlines stay."""
    quarter = find(roles.quarters_of(request.user), pk)
    form = PolicyForm(request.POST or None, instance=quarter)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "quarter": quarter, "quarters": request.desk_quarters, "tab": "quarter"}
        context["neighbours"] = neighbours.around(quarter)
        return render(request, "desk/quarter.html", context, status=400 if form.errors else 200)
    change_policy(quarter_id=pk, by=request.user, now=timezone.now(), policy=form.cleaned_data)
    messages.success(request, _("Die Einstellungen für %(quarter)s sind gespeichert.") % {"quarter": quarter.name})
    return redirect("desk:quarter", pk=quarter.pk)


@require_POST
@for_workers
def border(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open or close the border to one neighbour, or let the policy decide again (`lassen`: ja, nein, wie_alle)."""
    said = request.POST.get("lassen", "")
    if said not in LET_IN:
        raise Invalid
    opened = open_border(
        quarter_id=pk,
        neighbour_id=request.POST.get("nachbar", ""),
        admitted=LET_IN[said],
        by=request.user,
        now=timezone.now(),
    )
    messages.success(request, _let_in_words(opened))
    return redirect("desk:round_start") if "runde" in request.POST else redirect("desk:quarter", pk=pk)


def _let_in_words(opened: Border) -> str:
    name = {"quarter": opened.neighbour.name}
    if opened.admitted is None:
        return _("Für %(quarter)s gilt wieder, was für alle Nachbarn gilt.") % name
    if opened.admitted:
        return _("%(quarter)s ist geöffnet. Die nächste Runde sieht auch dort nach.") % name
    return _("%(quarter)s ist geschlossen. Laufende Vermittlungen bleiben.") % name
