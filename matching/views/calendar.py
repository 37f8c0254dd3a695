"""One's own calendar by day and month, its secret address for other programs, and the log of hours."""

import csv
from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from matching import actions, agenda, hours, ics
from matching.models import CalendarFeed

_SECRET = "calendar_secret"  # in the session from making the address until the page has shown it: one redirect


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """`?monat=2026-03`; without it the month we are in."""
    now = timezone.now()
    month = _month(request.GET.get("monat", "")) or timezone.localdate(now).replace(day=1)
    shown = {"month": agenda.month_of(request.user, month, now=now)}
    return render(request, "matching/calendar.html", shown)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def feed(request: HttpRequest) -> HttpResponse:
    """Make, renew or revoke the secret address; the next look at the page shows it, and none after that."""
    if request.method != "POST":
        secret = request.session.pop(_SECRET, None)
        address = settings.SITE_URL + reverse("matching:ics", args=[secret]) if secret else ""
        shown = {"address": address, "feed": CalendarFeed.objects.filter(person=request.user).first()}
        return render(request, "matching/feed.html", shown)
    request.session.pop(_SECRET, None)
    if "delete" in request.POST:
        actions.revoke_calendar_feed(by=request.user)
        messages.success(request, _("Die Adresse gilt nicht mehr."))
    else:  # answered by another page: to load that one again makes no new address and ends none
        request.session[_SECRET] = actions.make_calendar_feed(by=request.user, now=timezone.now())
    return redirect("matching:feed")


@login_not_required
@never_cache
@require_safe
def as_ics(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar of whoever made this address, for a program that knows no login."""
    person = actions.reader_of(secret)
    if person is None:
        return HttpResponseNotFound()
    with override(person.language):
        text = ics.calendar_of(person, now=timezone.now())
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers={"Referrer-Policy": "no-referrer"})


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    return render(request, "matching/hours.html", {"months": hours.months_of(request.user)})


@require_safe
def log_csv(request: HttpRequest) -> HttpResponse:
    """The same rows as a table, the newest first; opens in a spreadsheet as it is."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="stunden.csv"'
    rows = csv.writer(answer, delimiter=";")
    rows.writerow([_("Tag"), _("Beginn"), _("Minuten"), _("Art der Hilfe")])
    for month in hours.months_of(request.user):
        for visit in month.visits:
            start = timezone.localtime(visit.start)
            rows.writerow([f"{start:%Y-%m-%d}", f"{start:%H:%M}", visit.minutes, visit.kinds])
    return answer


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
