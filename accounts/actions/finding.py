"""The person an office deals with, fetched as whoever does it."""

from accounts import rules
from accounts.models import User
from accounts.models.people import PeopleQuerySet
from core.database import find
from core.errors import NotAllowed


def of_office(person_id: object, *, by: User, among: PeopleQuerySet | None = None) -> User:
    """
    Somebody of a quarter that `by` works in, never oneself.

    `among`: narrowed, or locked; everybody without it. Raises NotVisible, NotAllowed.
    """
    rows = User.objects.all() if among is None else among
    person = find(rows.visible_to(by), person_id)
    if not rules.may_vet(by, person):
        raise NotAllowed
    return person


def locked() -> PeopleQuerySet:
    """Everybody, for `among`: the row is held until the end of the transaction."""
    return User.objects.select_for_update(of=("self",))
