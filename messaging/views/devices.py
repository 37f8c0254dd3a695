"""Devices that are told: taken off the list, and the page behind a hint."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from messaging import actions
from messaging.models import Notice
from messaging.outbox.kinds import page_of


@require_POST
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This device is told nothing any more."""
    actions.remove_device(device_id=pk, by=request.user)
    messages.success(request, _("Das Gerät bekommt keine Hinweise mehr."))
    return redirect("messaging:wishes")


@require_safe
def news(request: HttpRequest, token: str) -> HttpResponse:
    """
    On to what the hint was about: one thing to its page, several or none to one's own.

    The name in the address means something only together with whose hint it was.
    """
    mine = Notice.objects.filter(person=request.user, hint=token)
    found = list(mine.with_pages().order_by("written_at", "pk"))
    actions.see_notices(by=request.user, notice_ids=[notice.pk for notice in found], now=timezone.now())
    pages = {page_of(notice) for notice in found}
    return redirect(pages.pop() if len(pages) == 1 else "home")
