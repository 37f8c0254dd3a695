"""How allauth finds, names and writes to people here."""

import logging
from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core import context
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import BadRequest, ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts import roles
from core.errors import TooMany
from core.limits import count_up, door_of

A_DAY = timedelta(days=1)
MAILS_TO, MAILS_FROM, MAILS_FROM_TO = 40, 500, 15  # a day: to one address, out of one door, and both together
_log = logging.getLogger("gemeinsinn.accounts")


def may_mail(email: str, *, now: datetime) -> bool:
    """
    Counts a mail of joining and logging in. False: too many today, so that nobody floods strangers through us.

    Out of one door fewer go to one address than it gets in all: no single stranger keeps somebody's code from them.
    """
    request = context.request
    knocks = request is not None and not request.user.is_authenticated  # whoever is known has limits of their own
    door = door_of(get_adapter().get_client_ip(request)) if knocks else ""
    try:
        if door:
            count_up("mail.from_to", f"{door} {email}", most=MAILS_FROM_TO, per=A_DAY, now=now)
            count_up("mail.from", door, most=MAILS_FROM, per=A_DAY, now=now)
        count_up("mail.to", email, most=MAILS_TO, per=A_DAY, now=now)
    except TooMany:
        _log.warning("mail held back, too many today")
        return False
    return True


class AccountAdapter(DefaultAccountAdapter):
    """Joining happens on our own pages; mails carry plain subjects; suspended people stay outside."""

    # What allauth's German says with "Du"; this house says "Sie".
    error_messages = DefaultAccountAdapter.error_messages | {
        "cannot_remove_primary_email": _("Mit dieser Adresse melden Sie sich an. Darum lässt sie sich nicht löschen."),
        "enter_current_password": _("Bitte geben Sie Ihr jetziges Passwort ein."),
        "max_email_addresses": _("Mehr als %d E-Mail-Adressen sind nicht möglich."),
        "unverified_primary_email": _("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse."),
        "rate_limited": _("Bitte warten Sie einen Augenblick und versuchen Sie es dann noch einmal."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        """As allauth finds it behind PROXIES proxies. Raises BadRequest for whoever came past one of them."""
        try:
            return super().get_client_ip(request)
        except ImproperlyConfigured as wrong:
            raise BadRequest from wrong

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Closed for allauth's bare form: `/mitmachen/` asks for what a person needs and uses its flows."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Neutral and without prefix: who looks over a shoulder learns nothing."""
        return subject

    def render_mail(self, template_prefix: str, email: Any, context: dict, headers: dict | None = None) -> Any:
        names = {"SERVICE_NAME": settings.SERVICE_NAME, "CITY_NAME": settings.CITY_NAME, "SITE_URL": settings.SITE_URL}
        reader = getattr(context.get("user"), "language", None) or get_language() or settings.LANGUAGE_CODE
        with override(reader):
            mail = super().render_mail(template_prefix, email, {**names, **context}, headers)
        if not may_mail(str(email).lower(), now=timezone.now()):
            mail.to = []  # is sent to nobody; the page says what it always says
        return mail

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        if getattr(user, "suspended_at", None):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Who works here begins at the desk, the coordinator at the numbers, everybody else on their own page."""
        if roles.is_worker(request.user):
            return reverse("desk:home")
        return (
            reverse("desk:numbers") if roles.is_coordinator(request.user) else super().get_login_redirect_url(request)
        )
