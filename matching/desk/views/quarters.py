"""How a quarter works: its policy, changed by its workers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import roles
from accounts.actions.policies import change_policy
from core.database import find
from matching.desk.forms.quarters import PolicyForm
from matching.desk.scope import for_workers


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The numbers of the quarter; what is saved counts from now on, running deadlines stay."""
    quarter = find(roles.quarters_of(request.user), pk)
    form = PolicyForm(request.POST or None, instance=quarter)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "quarter": quarter, "quarters": request.desk_quarters, "tab": "quarter"}
        return render(request, "desk/quarter.html", context, status=400 if form.errors else 200)
    change_policy(quarter_id=pk, by=request.user, now=timezone.now(), policy=form.cleaned_data)
    messages.success(request, _("Die Einstellungen für %(quarter)s sind gespeichert.") % {"quarter": quarter.name})
    return redirect("desk:quarter", pk=quarter.pk)
