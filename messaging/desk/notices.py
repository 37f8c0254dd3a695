"""Notices on the desk: one that the office has to pass on, all that wait, letters to print, wishes of somebody."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actions import addresses
from accounts.actions.looks import note_look
from accounts.models import Look, User
from core.database import find
from core.errors import Conflict, NotVisible
from matching.desk import scope, shell
from matching.desk.scope import for_workers
from messaging import actions
from messaging.actions.arrivals import UNDELIVERED
from messaging.desk import unreached
from messaging.models import Notice
from messaging.notice_forms import NoticeWishForm
from messaging.outbox.kinds import KINDS
from places.models import ExactAddress

DONE = {"angerufen": actions.mark_called, "gedruckt": actions.mark_printed, "nochmal": actions.retry_notice}
ROWS = 50


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whom to tell what, under which number, and what was tried."""
    found = _found(request, pk)
    now = timezone.now()
    beside = shell.frame(request, now) | shell.opened_list(request, now) | {"current": str(pk)}
    kind = KINDS[found.kind]
    shown = {
        "notice": found,
        "says": kind.to_office,
        "tries": _tries(found),
        "problem": _problem(found),
        "is_open": found.state in unreached.OPEN,
        "failed": found.state == Notice.State.FAILED,
    }
    return render(request, "desk/notice.html", beside | shown)


@require_POST
@for_workers
def done(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Called, put into the post, or to be sent again."""
    if what not in DONE:
        raise NotVisible
    found = _found(request, pk)
    try:
        DONE[what](notice_id=found.pk, by=request.user, now=timezone.now())
    except Conflict:
        messages.info(request, _("Das hat schon jemand erledigt."))
    else:
        messages.success(request, _("Wird noch einmal versucht.") if what == "nochmal" else _("Eingetragen."))
    return redirect(reverse("desk:home") + shell.kept(request, unreached.KEY))


@require_safe
@for_workers
def undelivered(request: HttpRequest) -> HttpResponse:
    """Everything that did not reach anybody, counted by what is to be done."""
    now = timezone.now()
    quarters = scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))
    rows = unreached.unreached(quarters, now)
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    page = Paginator(rows, ROWS).get_page(request.GET.get("seite"))
    shown = {
        "rows": unreached.lines(list(page.object_list), now),
        "page_obj": page,
        "counts": [(badge, counts.get(state, 0), tone) for state, (badge, tone) in unreached.BADGES.items()],
        "failed": counts.get(Notice.State.FAILED, 0),
        "letters": counts.get(Notice.State.TO_PRINT, 0),
        "under_way": Notice.objects.filter(
            person__quarter__in=quarters, state=Notice.State.SENDING, tries__gt=1
        ).count(),
    }
    return render(request, "desk/undelivered.html", shell.frame(request, now) | shown | {"tab": "home"})


@require_POST
@for_workers
def retry_all(request: HttpRequest) -> HttpResponse:
    """The mail server is back: everything that failed goes out again."""
    count = actions.retry_failed(by=request.user, now=timezone.now())
    messages.success(request, _("%(count)s werden noch einmal versucht.") % {"count": count})
    return redirect("messaging:undelivered")


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def letters(request: HttpRequest) -> HttpResponse:
    """Letters to print, one on a sheet, each in the language of its reader; one click says they are in the post."""
    if request.method == "POST":
        for pk in request.POST.getlist("brief"):
            with suppress(Conflict):  # a colleague was faster
                actions.mark_printed(notice_id=pk, by=request.user, now=timezone.now())
        messages.success(request, _("Eingetragen."))
        return redirect("messaging:undelivered")
    rows = unreached.unreached(request.desk_quarters, timezone.now()).filter(state=Notice.State.TO_PRINT)
    found = rows.exclude(person=request.user).select_related("person__place", "person__quarter")
    sheets = [_sheet(row, request.user) for row in found[:ROWS]]
    return render(request, "desk/notice_letters.html", {"sheets": sheets, "tab": "home"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def wishes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What somebody says on the telephone about how they want to be told."""
    person = find(scope.people(request.user), pk)
    note_look(person=person, by=request.user, what=Look.What.PERSON, now=timezone.now())
    form = NoticeWishForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_wishes(person_id=pk, by=request.user, now=timezone.now(), chosen=form.chosen())
        messages.success(request, _("Gespeichert."))
        return redirect("desk:person", pk)
    return render(request, "desk/wishes.html", {"form": form, "person": person, "tab": "people"})


def _found(request: HttpRequest, pk: UUID) -> Notice:
    """One of the worker's people, not the worker's own."""
    rows = Notice.objects.visible_to(request.user).exclude(person=request.user)
    return find(rows.select_related("person__quarter"), pk)


def _problem(notice: Notice) -> str:
    """What went wrong the last time, for somebody who runs no mail server."""
    if not notice.problem:
        return ""
    if notice.problem in ("SMTPRecipientsRefused", "Refused"):
        return _("Diese Adresse oder Nummer nimmt nichts an. Bitte fragen Sie nach der richtigen.")
    if notice.problem == UNDELIVERED:
        return _("Die SMS kam nicht an. Bitte fragen Sie nach der richtigen Nummer.")
    return _("Der Versand ist gestört (%(name)s).") % {"name": notice.problem}


def _tries(notice: Notice) -> list[str]:
    """What was tried already, in words."""
    ways = dict(notice._meta.get_field("way").flatchoices)
    return [str(ways[way]) for way, _at in notice.used]


def _address(row: Notice, worker: User) -> ExactAddress | None:
    """Where the letter goes; that it was opened is kept with the worker's name."""
    if row.person.place is None:
        return None
    try:
        return addresses.read_address(place=row.person.place, by=worker, reason="letter", now=timezone.now())
    except NotVisible:
        return None


def _sheet(row: Notice, worker: User) -> dict:
    with translation.override(row.person.language):
        return {
            "key": str(row.pk),
            "person": row.person,
            "quarter": row.person.quarter,
            "says": str(KINDS[row.kind].says),
            "language": row.person.language,
            "greeting": _("Guten Tag %(name)s,") % {"name": row.person.full_name},
            "address": _address(row, worker),
            "call": _("Bitte rufen Sie uns an, oder sehen Sie auf Ihrer Seite nach."),
            "bye": _("Freundliche Grüße"),
        }
