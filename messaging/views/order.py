"""Small decisions in a talk, each asked once more on its own page: take a message back, want no contact."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.database import find
from core.errors import Conflict
from messaging import actions, rules, showing
from messaging.models import Conversation, Message


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: str, seq: int) -> HttpResponse:
    """Take one's own message back, while it is young."""
    talk = find(Conversation.objects.visible_to(request.user), pk)
    row = find(Message.objects.spoken().filter(sender=request.user), _key(talk, seq))
    if request.method != "POST":
        may = rules.may_delete(row, timezone.now())
        shown = {"talk": talk, "message": row, "may": may, "client_id": uuid4()}
        return render(request, "messaging/delete.html", shown, status=200 if may else 409)
    try:
        actions.delete_message(
            conversation_id=pk,
            seq=seq,
            by=request.user,
            client_id=request.POST.get("client_id", ""),
            now=timezone.now(),
        )
        messages.success(request, _("Die Nachricht ist gelöscht."))
    except Conflict as late:
        messages.warning(request, late.detail)
    return redirect("messaging:talk", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, pk: str) -> HttpResponse:
    """No contact any more, with the other of this talk."""
    rows = Conversation.objects.visible_to(request.user).select_related("match__resident", "match__volunteer")
    talk = find(rows, pk)
    if request.method != "POST":
        shown = {"talk": talk, "other": showing.other_of(talk, request.user), "runs": talk.match.is_live}
        return render(request, "messaging/block.html", shown)
    actions.block_in_talk(conversation_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Niemand von Ihnen beiden kann hier mehr schreiben. In Ihrem Profil ändern Sie das."))
    return redirect("messaging:talk", pk)


def _key(talk: Conversation, seq: int) -> object:
    return Message.objects.filter(conversation=talk, seq=seq).values_list("pk", flat=True).first()
