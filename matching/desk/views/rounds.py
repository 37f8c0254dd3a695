"""A round of the matcher over one quarter: before, after, and releasing what it proposed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles
from core.database import find
from core.errors import Conflict, NotAllowed
from matching import actions, states
from matching.desk import rounds, scope
from matching.desk.scope import for_workers
from matching.models import Match


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def start(request: HttpRequest) -> HttpResponse:
    """What a round would look at; POST runs it, with `dry` only to look."""
    if request.method != "POST":
        return render(request, "desk/round_start.html", rounds.before(request.desk_quarters) | {"tab": "round"})
    quarter = find(roles.quarters_of(request.user), request.POST.get("quarter", ""))
    done = actions.run_round(quarter=quarter, by=request.user, now=timezone.now(), dry_run="dry" in request.POST)
    return redirect("desk:round", pk=done.pk)


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each pair with its reasons and parts, the unmatched with the reason and a change that would help."""
    found = find(scope.rounds(request.user).select_related("quarter", "started_by"), pk)
    return render(request, "desk/round.html", rounds.after(found, timezone.now()) | {"tab": "round"})


@require_POST
@for_workers
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Release one pair of the round (`match`), or all that still wait."""
    found = find(scope.rounds(request.user), pk)
    waiting = Match.objects.filter(round=found, state=states.PROPOSED)
    if "match" in request.POST:
        waiting = Match.objects.filter(pk=find(waiting, request.POST["match"]).pk)
    count = sum(_release(request, match) for match in waiting.order_by("proposed_at", "id"))
    said = ngettext("%(count)s Vermittlung ist freigegeben.", "%(count)s Vermittlungen sind freigegeben.", count)
    (messages.success if count else messages.warning)(request, said % {"count": count})
    return redirect("desk:round", pk=pk)


def _release(request: HttpRequest, match: Match) -> bool:
    """Each pair for itself: one that changed meanwhile does not hold up the others."""
    try:
        actions.release_match(match_id=match.pk, by=request.user, now=timezone.now())
    except (Conflict, NotAllowed):
        messages.warning(request, _("Eine Vermittlung hat sich inzwischen geändert."))
        return False
    return True
