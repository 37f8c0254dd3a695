"""The office gives a badge, takes it back, and says whether one is good."""

import logging
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.actions.finding import of_office
from accounts.models import Badge, User, VolunteerProfile
from core.errors import Invalid, NotAllowed
from core.limits import count_up

GOOD_FOR = timedelta(days=365)
KEPT_AFTER = timedelta(days=90)
LOOKS = 30  # of one visitor, within LOOKS_PER
LOOKS_PER = timedelta(minutes=10)
CHECKS_A_DAY = 100  # numbers one worker asks about; trying all of them would name every helper of the city
_CODE_LENGTH = 12
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that is taken for another: over 10^17 codes
_log = logging.getLogger("gemeinsinn.accounts")


@transaction.atomic
def issue_badge(*, person_id: object, by: User, now: datetime) -> Badge:
    """
    A badge for a year; one given before is good no longer.

    Raises NotVisible, NotAllowed (not this quarter's worker, or oneself), Invalid (nobody has met them yet).
    """
    person = of_office(person_id, by=by)
    if not VolunteerProfile.objects.filter(user=person, welcomed_at__isnull=False).exists():
        raise Invalid(fields={"badge": [_("Einen Ausweis bekommt, wer begrüßt ist.")]})
    end_badges(person, now=now)
    today = timezone.localdate(now)
    made = Badge.objects.create(
        user=person,
        number=_free_number(),
        code="".join(secrets.choice(_LETTERS) for _index in range(_CODE_LENGTH)),
        issued_on=today,
        valid_until=today + GOOD_FOR,
        issued_by=by,
        delete_on=today + GOOD_FOR + KEPT_AFTER,
    )
    _log.info("badge issued badge=%s by=%s", made.pk, by.pk)
    return made


@transaction.atomic
def withdraw_badge(*, person_id: object, by: User, now: datetime) -> int:
    """Lost, or no longer wanted: good no longer from now on. Returns how many were. Raises NotVisible, NotAllowed."""
    person = of_office(person_id, by=by)
    taken = end_badges(person, now=now)
    _log.info("badge withdrawn person=%s by=%s", person.pk, by.pk)
    return taken


def end_badges(person: User, *, now: datetime) -> int:
    """No badge of theirs is good from now on: withdrawn, or they live with another office. Returns how many were."""
    end = timezone.localdate(now) + KEPT_AFTER
    return person.badges.filter(withdrawn_at__isnull=True).update(withdrawn_at=now, delete_on=end)


def running_badge(person: User, *, now: datetime) -> Badge | None:
    """The badge this person could show today."""
    return Badge.objects.good_at(now).filter(user=person).first()


def look_at_badge(*, code: str, visitor: str, now: datetime) -> Badge | None:
    """
    What anybody learns who scanned the code: the good badge, or None, whatever the reason.

    `visitor`: where the question comes from; counted before anything is looked up. Raises TooMany.
    """
    count_up("badge", visitor, most=LOOKS, per=LOOKS_PER, now=now)
    typed = code.replace("\x00", "").strip().upper()  # PostgreSQL refuses a NUL byte
    return Badge.objects.good_at(now).filter(code=typed).select_related("user__quarter").first()


def check_number(*, number: str, by: User, now: datetime) -> Badge | None:
    """
    The good badge with the number a caller reads out; None: no such badge is good today.

    Raises NotAllowed, TooMany.
    """
    if not roles.is_worker(by):
        raise NotAllowed
    count_up("badge.number", by.pk, most=CHECKS_A_DAY, per=timedelta(days=1), now=now)
    digits = "".join(sign for sign in number if sign.isascii() and sign.isdigit())
    return Badge.objects.good_at(now).filter(number=digits).select_related("user__quarter").first()


def _free_number() -> str:
    """Six digits no other badge has; the first is no zero, so that nobody leaves it out when reading."""
    while True:
        number = str(100_000 + secrets.randbelow(900_000))
        if not Badge.objects.filter(number=number).exists():
            return number
