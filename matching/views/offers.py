"""What is open around a volunteer, roughly, and offering oneself for it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import roles, skills
from core.database import find
from core.errors import Conflict
from matching import actions, cards, overview
from matching.models import HelpRequest, Match

PER_PAGE = 12


@require_safe
def open_list(request: HttpRequest) -> HttpResponse:
    """Open requests of the quarters this person serves; `art` narrows to one kind of help, `seite` turns pages."""
    profile = roles.profile_of(request.user)
    wanted = request.GET.get("art", "")
    kinds = [(skill.slug, skills.name(skill)) for skill in skills.offered()]
    rows = overview.open_around(request.user).for_cards()
    if wanted in dict(kinds):
        rows = rows.filter(pk__in=rows.filter(skills=wanted).values("pk"))
    page = Paginator(rows.order_by("-urgency", "open_since", "id"), PER_PAGE).get_page(request.GET.get("seite"))
    now = timezone.now()
    shown = {
        "page": page,
        "cards": [cards.open_card(row, viewer_place=request.user.place, now=now) for row in page.object_list],
        "kinds": kinds,
        "wanted": wanted if wanted in dict(kinds) else "",
        "profile": profile,
        "is_welcomed": bool(profile and profile.welcomed_at),
    }
    return render(request, "matching/open_list.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request: HttpRequest, pk: object) -> HttpResponse:
    """GET says what follows, or at once why it cannot be; POST offers. The office looks first, then the resident."""
    wish = find(HelpRequest.objects.coarse_for(request.user).for_cards(), pk)
    now, late = timezone.now(), None
    actions.count_try(request_id=wish.pk, by=request.user, now=now)
    try:
        if request.method == "POST":
            return _offered(request, actions.offer_help(request_id=wish.pk, by=request.user, now=now))
        actions.check_offer(request=wish, by=request.user, now=now)
    except Conflict as clash:
        late = clash
    card = cards.open_card(wish, viewer_place=request.user.place, now=now)
    shown = {"card": card, "late": _why(late) if late else ""}
    status = late.status if late and request.method == "POST" else 200
    return render(request, "matching/offer.html", shown, status=status)


def _offered(request: HttpRequest, match: Match) -> HttpResponse:
    messages.success(request, _("Danke für Ihr Angebot. Das Quartiersbüro sieht es sich als Nächstes an."))
    return redirect("matching:match", pk=match.pk)


def _why(clash: Conflict) -> str:
    """What stands in the way, said to the volunteer themselves."""
    return {
        "not_a_pair": _(
            "Diese Bitte passt nicht zu dem, was Sie angegeben haben: zum Beispiel zu Ihren Zeiten, Ihren Fähigkeiten "
            "oder Ihrem Weg. Sie können Ihre Angaben jederzeit ändern."
        ),
        "no_capacity": _("Sie haben schon so viele Vermittlungen, wie Sie möchten. Danke für Ihre Bereitschaft."),
        "already_paired": _("Zu dieser Bitte sind wir schon mit Ihnen im Gespräch."),
    }.get(clash.code, str(clash.detail))
