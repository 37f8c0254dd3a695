"""Reporting: from a talk, from anywhere without an account, and how one's report stands."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.database import find
from core.errors import NotVisible, TooMany
from core.limits import door_of
from messaging import actions, showing
from messaging.forms import NumberForm, OutsideForm, ReportForm
from messaging.models import Conversation, Message, Report


@require_http_methods(["GET", "HEAD", "POST"])
def uneasy(request: HttpRequest, pk: str) -> HttpResponse:
    """ "Das ist mir unangenehm": about the person, or about the message `?nachricht=`."""
    rows = Conversation.objects.visible_to(request.user).select_related("match__resident", "match__volunteer")
    talk = find(rows, pk)
    message = _meant(request, talk)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            report = _report(request, talk, message, form)
        except TooMany as much:
            form.add_error(None, str(much.detail))
        else:
            return redirect("messaging:report", report.pk)
    shown = {"talk": talk, "other": showing.other_of(talk, request.user), "message": message, "form": form}
    return render(request, "messaging/uneasy.html", shown, status=400 if form.errors else 200)


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What I reported, and how it stands."""
    rows = Report.objects.visible_to(request.user).select_related("about", "quarter").order_by("-made_at", "id")[:50]
    return render(request, "messaging/reports.html", {"reports": rows})


@require_safe
def show(request: HttpRequest, pk: str) -> HttpResponse:
    """One report of mine."""
    rows = Report.objects.visible_to(request.user).select_related("about", "quarter")
    report = find(rows, pk)
    return render(request, "messaging/report.html", {"report": report, "quarter": report.quarter})


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def from_outside(request: HttpRequest) -> HttpResponse:
    """Anybody may report; who has no account gets a number to look it up with."""
    person = request.user if request.user.is_authenticated else None
    form = OutsideForm(request.POST or None, initial={"quarter": person and person.quarter})
    report = None
    if request.method == "POST" and form.is_valid():
        try:
            report = actions.report_from_outside(
                **form.cleaned_data, by=person, knock=_knock(request), now=timezone.now()
            )
        except TooMany:
            form.add_error(None, _("Heute kamen von hier schon mehrere Meldungen. Bitte rufen Sie uns an."))
    if report and person:
        return redirect("messaging:report", report.pk)
    shown = {"form": form, "report": report, "operator_email": settings.OPERATOR_EMAIL}
    return render(request, "pages/report.html", shown, status=400 if form.errors else 200)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """How the report with this number stands: no more than that."""
    form, report = NumberForm(request.POST or None), None
    status = 200
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            report = actions.look_up(number=number, knock=_knock(request), now=timezone.now())
        except NotVisible:
            form.add_error("number", _("Diese Nummer kennen wir nicht. Bitte vergleichen Sie Zeichen für Zeichen."))
            status = 404
        except TooMany as much:
            form.add_error(None, str(much.detail))
            status = much.status
    shown = {"form": form, "report": report}
    return render(request, "messaging/report_state.html", shown, status=status)


def _meant(request: HttpRequest, talk: Conversation) -> Message | None:
    """The message of the other that is meant; None: the person. Raises NotVisible."""
    said = request.GET.get("nachricht", "")
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) < 19):
        raise NotVisible
    rows = Message.objects.spoken().filter(conversation=talk, seq=int(said)).exclude(sender=request.user)
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


def _report(request: HttpRequest, talk: Conversation, message: Message | None, form: ReportForm) -> Report:
    said = form.cleaned_data
    who: dict[str, Any] = {"conversation_id": talk.pk, "by": request.user, "now": timezone.now()}
    words = {"reason": said["reason"], "text": said["text"]}
    if message:
        report = actions.report_message(**who, **words, seq=message.seq)
    else:
        report = actions.report_person(**who, **words, with_messages=said["with_messages"])
    if said["block"]:
        actions.block_in_talk(**who)
    messages.success(request, _("Danke, dass Sie uns das sagen. Wir sehen es uns an."))
    return report


def _knock(request: HttpRequest) -> str:
    """Where it came from, for the limit; only counted, and only as a hash."""
    return door_of(str(get_adapter().get_client_ip(request)))
