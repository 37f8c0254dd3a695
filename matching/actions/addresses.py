"""Opening an address: only confirmed, only to the two, and every opening leaves a row."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.actions.addresses import read_address
from accounts.models import User
from core.database import find
from core.errors import NotAllowed
from matching import rules
from matching.errors import AddressClosed
from matching.models import Match


@dataclass(frozen=True)
class RevealedAddress:
    """Where the help happens, for the two of a confirmed match. `phone` is empty unless its owner shares it."""

    full_name: str
    street: str
    number: str
    postcode: str
    city: str
    hint: str
    phone: str


@transaction.atomic
def reveal_address(*, match_id: object, viewer: User, now: datetime) -> RevealedAddress:
    """
    The exact address of the request, re-checked at this moment and logged.

    The volunteer gets the resident's name and phone beside it, the resident the volunteer's. Raises NotVisible,
    NotAllowed (not confirmed any more, or not one of the two), AddressClosed (no contact, or paused by the office).
    """
    rows = Match.objects.visible_to(viewer).select_related("request__place", "resident", "volunteer")
    match = find(rows, match_id)
    if not rules.may_see_address(viewer, match):
        raise NotAllowed
    if rules.must_rest(match):
        raise AddressClosed
    other = match.resident if viewer.pk == match.volunteer_id else match.volunteer
    place = match.request.place
    exact = read_address(place=place, by=viewer, reason="match", now=now, match_id=match.pk) if place else None
    return RevealedAddress(
        full_name=other.full_name,
        street=exact.street if exact else "",
        number=exact.number if exact else "",
        postcode=exact.postcode if exact else "",
        city=exact.city if exact else "",
        hint=exact.hint if exact else "",
        phone=str(other.phone) if other.phone and other.share_phone else "",
    )
