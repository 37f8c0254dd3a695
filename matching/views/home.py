"""The first page after logging in: what waits for me, what is agreed, how far my own requests are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts import roles
from matching import overview


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """`/mein/`: resident and volunteer in one, each part only for those it concerns."""
    user, now = request.user, timezone.now()
    profile = roles.profile_of(user)
    asking = overview.asking(user, now=now)
    shown = {
        "appointments": overview.next_appointments(user, now=now),
        "questions": overview.questions(user),
        "asked_to_act": roles.asked_to_act(user),
        "asking": asking,
        "helping": overview.helping(user, profile, now=now) if profile else None,
        "is_worker": roles.is_worker(user),
        "also": {"ask": bool(profile) and not asking.wanted, "help": asking.wanted and profile is None},
    }
    return render(request, "matching/home.html", shown)
