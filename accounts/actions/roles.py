"""Giving and taking roles: the operator's verbs, by command."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.people import cut_sessions
from accounts.models import RoleAssignment, User
from accounts.signals import announce_access
from core.database import clash_means
from core.errors import Conflict, NotVisible
from places.models import Quarter


class RoleAlreadyGiven(Conflict):
    """One running role of a kind per person and quarter."""

    code = "role_already_given"
    detail = _("Diese Person hat diese Rolle hier schon.")


@transaction.atomic
def grant_role(*, email: str, role: str, quarter_slug: str = "", now: datetime) -> RoleAssignment:
    """
    The person with this e-mail works in the quarter ("worker") or for the city ("coordinator", no quarter).

    Raises NotVisible (no such person or quarter), RoleAlreadyGiven.
    """
    person, quarter = _person(email), _quarter(quarter_slug)
    announce_access(person)  # from now on only with a second factor
    with clash_means(RoleAlreadyGiven):
        return RoleAssignment.objects.create(user=person, role=role, quarter=quarter, since=now)


@transaction.atomic
def revoke_role(*, email: str, role: str, quarter_slug: str = "", now: datetime) -> int:
    """
    The role ends now and stays on record with its end; the person's sessions and sockets end with it.

    Returns how many ended. Raises NotVisible.
    """
    person = _person(email)
    running = RoleAssignment.objects.filter(user=person, role=role, until__isnull=True)
    ended = running.filter(quarter=_quarter(quarter_slug)).update(until=now)
    if ended:
        cut_sessions(person=person)
    return ended


def _person(email: str) -> User:
    person = User.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise NotVisible
    return person


def _quarter(slug: str) -> Quarter | None:
    if not slug:
        return None
    quarter = Quarter.objects.filter(slug=slug).first()
    if quarter is None:
        raise NotVisible
    return quarter
