"""One request as its resident sees it: the state in words, its story, and taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import roles
from core.database import find
from core.errors import WrongState
from matching import actions, asking, cards, chronicle, rules, states
from matching.models import HelpRequest


@require_safe
def detail(request: HttpRequest, pk: object) -> HttpResponse:
    """The story of one request; workers have the same on their desk."""
    wish, now = find(HelpRequest.objects.visible_to(request.user).for_cards(), pk), timezone.now()
    if not roles.acts_for(request.user, wish.resident):
        return redirect("desk:case", pk=wish.pk)
    if wish.state == states.DRAFT:
        return redirect("matching:request_step", pk=wish.pk, step=wish.step)
    shown = {
        "card": cards.request_cards([wish], viewer=request.user, now=now)[0],
        "answers": asking.answers(wish, now=now),
        "story": chronicle.of_request(wish, now=now),
        "may_change": rules.may_change_request(request.user, wish),
        "may_withdraw": _may_withdraw(request, wish),
    }
    return render(request, "matching/request_detail.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: object) -> HttpResponse:
    """Asks once more and says what follows; the second tap takes the request back."""
    wish = find(HelpRequest.objects.visible_to(request.user).for_cards(), pk)
    if request.method == "POST":
        return _withdraw(request, wish)
    if not _may_withdraw(request, wish):
        return redirect("matching:request", pk=wish.pk)
    card = cards.request_cards([wish], viewer=request.user, now=timezone.now())[0]
    return render(request, "matching/request_withdraw.html", {"card": card, "is_draft": wish.state == states.DRAFT})


def _withdraw(request: HttpRequest, wish: HelpRequest) -> HttpResponse:
    try:
        actions.withdraw_request(request_id=wish.pk, by=request.user, now=timezone.now())
    except WrongState:  # taken back twice, or already over
        return redirect("home")
    if wish.state == states.DRAFT:
        messages.success(request, _("Ihre Angaben sind nicht abgeschickt worden."))
    else:
        messages.success(request, _("Ihre Bitte ist zurückgezogen. Wer schon gefragt war, bekommt eine Nachricht."))
    return redirect("home")


def _may_withdraw(request: HttpRequest, wish: HelpRequest) -> bool:
    running = wish.state in (states.DRAFT, states.OPEN, states.FILLED)
    return running and rules.may_withdraw_request(request.user, wish)
