"""The call list: whom to call, what to say, and one key for each answer."""

import csv
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actions.looks import note_look
from accounts.models import Look
from core.errors import Conflict, HouseError, Invalid, NotVisible
from core.tables import unformulated
from matching.calls import hours, verbs
from matching.calls.book import Entry, book, one
from matching.desk import calls as shown
from matching.desk import scope, words
from matching.desk.forms.calls import NoteForm, TimeForm, TryForm
from matching.desk.scope import for_workers
from places.models import Quarter

OTHER_TIME = "other"  # the one answer that needs a day and an hour


@require_safe
@for_workers
def show(request: HttpRequest) -> HttpResponse:
    """Now, later, with colleagues, and what is through today."""
    return render(request, "desk/calls.html", _book(request) | {"tab": "calls"})


@require_safe
@for_workers
def printed(request: HttpRequest) -> HttpResponse:
    """For paper: with what to say, and room to tick and to write."""
    return render(request, "desk/calls_print.html", _book(request) | {"tab": "calls"})


@require_safe
@for_workers
def table(request: HttpRequest) -> HttpResponse:
    """The open lines as CSV, a row for each person, as German table programs read it."""
    now = timezone.now()
    found = book(_quarters(request), reader=request.user, now=now)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="anrufliste-{timezone.localdate(now)}.csv"'
    out = csv.writer(answer, delimiter=";")
    everybody = shown.blocks([*found.now, *found.later, *found.others], now)
    for cells in shown.table(everybody, now):
        out.writerow([unformulated(str(cell)) for cell in cells])
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def line(request: HttpRequest, kind: str, about: str, person: UUID) -> HttpResponse:
    """One line with everything for this call. A line that is through leads back to the list and says so."""
    now = timezone.now()
    where = {"kind": kind, "about": about, "person_id": person}
    try:
        if request.method == "POST":
            return _post(request, where, now)
        return _page(request, where, now)
    except NotVisible:
        messages.warning(request, _("Dieser Anruf hat sich inzwischen erledigt."))
        return redirect("desk:calls")


def _post(request: HttpRequest, where: dict[str, Any], now: datetime) -> HttpResponse:
    """Which button was tapped says what is meant."""
    try:
        said = _done(request, where | {"by": request.user, "now": now})
    except (Conflict, Invalid) as error:
        return _page(request, where, now, error)
    messages.success(request, said)
    caller = request.POST.get("caller", "")
    if caller == str(where["person_id"]):  # they rang themselves: back to their page
        return redirect("desk:caller_page", pk=caller)
    return redirect(reverse("desk:calls") + _kept(request))


def _done(request: HttpRequest, where: dict[str, Any]) -> str:
    note = request.POST.get("note", "")
    if name := _answer(request):
        call = verbs.answer(**where, name=name, said=_said(request, name))
        return _("Eingetragen: %(answer)s.") % {"answer": shown.said(call.answer)}
    if "missed_all" in request.POST:
        verbs.missed_all(**where)
        return _("Nicht erreicht, das ist gezählt. Die Liste erinnert an den nächsten Versuch.")
    if "missed" in request.POST:
        verbs.missed(**where, next_at=TryForm(request.POST).next_at(where["now"]), note=note)
        return _("Nicht erreicht, das ist gezählt. Die Liste erinnert an den nächsten Versuch.")
    if "take" in request.POST or "hand" in request.POST:
        to = request.user.pk if "take" in request.POST else request.POST.get("to", "")
        call = verbs.hand_over(**where, to_id=to, note=note)
        return _("%(name)s übernimmt diesen Anruf.") % {"name": call.to.full_name if call.to else ""}
    verbs.leave_note(**where, note=note)
    return _("Die Notiz steht bei diesem Anruf.")


def _answer(request: HttpRequest) -> str:
    """The answer tapped, "" for none; Enter in the only form of the page means the time, where one was typed."""
    by_enter = OTHER_TIME if "enter" in request.POST and request.POST.get("clock") else ""
    return request.POST.get("answer", "") or by_enter


def _said(request: HttpRequest, name: str) -> dict[str, Any]:
    words: dict[str, Any] = {"note": request.POST.get("note", ""), "incoming": "caller" in request.POST}
    if name != OTHER_TIME:
        return words
    form = TimeForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={field: list(lines) for field, lines in form.errors.items()})
    return words | {"start": form.start}


def _page(request: HttpRequest, where: dict[str, Any], now: datetime, error: HouseError | None = None) -> HttpResponse:
    entry = one(**where_of(where), quarters=request.desk_quarters, reader=request.user, now=now)
    note_look(person=entry.line.person, by=request.user, what=Look.What.PERSON, now=now)
    posted = request.POST if error else None
    time_posted = posted if _answer(request) == OTHER_TIME else None
    context = {
        "row": shown.row(entry, now),
        "worker": request.user,
        "error": error,
        "error_lines": [str(text) for lines in error.fields.values() for text in lines] if error else [],
        "time_form": TimeForm(time_posted, initial={"day": timezone.localdate(entry.line.until)}),
        "note_form": NoteForm(posted, colleagues=_others(request, entry)),
        "try_form": TryForm(posted),
        "query": _kept(request),
        "tab": "calls",
    }
    return render(request, "desk/call.html", context, status=error.status if error else 200)


def where_of(where: dict[str, Any]) -> dict[str, Any]:
    return {name: where[name] for name in ("kind", "about", "person_id")}


def _others(request: HttpRequest, entry: Entry) -> list[Any]:
    return [person for person in verbs.colleagues(entry.line) if person.pk != request.user.pk]


def _quarters(request: HttpRequest) -> list[Quarter]:
    return scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))


def _kept(request: HttpRequest) -> str:
    """The part of the address that keeps the quarter; a public word."""
    quarters = _quarters(request)
    return f"?quartier={quarters[0].slug}" if len(quarters) < len(request.desk_quarters) else ""


def _book(request: HttpRequest) -> dict[str, Any]:
    now, quarters = timezone.now(), _quarters(request)
    found, opens = book(quarters, reader=request.user, now=now), hours.opens_at(now)
    mine = shown.blocks([*found.now, *found.later], now)  # who is called now hears of what was put off as well
    return {
        "opens": words.moment(opens, now) if opens else "",
        "now_blocks": [block for block in mine if not block.waits],
        "later_blocks": [block for block in mine if block.waits],
        "other_blocks": shown.blocks(found.others, now),
        "done_rows": shown.done(found.done, now),
        "quarters": request.desk_quarters,
        "chosen_quarter": quarters[0] if len(quarters) < len(request.desk_quarters) else None,
        "several_quarters": len(quarters) > 1,
        "query": _kept(request),
        "today": timezone.localdate(now),
    }
