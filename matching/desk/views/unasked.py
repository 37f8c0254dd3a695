"""Who was not asked for long, why, and what would help: as a page to print and as a table to take along."""

import csv
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.models import VolunteerProfile
from core.tables import unformulated
from matching import words
from matching.desk import scope, unasked, unasked_words, waiting
from matching.desk.scope import for_workers
from places.models import Quarter

ROWS_PER_PAGE = 50


@require_safe
@for_workers
def show(request: HttpRequest) -> HttpResponse:
    """The list with the reasons, and an open request for whoever fits one now."""
    now, quarters = timezone.now(), _quarters(request)
    page = Paginator(waiting.long_unasked(quarters, now), ROWS_PER_PAGE).get_page(request.GET.get("seite"))
    one = quarters[0] if len(quarters) < len(request.desk_quarters) else None
    context = {
        "rows": _rows(list(page.object_list), quarters, now),
        "page_obj": page,
        "on_pause": waiting.unasked_on_pause(quarters, now).count(),
        "chosen_quarter": one,
        "query": f"?quartier={one.slug}" if one else "",
        "pager_query": f"quartier={one.slug}" if one else "",
        "several_quarters": len(quarters) > 1,
        "today": timezone.localdate(now),
        "tab": "home",
    }
    return render(request, "desk/unasked.html", context)


@require_safe
@for_workers
def table(request: HttpRequest) -> HttpResponse:
    """The whole list as CSV, as German table programs read it; no address, no number."""
    now, quarters = timezone.now(), _quarters(request)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="nicht-gefragt-{timezone.localdate(now)}.csv"'
    out = csv.writer(answer, delimiter=";")
    out.writerow([_("Name"), _("Quartier"), _("Nicht gefragt"), _("Warum"), _("Was hilft")])
    for row in _rows(list(waiting.long_unasked(quarters, now)), quarters, now):
        out.writerow(map(unformulated, (row["name"], row["quarter"], row["since"], row["why"], row["helps"])))
    return answer


def _quarters(request: HttpRequest) -> list[Quarter]:
    return scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))


def _rows(profiles: list[VolunteerProfile], quarters: list[Quarter], now: datetime) -> list[dict[str, Any]]:
    found = unasked.look(profiles, within=quarters, now=now)
    return [_row(profile, found[profile.user_id], now) for profile in profiles]


def _row(profile: VolunteerProfile, look: unasked.Look, now: datetime) -> dict[str, Any]:
    return {
        "pk": profile.user_id,
        "name": profile.user.full_name,
        "quarter": profile.user.quarter.name if profile.user.quarter else "",
        "since": unasked_words.unasked_for(profile, now),
        "why": unasked_words.why(look),
        "helps": unasked_words.helps(look),
        "request": look.now,
        "kinds": words.kinds(look.now.skills.all()) if look.now else "",
    }
