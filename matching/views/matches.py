"""One pair: where it stands, the moves this person has, and the address once both said yes."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import roles
from accounts.models import User
from core.database import find
from core.errors import Conflict, NotVisible, StaleScreen
from matching import actions, cards, chronicle, moves, rules
from matching.models import Match

REASON_LENGTH = 200


@require_safe
def detail(request: HttpRequest, pk: object) -> HttpResponse:
    match = _find(request.user, pk)
    if not _side(request.user, match):
        return redirect("desk:case", pk=match.request_id)
    return _page(request, match)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: object, move: str) -> HttpResponse:
    """GET asks once more, POST moves. What is too late shows the new state and says so (409)."""
    match = _find(request.user, pk)
    side = _side(request.user, match)
    chosen = moves.named(move, side=side) if side else None
    if chosen is None:
        raise NotVisible
    if request.method == "POST":
        return _move(request, match, chosen)
    if move not in rules.moves_of(request.user, match):
        return redirect("matching:match", pk=match.pk)
    return render(
        request, "matching/move_confirm.html", {"card": _card(request.user, match), "move": _said(chosen, match)}
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, pk: object) -> HttpResponse:
    """GET says that opening is noted, POST opens: the address is on this one answer and nowhere else."""
    match = _find(request.user, pk)
    if not rules.may_see_address(request.user, match):
        if not _side(request.user, match):
            raise NotVisible
        return redirect("matching:match", pk=match.pk)
    shown = {"card": _card(request.user, match), "match": match}
    if request.method == "POST":
        shown["address"] = actions.reveal_address(match_id=match.pk, viewer=request.user, now=timezone.now())
    return render(request, "matching/address.html", shown)


def _move(request: HttpRequest, match: Match, chosen: moves.Move) -> HttpResponse:
    try:
        actions.move_match(
            match_id=match.pk,
            move=chosen.name,
            by=request.user,
            now=timezone.now(),
            reason=typed_reason(request),
            version=_version(request),
        )
    except Conflict as late:
        if _moved_by_this_person(request.user, match, chosen):  # a second tap: the first one counts
            return redirect("matching:match", pk=match.pk)
        return _page(request, _find(request.user, match.pk), late=late)
    messages.success(request, _said(chosen, match)["done"])
    return redirect("matching:match" if chosen.name in ("accept", "confirm") else "home", **_where(chosen, match))


def _moved_by_this_person(user: User, match: Match, chosen: moves.Move) -> bool:
    last = match.events.order_by("-at", "-id").first()
    return last is not None and (last.move, last.by_id) == (chosen.name, user.pk)


def _where(chosen: moves.Move, match: Match) -> dict:
    return {"pk": match.pk} if chosen.name in ("accept", "confirm") else {}


def _page(request: HttpRequest, match: Match, *, late: Conflict | None = None) -> HttpResponse:
    card = _card(request.user, match)
    shown = {
        "card": card,
        "match": match,
        "story": chronicle.of_match(match, side=card.side, now=timezone.now()),
        "late": late,
        "order": getattr(match, "order", None),
    }
    return render(request, "matching/match_detail.html", shown, status=late.status if late else 200)


def _find(user: User, pk: object) -> Match:
    return find(cards.with_people(Match.objects.visible_to(user)), pk)


def _side(user: User, match: Match) -> str:
    """ "volunteer", "resident" (or somebody they trust), or "" for everybody else who may see the pair."""
    if user.pk == match.volunteer_id:
        return "volunteer"
    return "resident" if roles.acts_for(user, match.resident) else ""


def _card(user: User, match: Match) -> cards.PairCard:
    now = timezone.now()
    if _side(user, match) == "volunteer":
        return cards.for_volunteer(match, now=now)
    return cards.for_resident(match, viewer=user, now=now)


def _said(chosen: moves.Move, match: Match) -> dict:
    """The words of a move with the two first names in them."""
    names = {"volunteer": match.volunteer.first_name, "resident": match.resident.first_name}
    return {
        "name": chosen.name,
        "label": chosen.label,
        "kind": "stop" if chosen.name == "end" else "primary",
        "icon": chosen.icon,
        "asks_reason": chosen.asks_reason,
        "question": chosen.question % names,
        "explains": [sentence % names for sentence in chosen.explains],
        "done": chosen.done % names,
    }


def typed_reason(request: HttpRequest) -> str:
    """The reason as typed, without what a database refuses, cut to its length."""
    return request.POST.get("reason", "").replace("\x00", "").strip()[:REASON_LENGTH]


def _version(request: HttpRequest) -> int | None:
    """The version the screen showed; a broken one counts as an old screen."""
    sent = request.POST.get("version", "")
    if not sent:
        return None
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        raise StaleScreen
    return int(sent)
