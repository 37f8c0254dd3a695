"""People fetched as whoever deals with them: somebody of the own quarter, somebody who helps."""

from accounts import rules
from accounts.models import User, VolunteerProfile
from accounts.models.people import PeopleQuerySet
from core.database import find
from core.errors import NotAllowed, NotVisible


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


def helper(person_id: object, *, by: User) -> User:
    """Somebody whose offer `by` may change: themselves, or for their quarter's worker who calls. Raises NotVisible."""
    person = find(User.objects.visible_to(by), person_id)
    if not rules.may_change_profile(by, person):
        raise NotVisible
    return person


def running_profile(person_id: object, *, by: User) -> VolunteerProfile:
    """The offer of a `helper` who has not stopped, held until the end of the transaction. Raises NotVisible."""
    rows = VolunteerProfile.objects.select_related("user").select_for_update(of=("self",))
    profile = rows.filter(user=helper(person_id, by=by), stopped_at=None).first()
    if profile is None:
        raise NotVisible
    return profile
