"""Somebody else for one request of a round: who could, what it costs, and doing exactly that."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.database import find
from core.errors import Conflict, HouseError, StaleScreen, WrongState
from matching import actions, states
from matching.desk import case, scope, swaps
from matching.desk.scope import for_workers
from matching.models import Match, Round
from matching.swapping import Swap, weigh_swap


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def swap(request: HttpRequest, pk: UUID, match_pk: UUID) -> HttpResponse:
    """`mit`: the volunteer looked at. POST does what was shown, or says with 409 what changed meanwhile."""
    found = find(scope.rounds(request.user).select_related("quarter"), pk)
    match = find(Match.objects.filter(round=found).for_cards().select_related("round__quarter"), match_pk)
    if request.method != "POST":
        return _page(request, found, match, *_weighed(request, match))
    try:
        actions.swap_pairs(token=request.POST.get("plan", ""), by=request.user, now=timezone.now())
    except Conflict as error:
        return _page(request, found, match, None, error)
    messages.success(request, _("Getauscht. Gefragt wird erst, wenn Sie freigeben."))
    return redirect("desk:round", pk=found.pk)


def _weighed(request: HttpRequest, match: Match) -> tuple[Swap | None, HouseError | None]:
    """What the chosen volunteer would mean; nothing while nobody is chosen."""
    if match.state != states.PROPOSED:
        return None, WrongState()
    said = request.GET.get("mit", "")
    if not said:
        return None, None
    try:
        return weigh_swap(match, UUID(said), by=request.user, now=timezone.now()), None
    except ValueError:  # not an id
        return None, StaleScreen()
    except Conflict as error:
        return None, error


def _page(
    request: HttpRequest, found: Round, match: Match, cost: Swap | None, error: HouseError | None
) -> HttpResponse:
    now = timezone.now()
    others = swaps.others(match, now) if match.state == states.PROPOSED else []
    chosen = next((one for one in others if str(one.volunteer.pk) == request.GET.get("mit")), None)
    context = {
        "round": found,
        "match": match,
        "percent": case.percent(match.score),
        "parts": case.parts_in_words(match.parts),
        "others": others,
        "chosen": chosen,
        "swap": cost,
        "costs": swaps.cost_in_words(cost) if cost else [],
        "error": error,
        "own_quarters": [quarter.pk for quarter in request.desk_quarters],
        "tab": "round",
    }
    return render(request, "desk/round_swap.html", context, status=error.status if error else 200)
