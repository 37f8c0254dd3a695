"""Pages of the talk. All of them work without scripts; static/js/talk.js makes the open one live."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.database import find
from core.errors import Conflict, Invalid, NotVisible, TooMany
from core.posting import posted
from matching import actions as arranging
from matching.arranging import arranged, kept_back, rights_of
from matching.errors import ArrangingRests
from matching.forms.arrange import AppointmentForm
from matching.models import Meet, Series
from messaging import actions, listing, showing
from messaging.errors import ClientIdReused, TalkClosed
from messaging.forms import MessageForm
from messaging.models import Conversation
from messaging.sending import Posted

STAND = "stand-titel"  # "Worum es geht"
REASON_LENGTH = 200
MOVES: dict[str, Callable[..., Any]] = {
    "zusagen": arranging.agree_appointment,
    "absagen": arranging.cancel_appointment,
    "keine-passt": arranging.decline_times,
    "da": arranging.arrive,
    "fertig": arranging.finish,
}
WITH_REASON = ("absagen", "keine-passt")
SERIES_MOVES = {"zusagen": arranging.agree_series, "beenden": arranging.end_series}

does_something = posted("messaging:talk", Conversation.objects.visible_to)


@require_safe
def talks(request: HttpRequest) -> HttpResponse:
    """My conversations, the newest first."""
    rows = Conversation.objects.visible_to(request.user).for_list(request.user)
    page = Paginator(rows, 20).get_page(request.GET.get("seite"))
    shown = listing.rows_of(list(page), request.user, timezone.now())
    return render(request, "messaging/talks.html", {"rows": shown, "page_obj": page})


@require_safe
def talk(request: HttpRequest, pk: str) -> HttpResponse:
    """One conversation; what is shown counts as read. `?vor=51` shows what came before message 51."""
    found = _talk(request, pk)
    page = showing.talk_page(found, request.user, timezone.now(), before=_number(request.GET.get("vor")))
    if page["newest_shown"] and page["last_shown"]:
        actions.mark_read(conversation_id=found.pk, by=request.user, seq=page["last_shown"])
    actions.saw(person_id=request.user.pk, thread=found.match_id, now=timezone.now())
    return render(request, "messaging/talk.html", page)


@require_safe
def of_match(request: HttpRequest, pk: str) -> HttpResponse:
    """The way from a confirmed match to its conversation."""
    found = Conversation.objects.visible_to(request.user).filter(match=pk).first()
    if found is None:
        raise NotVisible
    return redirect("messaging:talk", found.pk)


@does_something
def send(request: HttpRequest, pk: str) -> HttpResponse:
    """One message by form; what does not fit comes back with all that was typed."""
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, 400, message_form=form)
    try:
        stored = _post(request, pk, form)
    except Invalid as wrong:
        for lines in wrong.fields.values():
            form.add_error("body", lines)
        return _again(request, pk, 400, message_form=form)
    except TooMany as much:
        form.add_error("body", str(much.detail))
        return _again(request, pk, much.status, message_form=form)
    except TalkClosed:
        return _again(request, pk, 409, message_form=form)
    return _back(pk, f"nachricht-{stored.message.seq}")


@does_something
def mark(request: HttpRequest, pk: str) -> HttpResponse:
    """Read up to the number in `seq`."""
    actions.mark_read(conversation_id=pk, by=request.user, seq=_number(request.POST.get("seq")) or 0)
    return _back(pk)


@does_something
def propose(request: HttpRequest, pk: str) -> HttpResponse:
    """Suggest a time to meet."""
    found, form = _talk(request, pk), AppointmentForm(request.POST)
    if not form.is_valid():
        return _again(request, pk, 400, appointment_form=form)
    try:
        where = _propose(found, form, request)
    except ArrangingRests as rests:
        messages.warning(request, rests.detail, extra_tags=STAND)
        return _back(pk, STAND)
    except (Invalid, Conflict) as wrong:
        for line in [line for lines in wrong.fields.values() for line in lines] or [wrong.detail]:
            form.add_error("day", line)
        return _again(request, pk, wrong.status, appointment_form=form)
    messages.success(request, _("Ihr Vorschlag steht jetzt im Gespräch."), extra_tags=where)
    return _back(pk, where)


@does_something
def move_appointment(request: HttpRequest, pk: str, appointment: str, move: str) -> HttpResponse:
    """Agree to an appointment of this conversation, call it off, say "Bin da" or "Bin fertig"."""
    found = _talk(request, pk)
    if move not in MOVES or not found.match.appointments.filter(pk=appointment).exists():
        raise NotVisible
    said = {"reason": _reason(request)} if move in WITH_REASON else {}
    try:
        MOVES[move](appointment_id=appointment, by=request.user, now=timezone.now(), **said)
    except Conflict as late:
        told = str(late.detail)
    else:
        told = kept_back(found.match, request.user, said.get("reason", ""))
    where = _card_of(found, appointment, request)
    if told:
        messages.warning(request, told, extra_tags=where)
    return _back(pk, where)


@does_something
def move_series(request: HttpRequest, pk: str, series: str, move: str) -> HttpResponse:
    """Agree to a regular time of this conversation, or end it."""
    row = _talk(request, pk).match.series.filter(pk=series).first() if move in SERIES_MOVES else None
    if row is None:
        raise NotVisible
    told = row.agreed_at is not None
    where = STAND if move == "beenden" and not told else f"serie-{row.pk}"
    said: dict[str, Any] = {"reason": _reason(request)} if move == "beenden" else {}
    try:
        SERIES_MOVES[move](series_id=series, by=request.user, now=timezone.now(), **said)
    except Conflict as late:
        where = STAND if row.ended_at else f"serie-{row.pk}"
        messages.warning(request, late.detail, extra_tags=where)
    else:
        if move == "beenden":
            messages.success(request, _end_of(row), extra_tags=where)
    return _back(pk, where)


def _talk(request: HttpRequest, pk: str) -> Conversation:
    rows = Conversation.objects.visible_to(request.user).select_related(
        "match__request__quarter", "match__resident", "match__volunteer"
    )
    return find(rows, pk)


def _propose(talk: Conversation, form: AppointmentForm, request: HttpRequest) -> str:
    """Every week, or one of the times typed; where the proposal stands on the page now."""
    read = form.cleaned_data
    who: dict[str, Any] = {"match_id": talk.match_id, "by": request.user, "now": timezone.now()}
    place = read.get("place") or Meet.HOME
    if weeks := read.get("repeat"):
        when = {"first_on": read["day"], "start": read["start"], "minutes": read["minutes"]}
        return f"serie-{arranging.propose_series(**who, **when, every_weeks=weeks, place=place).pk}"
    first, *_others = arranging.propose_times(**who, times=form.spans(), place=place)
    return _card_of(talk, first.pk, request)


def _card_of(talk: Conversation, appointment: object, request: HttpRequest) -> str:
    """The card that speaks of it; what is no longer shown is told beside what the talk is about."""
    cards = arranged(talk.match, rights_of(talk.match, request.user), now=timezone.now())
    return next((card.anchor for card in cards if card.speaks_of(appointment)), STAND)


def _end_of(row: Series) -> str:
    """What to say to whoever ended it."""
    return _("Die regelmäßigen Termine sind beendet.") if row.agreed_at else _("Dieser Vorschlag gilt nicht mehr.")


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").replace("\x00", "").strip()[:REASON_LENGTH]


def _post(request: HttpRequest, pk: str, form: MessageForm) -> Posted:
    try:
        return actions.post_message(
            conversation_id=pk,
            by=request.user,
            client_id=form.cleaned_data.get("client_id", ""),
            body=form.text(),
            now=timezone.now(),
        )
    except ClientIdReused:  # went back in the browser and wrote something else on the old page
        raise Invalid(
            fields={"body": [_("Die vorige Nachricht ist schon gespeichert. Bitte senden Sie diese noch einmal.")]}
        ) from None


def _again(request: HttpRequest, pk: str, status: int, **forms: Any) -> HttpResponse:
    """The page once more with a form that did not fit; with a new client_id, so that the next try counts."""
    if "message_form" in forms:
        typed = forms["message_form"]
        typed.data = typed.data.copy()
        typed.data["client_id"] = str(uuid4())
    for form in forms.values():
        _point_at_mistake(form)
    page = showing.talk_page(_talk(request, pk), request.user, timezone.now(), **forms)
    return render(request, "messaging/talk.html", page, status=status)


def _point_at_mistake(form: Form) -> None:
    """The page opens at the first field that does not fit; on a phone it is far below the top."""
    wrong = next((name for name in form.fields if name in form.errors), None)
    if wrong:
        form.fields[wrong].widget.attrs["autofocus"] = True


def _back(pk: str, where: str = "schreiben") -> HttpResponse:
    """To the page of the talk, where the result of what was done stands."""
    return redirect(f"{reverse('messaging:talk', args=[pk])}#{where}")


def _number(text: str | None) -> int | None:
    """A sequence number out of an address or a form; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
