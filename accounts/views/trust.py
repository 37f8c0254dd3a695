"""What a helper reads about their own steps, and the page of the parents behind a signed link."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import roles, trust
from accounts.actions import parents
from accounts.actions.badges import running_badge
from accounts.models import ParentConsent
from accounts.steps import own_steps, youth_in_words
from core.errors import Conflict, NotVisible
from places.models import Quarter


@require_safe
def steps(request: HttpRequest) -> HttpResponse:
    """My steps in plain words, and what comes next."""
    profile = roles.profile_of(request.user)
    if profile is None:
        raise NotVisible
    lines = own_steps(profile, today=timezone.localdate())
    waiting = [line for line in lines if line.is_open and line.waits]
    text = trust.pledge_text()
    english = (get_language() or "de").startswith("en") and text.text_en
    context = {
        "has_badge": running_badge(request.user, now=timezone.now()) is not None,
        "lines": lines,
        "next": _("%(step)s. Das Quartiersbüro meldet sich bei Ihnen.") % {"step": waiting[0].name} if waiting else "",
        "pledge": text.text_en if english else text.text_de,
    }
    return render(request, "accounts/steps.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def parents_page(request: HttpRequest, token: str) -> HttpResponse:
    """Yes, or no longer yes, without an account: whoever holds the link got it from the office."""
    found, now, error = parents.consent_behind(token), timezone.now(), ""
    if request.method == "POST":
        try:
            if request.POST.get("verb") == "zurueck":
                parents.take_consent_back(token=token, now=now)
                return redirect("accounts:parents", token=token)
            if "sorge" in request.POST:
                parents.give_consent(token=token, now=now)
                return redirect("accounts:parents", token=token)
            error = _("Bitte setzen Sie das Häkchen, wenn Sie Mutter, Vater oder Vormund sind.")
        except Conflict as late:
            error = str(late.detail)
    person = found.user
    context = {
        "consent": found,
        "first_name": person.first_name,
        "quarter": _office_of_the_link(found),
        "rules": list(youth_in_words(person.born_on, today=timezone.localdate(now))) if person.born_on else [],
        "too_old": found.given_at is None and now - found.asked_at > parents.LINK_GOOD_FOR,
        "error": error,
    }
    return render(request, "accounts/parents.html", context, status=400 if error else 200)


def _office_of_the_link(consent: ParentConsent) -> Quarter | None:
    """
    The quarter whose worker gave the link, while the young person lives there.

    The link stays good for years. Where they moved to is not for whoever kept it: a parent one fled from, perhaps.
    """
    quarter = consent.user.quarter
    return quarter if quarter and consent.by and roles.works_in(consent.by, quarter) else None
