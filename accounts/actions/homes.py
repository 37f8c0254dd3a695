"""The street somebody lives in, for finding a caller: compared inside the database, never read out."""

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from places.models import ExactAddress
from places.normalise import street_key

_SAYS_NOTHING = {"", "str", "strasse", "weg", "platz", "st", "am", "an", "der", "die", "zur", "zum"}


def with_street(people: QuerySet[User]) -> QuerySet[User]:
    """Each person with `street` (its key) and `house_number` to compare with; None without an address."""
    home = ExactAddress.objects.filter(place=OuterRef("place"))
    return people.annotate(street=Subquery(home.values("street_key")), house_number=Subquery(home.values("number")))


def as_street(word: str) -> str:
    """The word as it would stand in a street's key; "" for one that stands in every other street."""
    key = street_key(word)
    return "" if says_nothing(word) or len(key) < 3 or key.isdigit() else key


def says_nothing(word: str) -> bool:
    """ "Straße", "am", "zur": part of many street names and of no use to find one."""
    return street_key(word) in _SAYS_NOTHING
