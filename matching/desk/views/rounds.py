"""A round of the matcher over one quarter: before, on its way, after, and deciding about what it proposed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import roles
from core.database import find
from core.errors import Conflict, HouseError, Invalid, NotAllowed
from matching import actions, states
from matching.actions.rounds import UNDERWAY
from matching.desk import changes, neighbours, rounds, scope
from matching.desk.forms.cases import MoveForm
from matching.desk.scope import for_workers
from matching.models import HelpRequest, Match, Round
from matching.rules import is_released_singly


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def start(request: HttpRequest) -> HttpResponse:
    """What a round would look at; POST asks for it, with `dry` only to look."""
    if request.method != "POST":
        return render(request, "desk/round_start.html", rounds.before(request.desk_quarters) | {"tab": "round"})
    quarter = find(roles.quarters_of(request.user), request.POST.get("quarter", ""))
    dry = "dry" in request.POST
    asked = actions.ask_for_round(quarter=quarter, by=request.user, now=timezone.now(), dry_run=dry)
    return redirect("desk:round", pk=asked.pk)


@require_safe
@for_workers
def around(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What opening each closed neighbour of this quarter would bring; computed when it is asked."""
    quarter = find(roles.quarters_of(request.user), pk)
    found = neighbours.would_bring(quarter, now=timezone.now())
    return render(request, "desk/round_around.html", {"quarter": quarter, "neighbours": found, "tab": "round"})


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """On its way: how far it is. Done: each pair with its reasons, the unmatched with what would help."""
    found = find(scope.rounds(request.user).select_related("quarter", "started_by", "weighing"), pk)
    if found.state != Round.State.DONE:
        context = {"round": found, "progress": rounds.progress(found), "tab": "round"}
        return render(request, "desk/round_progress.html", context | {"is_on_its_way": found.state in UNDERWAY})
    return _page(request, found)


@require_safe
@for_workers
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same for the script of the page: `state`, `words`, `done`, `of`."""
    return JsonResponse(rounds.progress(find(scope.rounds(request.user), pk)))


@require_POST
@for_workers
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Release the pairs named (`match`, each "id" or "id:version"), or all that still wait."""
    found = find(scope.rounds(request.user), pk)
    waiting = Match.objects.filter(round=found, state=states.PROPOSED).select_related("request__quarter")
    if "some" in request.POST and "match" not in request.POST:
        messages.warning(request, _("Bitte wählen Sie zuerst Paare aus."))
        return _back(request, found)
    if "match" in request.POST:
        chosen = [_chosen(waiting, said) for said in request.POST.getlist("match")]
    else:
        chosen = [(match, None) for match in waiting.order_by("proposed_at", "id")]
    count = sum(_release(request, match, version) for match, version in _without_the_new(request, chosen))
    (messages.success if count else messages.warning)(request, rounds.released(count))
    return _back(request, found)


@require_POST
@for_workers
def reject(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One pair of the round does not fit, with a reason; somebody else is looked for."""
    found = find(scope.rounds(request.user).select_related("quarter", "started_by", "weighing"), pk)
    match = find(Match.objects.filter(round=found), request.POST.get("match", ""))
    try:
        said = MoveForm(request.POST).for_move("reject")
        actions.move_match(match_id=match.pk, move="reject", by=request.user, now=timezone.now(), **said)
    except (Conflict, Invalid) as error:
        return _page(request, found, error)
    messages.success(request, _("Das Paar ist verworfen und wird nicht wieder vorgeschlagen."))
    return _back(request, found)


@require_POST
@for_workers
def change(request: HttpRequest, pk: UUID, request_pk: UUID) -> HttpResponse:
    """One small change that helps an unmatched request; it is looked at again at once."""
    found = find(scope.rounds(request.user).select_related("quarter", "started_by", "weighing"), pk)
    asked: HelpRequest = find(scope.cases(request.user).filter(quarter=found.quarter).for_cards(), request_pk)
    try:
        small = changes.make(asked, request.POST.get("change", ""), by=request.user, now=timezone.now())
    except (Conflict, Invalid) as error:
        return _page(request, found, error)
    (messages.success if small.proposed else messages.warning)(request, changes.came_of(small))
    return _back(request, found)


def _chosen(waiting: Any, said: str) -> tuple[Match, int | None]:
    key, _colon, version = said.partition(":")
    return find(waiting, key), int(version) if version.isdecimal() and len(version) < 9 else None


def _without_the_new(request: HttpRequest, chosen: list[tuple[Match, int | None]]) -> list[tuple[Match, int | None]]:
    """Several at once: new helpers stay, they are released one by one after somebody looked."""
    kept = [one for one in chosen if len(chosen) == 1 or not is_released_singly(one[0])]
    if left := len(chosen) - len(kept):
        said = ngettext(
            "Eine Vermittlung bleibt liegen: Neue Helferinnen und Helfer geben Sie einzeln frei.",
            "%(count)s Vermittlungen bleiben liegen: Neue Helferinnen und Helfer geben Sie einzeln frei.",
            left,
        )
        messages.warning(request, said % {"count": left})
    return kept


def _release(request: HttpRequest, match: Match, version: int | None) -> bool:
    """Each pair for itself: one that changed meanwhile does not hold up the others."""
    try:
        actions.release_match(match_id=match.pk, by=request.user, now=timezone.now(), version=version)
    except (Conflict, NotAllowed):
        messages.warning(request, _("Eine Vermittlung hat sich inzwischen geändert."))
        return False
    return True


def _page(request: HttpRequest, found: Round, error: HouseError | None = None) -> HttpResponse:
    shown, page = request.GET.get("zeige", ""), request.GET.get("seite")
    context = rounds.after(found, shown=shown, page=page, now=timezone.now()) | {"tab": "round", "error": error}
    return render(request, "desk/round.html", context, status=error.status if error else 200)


def _back(request: HttpRequest, found: Round) -> HttpResponse:
    """To where the worker was: the same choice, the same page; both are public words."""
    shown, page = request.POST.get("zeige", ""), request.POST.get("seite", "")
    kept = [f"zeige={shown}"] if shown in rounds.SHOWN and shown else []
    kept += [f"seite={page}"] if page.isdecimal() and page != "1" else []
    return redirect(reverse("desk:round", args=[found.pk]) + ("?" + "&".join(kept) if kept else ""))
