"""Who may do what with people; each question is answered yes or no."""

from datetime import date

from django.db.models import QuerySet

from accounts import roles
from accounts.checks import age_on
from accounts.models import User
from places.models import Quarter

GROWN_UP = 18
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
