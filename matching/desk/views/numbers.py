"""The coordinator's page: the city in numbers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from matching.desk import numbers
from matching.desk.scope import for_coordinators


@require_safe
@for_coordinators
def city(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/numbers.html", numbers.read(timezone.now()))
