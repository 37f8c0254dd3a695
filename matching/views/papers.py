"""Paper for the two of a pair: the resident's door card, the helper's own badge."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.actions.badges import running_badge
from core.database import find
from core.errors import NotAllowed, NotVisible
from matching import rules
from matching.models import Match
from matching.paper import answer, reading
from matching.paper.door_card import door_card
from matching.paper.office import office_of
from matching.paper.press import Sheet


@require_safe
def door(request: HttpRequest, pk: object, *, pdf: bool) -> HttpResponse:
    """For the resident, somebody they trust, and the office, while the pair is confirmed."""
    match = find(Match.objects.visible_to(request.user).for_cards(), pk)
    if not rules.may_print_door_card(request.user, match):
        raise NotAllowed
    with override(match.resident.language):
        sheet = door_card(reading.door_of(match, now=timezone.now()), office_of(match.request.quarter))
    if pdf:
        return answer.pdf(sheet)
    back = [(_("Zurück zur Vermittlung"), reverse("matching:match", args=[match.pk]))]
    return answer.page(request, sheet, pdf_address=reverse("matching:door_card_pdf", args=[match.pk]), links=back)


@require_safe
def own_pledge(request: HttpRequest, *, pdf: bool) -> HttpResponse:
    """To read at home and bring along signed."""
    sheet = reading.pledge_sheet(request.user)
    return answer.pdf(sheet) if pdf else _own(request, sheet, "matching:pledge_pdf")


@require_safe
def own_badge(request: HttpRequest, *, pdf: bool) -> HttpResponse:
    """The helper's own, as long as it is good."""
    found = running_badge(request.user, now=timezone.now())
    if found is None:
        raise NotVisible
    sheet = reading.badge_sheet(found)
    return answer.pdf(sheet) if pdf else _own(request, sheet, "matching:badge_pdf")


def _own(request: HttpRequest, sheet: Sheet, pdf_name: str) -> HttpResponse:
    back = [(_("Zurück zu meinen Schritten"), reverse("accounts:steps"))]
    return answer.page(request, sheet, pdf_address=reverse(pdf_name), links=back)
