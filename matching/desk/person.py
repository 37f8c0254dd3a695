"""Everything the office knows of one person, read for one page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts import languages, rules, search, skills, trust
from accounts.actions.claims import uses_own_account
from accounts.models import RoleAssignment, Suspension, TrustedPerson, User, VolunteerProfile
from accounts.reach import only_by_phone
from accounts.roles import needs_second_factor
from core.words import day_in_words
from matching.desk import casework, scope, steps, words
from matching.desk.forms.casework import FollowUpForm
from matching.desk.forms.people import AccessCodeForm, AskWishForm, TrustForm
from matching.models import Match
from matching.rules import may_enter_requests_for
from places.models import Quarter

SHOWN_AT_MOST = 20


def read(person: User, worker: User, now: datetime) -> dict[str, Any]:
    """The context of `desk/person.html`."""
    profile = VolunteerProfile.objects.filter(user=person).prefetch_related("skills", "served_quarters").first()
    trusted = TrustedPerson.objects.filter(resident=person, revoked_at__isnull=True).select_related("person")
    return {
        "person": person,
        "roles": _roles(person, profile),
        "languages": languages.in_words(person.languages),
        "by_phone": only_by_phone(person),
        "profile": profile,
        "offered": words.kinds_of_help(profile.skills.all()) if profile else "",
        "asked": _last_asked(profile, now),
        "wish": AskWishForm(initial={"ask_wish": profile.ask_wish}) if profile else None,
        "lines": _steps(person, profile, now),
        "served": [quarter.name for quarter in profile.served_quarters.all()] if profile else [],
        "may_ask": may_enter_requests_for(worker, person),
        "suspension": person.suspensions.running().first(),
        "may_vet": rules.may_vet(worker, person),
        "may_change": rules.may_change_profile(worker, person),
        "today": timezone.localdate(now),
        "requests": _requests(person, worker),
        "matches": _matches(person, worker),
        **casework.read(person, profile, worker, now),
        "follow_up_form": FollowUpForm(),
        "trusted": trusted,
        "trust_form": TrustForm(),
        "kept_away": kept_away(person) if profile and not profile.welcomed_at else [],
        "may_issue": _may_issue(person, worker),
        "code_form": AccessCodeForm(by_phone=rules.may_be_read_out(person, now=now)),
        # whoever is named by an address may live anywhere and know nothing of it: their number is for the office of
        # their own quarter, and only once they said yes themselves
        "reachable": set(scope.people(worker).filter(trusts__in=trusted.acting()).values_list("pk", flat=True)),
    }


def _may_issue(person: User, worker: User) -> bool:
    """May they be given a code of their own? Not who comes in by themselves, and nobody with a role."""
    return rules.may_vet(worker, person) and not (uses_own_account(person) or needs_second_factor(person))


def kept_away(person: User) -> list[Quarter]:
    """
    Where somebody of the same number, or of the same name and birthday, is kept away just now: perhaps the same person.

    City-wide: a second account is made in another quarter. Only the office to call is said, nothing of the case.
    """
    same = Q(user__phone=person.phone) if person.phone else Q(pk__in=[])
    if person.born_on and person.last_name:
        name = {"user__first_name__iexact": person.first_name, "user__last_name__iexact": person.last_name}
        same |= Q(user__born_on=person.born_on, **name)
    rows = Suspension.objects.running().filter(same).exclude(user=person)
    return list(Quarter.objects.filter(pk__in=rows.values("user__quarter")).order_by("name"))


def twins(worker: User, typed: dict[str, Any]) -> list[User]:
    """People of the worker's quarters with this name, or with this number: perhaps the same person."""
    by_name = search.find_people(worker, f"{typed['first_name']} {typed['last_name']}")
    found = {person.pk: person for person in by_name.select_related("quarter")[:5]}
    if typed["phone"]:
        same_number = User.objects.filter(pk__in=search.find_people(worker, ""), phone=typed["phone"])
        found |= {person.pk: person for person in same_number.select_related("quarter")[:5]}
    return list(found.values())


def _steps(person: User, profile: VolunteerProfile | None, now: datetime) -> list[steps.Line]:
    if profile is None:
        return []
    young = rules.is_minor(person, today=timezone.localdate(now))
    return steps.checklist(person, profile.skills.all(), trust.current(), young=young, now=now)


def _last_asked(profile: VolunteerProfile | None, now: datetime) -> str:
    """The day in words, "" for somebody never asked."""
    if profile is None or profile.last_asked_at is None:
        return ""
    return day_in_words(timezone.localdate(profile.last_asked_at), today=timezone.localdate(now))


def _roles(person: User, profile: VolunteerProfile | None) -> list[str]:
    held: Iterable[RoleAssignment] = person.role_assignments.filter(until__isnull=True)
    named = [row.get_role_display() for row in held]
    if person.trusts.acting().exists():
        named.append(gettext("Vertrauensperson"))
    if profile:
        named.append(gettext("hilft nicht mehr") if profile.stopped_at else gettext("hilft"))
    return ([gettext("sucht Hilfe")] if person.wants_help else []) + named


def _requests(person: User, worker: User) -> list[dict[str, Any]]:
    """Each request with its kinds of help in words."""
    rows = scope.cases(worker).filter(resident=person).for_cards().order_by("-created_at", "id")
    return [{"request": row, "kinds": [skills.name(kind) for kind in row.skills.all()]} for row in rows[:SHOWN_AT_MOST]]


def _matches(person: User, worker: User) -> list[Match]:
    rows = scope.matches(worker).filter(volunteer=person).for_cards()
    return list(rows.order_by("-proposed_at", "id")[:SHOWN_AT_MOST])
