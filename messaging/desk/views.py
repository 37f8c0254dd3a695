"""One report on one screen, and the one tap that lets a talk rest."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.database import find
from core.errors import Conflict, Invalid, NotVisible
from matching.desk import shell, standing
from matching.desk.scope import for_workers
from messaging import actions, rules, states
from messaging.desk import lines
from messaging.desk.forms import EndForm
from messaging.models import Report

MOVES = {"ansehen": "take", "abschliessen": "settle", "ohne-folgen": "dismiss"}


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What was said, what was frozen, and what to do next."""
    return _page(request, pk)


@require_POST
@for_workers
def move(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """Take it up, end it, or note that the reporter was told ("bescheid")."""
    now = timezone.now()
    if move == "bescheid":
        actions.mark_told(report_id=pk, by=request.user, now=now)
        return redirect(reverse("desk:home") + shell.kept(request, "meldungen"))
    if move not in MOVES:
        raise NotVisible
    said = {name: request.POST.get(name, "") for name in ("outcome", "answer")}
    try:
        actions.move_report(report_id=pk, move=MOVES[move], by=request.user, now=now, **said)
    except (Conflict, Invalid) as error:
        return _page(request, pk, error, MOVES[move])
    messages.success(request, _("Eingetragen."))
    return redirect(reverse("office:report", args=[pk]) + shell.kept(request, "meldungen"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def conversation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole conversation: POST writes the reading down first, the page shows it for a quarter of an hour."""
    now = timezone.now()
    if request.method == "POST":
        try:
            actions.begin_reading(report_id=pk, by=request.user, now=now)
        except Conflict as late:
            return _page(request, pk, late)
        return redirect("office:conversation", pk)
    rows = actions.messages_read(report_id=pk, by=request.user, now=now)
    report = _report(request, pk)
    return render(request, "desk/conversation.html", {"report": report, "rows": rows, "dangers": lines.DANGERS})


@require_POST
@for_workers
def pause(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The talk of this match rests (`was`: ruhen), or goes on (weiter)."""
    if request.POST.get("was") == "weiter":
        actions.resume_talk(match_id=pk, by=request.user)
        messages.success(request, _("Beide können wieder schreiben."))
    else:
        actions.pause_talk(match_id=pk, by=request.user, now=timezone.now())
        messages.success(request, _("Das Gespräch ruht. Niemand der beiden kann schreiben."))
    return redirect(_way_back(request))


def _report(request: HttpRequest, pk: UUID) -> Report:
    rows = Report.objects.on_desk_of(request.user).select_related(
        "quarter", "about", "reporter", "taken_by", "conversation__match__request"
    )
    return find(rows, pk)


def _page(request: HttpRequest, pk: UUID, error: Any = None, tried: str = "") -> HttpResponse:
    now, report = timezone.now(), _report(request, pk)
    talk = report.conversation
    known = lines.describe_talks([talk.match], request.user) if talk else {}
    shown = {
        "report": report,
        "error": error,
        "error_lines": [str(line) for rows in error.fields.values() for line in rows] if error else [],
        "moves": states.report_moves(report.state),
        "settle": EndForm("settle", request.POST if tried == "settle" else None),
        "dismiss": EndForm("dismiss", request.POST if tried == "dismiss" else None),
        "evidence": report.evidence.all(),
        "events": report.events.select_related("by"),
        "talk": known.get(talk.match_id) if talk else None,
        "visits": standing.between(talk.match, request.user, now=now) if talk else [],
        "to_call": not report.stands and report.told_at is None,
        "by_phone": report.reporter is not None and not rules.hears_online(report.reporter),
        "own_quarters": [quarter.pk for quarter in request.desk_quarters],
    }
    beside = shell.frame(request, now) | shell.opened_list(request, now) | {"current": str(pk)}
    return render(request, "desk/report.html", beside | shown, status=error.status if error else 200)


def _way_back(request: HttpRequest) -> str:
    wish = request.POST.get("next", "")
    safe = wish.startswith("/buero/") and url_has_allowed_host_and_scheme(
        wish, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wish if safe else reverse("desk:home")
