"""Joining in one go: the person, where they live and, for a volunteer, what they offer."""

import logging
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.actions import addresses, availability, people, profiles
from accounts.actions.availability import Window
from accounts.models import User
from core.errors import HouseError
from places.models import Quarter

_log = logging.getLogger("gemeinsinn.accounts")


@dataclass(frozen=True)
class Joining:
    """What somebody said while joining; `address` as the keywords of `set_place`, `profile` as of `save_profile`."""

    quarter: Quarter
    first_name: str
    last_name: str
    address: dict[str, Any]
    phone: Any = ""
    born_on: date | None = None
    language: str = "de"
    languages: list[str] = field(default_factory=list)
    helps: bool = False
    profile: dict[str, Any] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)


def join(joining: Joining, *, email: str, now: datetime) -> User:
    """
    The person and, if they help, their profile in one transaction; then the address, which may ask a geocoder.

    Raises Invalid, EmailTaken. An address that fails now (its house was just removed) is asked again in the profile.
    """
    person = _save(joining, email, now)
    try:
        addresses.set_place(person=person, by=person, now=now, quarter=joining.quarter, **joining.address)
    except HouseError as wrong:
        _log.warning("address not set while joining person=%s code=%s", person.pk, wrong.code)
    return person


@transaction.atomic
def _save(joining: Joining, email: str, now: datetime) -> User:
    person = people.sign_up(
        email=email,
        quarter=joining.quarter,
        now=now,
        wants_help=not joining.helps,
        first_name=joining.first_name,
        last_name=joining.last_name,
        phone=joining.phone,
        born_on=joining.born_on,
        language=joining.language,
        languages=joining.languages,
    )
    if joining.helps:
        profiles.become_volunteer(person_id=person.pk, by=person, now=now)
        profiles.save_profile(person_id=person.pk, by=person, now=now, changes=joining.profile)
        availability.set_availability(person_id=person.pk, by=person, now=now, windows=joining.windows)
    return person
