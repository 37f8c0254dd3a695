"""Where the help of one request happens: at home, at another address, or on the phone."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.addresses import the_house
from accounts.models import User
from core.database import find
from core.errors import NotAllowed
from matching import rules, states
from matching.actions.requests import change_request
from matching.actions.steps import note_change
from matching.models import HelpRequest
from places.actions import addresses as places
from places.models import House, Place, Quarter


def meet_elsewhere(
    *,
    request_id: object,
    by: User,
    now: datetime,
    street: str,
    number: str = "",
    postcode: str = "",
    city: str = "",
    hint: str = "",
    house_id: object = None,
) -> HelpRequest:
    """
    The help happens at this address, kept for this request alone.

    What cannot be found is kept too and waits on the desk. Asks an own geocoder where there is one, so call it
    outside a transaction. Raises NotVisible, NotAllowed, Invalid, SeveralHouses, TooManyMoves.
    """
    request = find(HelpRequest.objects.visible_to(by).for_cards(), request_id)
    if not rules.may_change_request(by, request):
        raise NotAllowed
    address = places.read_address_fields(street=street, number=number, postcode=postcode, city=city, hint=hint)
    return _move(request, address, the_house(address, house_id), by=by, now=now)


@transaction.atomic
def meet_at_home(*, request_id: object, by: User, now: datetime) -> HelpRequest:
    """The help happens where the resident lives; another address kept for it before is forgotten."""
    request = find(HelpRequest.objects.visible_to(by).for_cards(), request_id)
    return _without_place(request, request.resident.place, by=by, now=now)


@transaction.atomic
def meet_by_phone(*, request_id: object, by: User, now: datetime) -> HelpRequest:
    """Nobody needs to come; another address kept for it before is forgotten."""
    request = find(HelpRequest.objects.visible_to(by).for_cards(), request_id)
    return _without_place(request, None, by=by, now=now)


@transaction.atomic
def _move(
    request: HelpRequest, address: places.Address, house: House | None, *, by: User, now: datetime
) -> HelpRequest:
    """A draft may change its mind freely; an open request counts its moves as a home does (Location rule L3)."""
    old = own_place(request)
    kept = old if request.state == states.OPEN else None
    place = places.save_address(
        kept,
        address=address,
        house=house,
        quarter=request.quarter,
        today=timezone.localdate(now),
        by_themself=by == request.resident,
    )
    HelpRequest.objects.filter(pk=request.pk).update(
        place=place, quarter=_quarter(request, place.quarter), version=F("version") + 1
    )
    if request.state == states.OPEN:
        note_change(request, by=by, now=now)
    if old and old != place:
        old.delete()
    return HelpRequest.objects.for_cards().get(pk=request.pk)


def own_place(request: HelpRequest) -> Place | None:
    """The other address kept for this request, if there is one."""
    return request.place if request.place_id and request.place_id != request.resident.place_id else None


def _without_place(request: HelpRequest, place: Place | None, *, by: User, now: datetime) -> HelpRequest:
    old = own_place(request)
    changes = {"place_id": place.pk if place else None}
    changed = change_request(request_id=request.pk, by=by, now=now, changes=changes)
    home = request.resident.quarter
    if home is not None and changed.quarter != home:
        HelpRequest.objects.filter(pk=request.pk).update(quarter=_quarter(request, home))
        changed = HelpRequest.objects.for_cards().get(pk=request.pk)
    if old:
        old.delete()
    return changed


def _quarter(request: HelpRequest, of_place: Quarter) -> Quarter:
    """A draft goes to the office where the help is needed; an open request stays with the office that knows it."""
    return of_place if request.state == states.DRAFT else request.quarter
