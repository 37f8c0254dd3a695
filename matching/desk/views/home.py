"""The desk's first page: what waits."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matching.desk import shell
from matching.desk.scope import for_workers


@require_safe
@for_workers
def home(request: HttpRequest) -> HttpResponse:
    """The queues with their counts, and the list of the one that is open."""
    now = timezone.now()
    context = shell.frame(request, now) | shell.opened_list(request, now) | {"here": "home"}
    return render(request, "desk/home.html", context)
