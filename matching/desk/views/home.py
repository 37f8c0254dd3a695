"""The desk's first page: what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matching.desk import shell
from matching.desk.scope import for_workers


@require_safe
@for_workers
def home(request: HttpRequest) -> HttpResponse:
    """The queues with their counts, and the list of the one that is open."""
    now = timezone.now()
    frame = shell.frame(request, now)
    waiting = next((tab for tab in frame["tabs"] if tab.count), None)
    if waiting and not waiting.is_open and "liste" not in request.GET:  # the day begins where something waits
        return redirect(f"{request.path}{shell.kept(request, waiting.key)}")
    context = frame | shell.opened_list(request, now) | {"tab": "home"}
    return render(request, "desk/home.html", context)
