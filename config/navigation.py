"""Which doors the header shows to whom, and whom it names as the office to call."""

import re
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.joining import ROLES
from accounts.roles import is_coordinator, is_worker
from messaging.unread import count_for
from places.models import Quarter


class Door(TypedDict):
    label: str
    url: str
    icon: str
    here: str  # "page", "true" (inside) or ""
    count: int
    end: bool


class Office(TypedDict):
    name: str
    phone: str
    dial: str
    hours: str


def office_of(quarter: Quarter | None) -> Office:
    """The quarter's office, else the city's number; `phone` is empty where neither has one."""
    if quarter and quarter.office_phone:
        name = quarter.office_name or _("Quartiersbüro {name}").format(name=quarter.name)
        return _office(name, quarter.office_phone, quarter.office_hours)
    return _office(_("Wir sind für Sie da:"), settings.CITY_PHONE, "")


def _office(name: str, phone: str, hours: str) -> Office:
    return {"name": name, "phone": phone, "dial": re.sub(r"[^\d+]", "", phone), "hours": hours}


def doors_for(request: HttpRequest) -> list[Door]:
    """The navigation of this person, in reading order; doors that are not built are left out."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        doors = [
            _door(request, "start", _("Start"), "home"),
            _door(request, "account_login", _("Anmelden"), "key", end=True),
        ]
        return [door for door in doors if door]
    doors = [
        _door(request, "desk:home", _("Büro"), "list") if is_worker(user) else None,
        _door(request, "desk:numbers", _("Zahlen"), "chart") if is_coordinator(user) else None,
        _door(request, "home", _("Meine Seite"), "home"),
        _door(request, "messaging:list", _("Gespräche"), "talk", count=count_for(user)),
        _door(request, "accounts:profile", _("Profil"), "person"),
        _door(request, "account_logout", _("Abmelden"), "logout", end=True),
    ]
    return [door for door in doors if door]


def front_doors() -> list[dict[str, str]]:
    """The two big doors of the start page."""
    return [
        {
            "url": _join_url("bewohner"),
            "icon": "hand",
            "kind": "primary",
            "name": _("Ich brauche Hilfe"),
            "text": _("Einkaufen, Begleiten, Vorlesen, Reden und vieles mehr"),
        },
        {
            "url": _join_url("helfer"),
            "icon": "heart",
            "kind": "secondary",
            "name": _("Ich möchte helfen"),
            "text": _("Eine Stunde im Monat ist schon viel"),
        },
    ]


def _join_url(role: str) -> str:
    return reverse("accounts:join_step", args=[role, next(iter(ROLES[role]))])


def _door(request: HttpRequest, name: str, label: str, icon: str, *, count: int = 0, end: bool = False) -> Door | None:
    try:
        url = reverse(name)
    except NoReverseMatch:
        return None
    here = "page" if request.path == url else "true" if url != "/" and request.path.startswith(url) else ""
    return {"label": label, "url": url, "icon": icon, "here": here, "count": count, "end": end}
