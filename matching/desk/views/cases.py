"""One request on one screen, and everything a worker decides about it."""

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.actions.looks import note_look
from accounts.models import Look
from core.database import find
from core.errors import Conflict, HouseError, Invalid, NotVisible
from matching import actions
from matching.desk import case, changes, scope, shell
from matching.desk import would as would_be
from matching.desk.forms.cases import MoveForm, WithdrawForm
from matching.desk.scope import for_workers
from matching.models import HelpRequest, Series
from matching.suggestions import PEOPLES, who_would

DONE = {  # every move a worker has, and what is said once it is made
    "release": gettext_lazy("Die Anfrage ist unterwegs."),
    "reject": gettext_lazy("Das Paar ist verworfen und wird nicht wieder vorgeschlagen."),
    "clear": gettext_lazy("Zugelassen. Jetzt entscheidet, wer um Hilfe bittet."),
    "accept": gettext_lazy("Die Zusage ist eingetragen. Jetzt entscheidet, wer um Hilfe bittet."),
    "decline": gettext_lazy("Die Absage ist eingetragen. Wir fragen jemand anderes."),
    "refuse": gettext_lazy("Die Absage ist eingetragen. Wir suchen weiter."),
    "confirm": gettext_lazy("Die Zusage ist eingetragen. Die beiden können sich jetzt verabreden."),
    "end": gettext_lazy("Die Vermittlung ist beendet."),
    "complete": gettext_lazy("Die Hilfe ist als erledigt eingetragen."),
}


@require_safe
@for_workers
def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _page(request, pk)


@require_POST
@for_workers
def move(request: HttpRequest, pk: UUID, move: str) -> HttpResponse:
    """One move of one match; too late, or a stale page, shows the case as it is now with 409."""
    match = find(scope.matches(request.user), pk)
    try:
        _move(request, pk, move)
    except (Conflict, Invalid) as error:
        return _page(request, match.request_id, error)
    return _back(request, match.request_id, str(DONE[move]))


@require_POST
@for_workers
def end_series(request: HttpRequest, pk: UUID) -> HttpResponse:
    """No more regular visits of a pair; both hear it, with the reason."""
    pairs = scope.matches(request.user).exclude(resident=request.user).exclude(volunteer=request.user)
    found = find(Series.objects.filter(match__in=pairs).select_related("match"), pk)
    try:
        said = MoveForm(request.POST).for_move("end")
        actions.end_series(series_id=pk, by=request.user, now=timezone.now(), reason=said["reason"])
    except (Conflict, Invalid) as error:
        return _page(request, found.match.request_id, error)
    return _back(request, found.match.request_id, _("Die regelmäßigen Termine sind beendet. Beide bekommen Bescheid."))


@require_POST
@for_workers
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose one volunteer; with `ask` also release, so that they are asked at once."""
    found = find(scope.cases(request.user), pk)
    ask = "ask" in request.POST
    try:
        _propose(request, found, ask=ask)
    except (Conflict, Invalid) as error:
        return _page(request, pk, error)
    return _back(request, pk, _("Die Anfrage ist unterwegs.") if ask else _("Der Vorschlag ist gespeichert."))


@require_POST
@for_workers
def change(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Apply one of the small changes the why-not offers, and look for somebody again at once."""
    found = find(scope.cases(request.user).for_cards(), pk)
    try:
        small = changes.make(found, request.POST.get("change", ""), by=request.user, now=timezone.now())
    except (Conflict, Invalid) as error:
        return _page(request, pk, error)
    return _back(request, pk, changes.came_of(small))


@require_safe
@for_workers
def would(request: HttpRequest, pk: UUID, code: str) -> HttpResponse:
    """The people to talk to: with this one change, which is theirs or the office's to make, they would fit."""
    found = find(scope.cases(request.user).for_cards(), pk)
    if code not in PEOPLES:
        raise NotVisible
    context = {
        "case": found,
        "people": who_would(found, code, now=timezone.now()),
        "own_quarters": [quarter.pk for quarter in request.desk_quarters],
        "query": shell.kept(request),
    }
    return render(request, "desk/would.html", context | would_be.in_words(found, code))


@require_POST
@for_workers
def publish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A draft the office took down becomes open, once the caller agreed to the text read aloud."""
    found = find(scope.cases(request.user), pk)
    if "consent" not in request.POST:
        return _page(request, pk, Invalid(_("Bitte lesen Sie den Text vor und setzen Sie das Häkchen.")))
    try:
        actions.publish_request(request_id=found.pk, by=request.user, now=timezone.now(), consent="oral")
    except (Conflict, Invalid) as error:
        return _page(request, pk, error)
    return _back(request, pk, _("Die Bitte ist veröffentlicht."))


@require_POST
@for_workers
def withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    found = find(scope.cases(request.user), pk)
    form = WithdrawForm(request.POST)
    try:
        if not form.is_valid():
            raise Invalid(fields={name: list(said) for name, said in form.errors.items()})
        reason = form.cleaned_data["reason"]
        actions.withdraw_request(request_id=found.pk, by=request.user, now=timezone.now(), reason=reason)
    except (Conflict, Invalid) as error:
        return _page(request, pk, error)
    return _back(request, pk, _("Die Bitte ist zurückgezogen."))


def _move(request: HttpRequest, pk: UUID, move: str) -> None:
    now = timezone.now()
    if move not in DONE:
        raise NotVisible
    said = MoveForm(request.POST).for_move(move)
    if move == "clear":
        actions.clear_match(match_id=pk, by=request.user, now=now, **said)
        return
    actions.move_match(match_id=pk, move=move, by=request.user, now=now, **said)


@transaction.atomic
def _propose(request: HttpRequest, found: HelpRequest, *, ask: bool) -> None:
    """Both steps or none: a volunteer who cannot be asked is not left behind as a proposal."""
    now, volunteer = timezone.now(), request.POST.get("volunteer", "")
    match = actions.propose_match(request_id=found.pk, volunteer_id=volunteer, by=request.user, now=now)
    if ask and match.state == "proposed":  # the quarter's policy may have released it by itself
        actions.release_match(match_id=match.pk, by=request.user, now=now)


def _page(request: HttpRequest, pk: UUID, error: HouseError | None = None) -> HttpResponse:
    now = timezone.now()
    found = find(scope.cases(request.user).for_cards().select_related("entered_by", "consent_by"), pk)
    note_look(person=found.resident, by=request.user, what=Look.What.CASE, now=now)
    beside = shell.frame(request, now) | shell.opened_list(request, now)
    beside["next_line"] = shell.next_line(beside["rows"], str(pk))
    context = beside | case.read(found, request.user, now) | _said(error) | {"current": str(pk)}
    return render(request, "desk/case.html", context, status=error.status if error else 200)


def _said(error: HouseError | None) -> dict:
    """The sentence of an error, and the sentences of its fields beneath."""
    lines = [str(line) for name in error.fields for line in error.fields[name]] if error else []
    return {"error": error, "error_lines": lines}


def _back(request: HttpRequest, pk: UUID, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect(reverse("desk:case", args=[pk]) + shell.kept(request))
