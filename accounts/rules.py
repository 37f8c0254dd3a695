"""Who may do what with people; each question is answered yes or no."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import roles
from accounts.checks import age_on
from accounts.models import Suspension, User, Vetting, VolunteerProfile
from places.models import Quarter

GROWN_UP = 18
NEW_NUMBER = timedelta(days=14)  # so long a number the office changed opens no account
YOUNGEST_HELPER = 13  # below that nobody helps through us (field-germany.md, B14)


def may_see_person(user: User, person: User) -> bool:
    """The person themselves, and workers of their quarter."""
    return user == person or _works_for(user, person)


def may_change_profile(user: User, person: User) -> bool:
    """Skills, hours, pause: the volunteer themselves, or their quarter's worker when they call."""
    return may_see_person(user, person)


def may_vet(user: User, person: User) -> bool:
    """A worker of the person's quarter; nobody vets themselves."""
    return user != person and _works_for(user, person)


def may_move_suspension(user: User, row: Suspension, move: str) -> bool:
    """
    Who may do what with a suspension, whatever its state; nobody with their own.

    A second person confirms, and the appeal is heard by one who did neither; a coordinator may be either, because a
    quarter may have one worker only. "tell": to say it to the person on the phone.
    """
    if user.pk == row.user_id:
        return False
    works, city = _works_for(user, row.user), roles.is_coordinator(user)
    if move == "confirm":
        return (works or city) and user.pk != row.proposed_by_id
    if move in ("uphold", "overturn"):
        return (works or city) and user.pk not in (row.proposed_by_id, row.decided_by_id)
    if move == "lift":
        return works or city
    return works and move in ("withdraw", "appeal", "tell")


def was_met(person: User) -> bool:
    """A worker welcomed them as a helper, or noted a step they took: what was seen then, others rely on."""
    return User.objects.filter(met(), pk=person.pk).exists()


def met() -> Q:
    """`was_met` as a condition on people."""
    welcomed = VolunteerProfile.objects.filter(user=OuterRef("pk"), welcomed_at__isnull=False)
    return Q(Exists(welcomed)) | Q(Exists(Vetting.objects.filter(user=OuterRef("pk"))))


def number_is_new(person: User, *, now: datetime) -> bool:
    """The office changed it these days, as heard from whoever called."""
    changed = person.phone_changed_on
    return changed is not None and timezone.localdate(now) < changed + NEW_NUMBER


def may_be_read_out(person: User, *, now: datetime) -> bool:
    """An access code, on the telephone: is there a number, and not a new one?"""
    return bool(person.phone) and not number_is_new(person, now=now)


def may_name_trusted_person(user: User, resident: User) -> bool:
    """The resident, or the worker on their spoken word. A trusted person cannot name a next one."""
    return may_see_person(user, resident)


def quarters_to_enter_people_in(user: User) -> QuerySet[Quarter]:
    """Where this worker may enter callers."""
    return roles.quarters_of(user)


def is_minor(person: User, *, today: date) -> bool:
    return bool(person.born_on and age_on(today, person.born_on) < GROWN_UP)


def _works_for(user: User, person: User) -> bool:
    return bool(person.quarter_id and roles.quarters_of(user).filter(pk=person.quarter_id).exists())
