"""The own page of notices: how I want to be told, and what I was told by which way."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from messaging import actions, rules
from messaging.models import Notice, PushSubscription, Way
from messaging.notice_forms import NoticeWishForm
from messaging.outbox.kinds import KINDS, page_of

ROWS = 20
State = Notice.State
TONES = {State.SENT: "good", State.SEEN: "good", State.CALLED: "good", State.PRINTED: "good", State.FAILED: "stop"}


@require_http_methods(["GET", "HEAD", "POST"])
def wishes(request: HttpRequest) -> HttpResponse:
    """Choose a way for each kind, quiet hours, the digest; below it what was told in the last 30 days."""
    form = NoticeWishForm(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.set_wishes(person_id=request.user.pk, by=request.user, now=timezone.now(), chosen=form.chosen())
        messages.success(request, _("Gespeichert."))
        return redirect("messaging:wishes")
    rows = Notice.objects.filter(person=request.user).with_pages().order_by("-written_at", "id")
    page = Paginator(rows, ROWS).get_page(request.GET.get("seite"))
    devices = PushSubscription.objects.visible_to(request.user)
    shown = {
        "devices": devices,
        "push_key": rules.push_key_for(request.user),
        "form": form,
        "page_obj": page,
        "rows": [_row(notice) for notice in page],
    }
    return render(request, "messaging/wishes.html", shown, status=400 if form.errors else 200)


def _row(notice: Notice) -> dict:
    """In words: what, when, how it stands, and by which ways."""
    ways = [str(Way(way).label) for way, _at in notice.used]
    return {
        "says": KINDS[notice.kind].says,
        "page": page_of(notice),
        "at": notice.written_at,
        "state": _("angekommen") if notice.reached_at else notice.get_state_display(),
        "tone": TONES.get(State(notice.state), "calm"),
        "ways": ways,
    }
