"""
A person whom the office entered gets an account of their own: their row, with everything that hangs on it, stays.

Shown to be theirs by a code the worker gives them on a way the office knows, and by a code mailed to their new address.
"""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import checks, roles, rules
from accounts.actions import emails
from accounts.actions.people import EmailTaken
from accounts.models import AccessCode, User
from core.database import clash_means, find
from core.errors import Conflict, Invalid, NotAllowed

GOOD_FOR = timedelta(days=14)
KEPT = timedelta(days=31)
LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is mistaken for something else
LENGTH = 10  # 49 bits
_log = logging.getLogger("gemeinsinn.accounts")


class AlreadyTheirs(Conflict):
    """They come in by themselves."""

    code = "already_theirs"
    detail = _("Diese Person meldet sich schon selbst an.")


class NoSuchCode(Invalid):
    """Wrong, used, too old, or of somebody who may not come in: all the same to whoever tries."""

    code = "no_such_code"
    detail = _("Dieser Code gilt nicht. Bitte sehen Sie noch einmal nach, oder rufen Sie Ihr Quartiersbüro an.")


@transaction.atomic
def issue_access_code(*, person_id: object, by: User, now: datetime) -> str:
    """
    A fresh code for this person, as it is written and read out: "K7QM-4XPT-2A". Shown once, good for 14 days.

    Raises NotVisible, NotAllowed (not their worker; a person with a role comes in by no code), AlreadyTheirs.
    """
    person = find(User.objects.visible_to(by).select_for_update(of=("self",)), person_id)
    if not rules.may_vet(by, person) or person.suspended_at or roles.needs_second_factor(person):
        raise NotAllowed
    if uses_own_account(person):
        raise AlreadyTheirs
    plain = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    day = timezone.localdate(now) + KEPT
    fresh = {"digest": _digest(plain), "made_by": by, "made_at": now, "expires_at": now + GOOD_FOR, "used_at": None}
    AccessCode.objects.update_or_create(person=person, defaults=fresh | {"delete_on": day})
    _log.info("access code made person=%s by=%s", person.pk, by.pk)
    return f"{plain[:4]}-{plain[4:8]}-{plain[8:]}"


def uses_own_account(person: User) -> bool:
    """Has an address and has been here by themselves."""
    return bool(person.email and person.last_login)


def find_access_code(typed: str, *, now: datetime) -> AccessCode | None:
    """The running code that was typed, whatever its hyphens and case; None for every other text."""
    plain = "".join(letter for letter in typed.upper() if letter.isalnum())
    return _running(now).filter(digest=_digest(plain)).first()


@transaction.atomic
def claim_person(*, access_code_id: object, email: str, now: datetime) -> User:
    """
    The person behind the code comes in with this address, which was shown to be theirs. The code is used up.

    Raises NoSuchCode, EmailTaken, Invalid.
    """
    row = _running(now).select_for_update(of=("self",)).filter(pk=access_code_id).first()
    if row is None or not AccessCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now):
        raise NoSuchCode
    person = row.person
    checks.fill(person, {"email": email}, allowed={"email"})
    person.email, person.channel = str(person.email).lower(), User.Channel.ONLINE
    with clash_means(EmailTaken):
        person.save(update_fields=["email", "channel"])
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    _log.info("person claimed person=%s", person.pk)
    return person


@transaction.atomic
def put_email_on_record(*, person_id: object, by: User, now: datetime, email: str) -> User:
    """
    A worker notes the address a person without one told them; they log in by a code mailed to it.

    Raises NotVisible, NotAllowed, AlreadyTheirs, EmailTaken, Invalid.
    """
    person = find(User.objects.visible_to(by).select_for_update(of=("self",)), person_id)
    if not rules.may_vet(by, person) or roles.needs_second_factor(person):
        raise NotAllowed
    if uses_own_account(person):
        raise AlreadyTheirs
    checks.fill(person, {"email": email}, allowed={"email"})
    person.email = str(person.email).lower() or None
    with clash_means(EmailTaken):
        person.save(update_fields=["email"])
    EmailAddress.objects.filter(user=person).exclude(email=person.email or "").delete()
    emails.expect_email(person)
    _log.info("email on record person=%s by=%s at=%s", person.pk, by.pk, now.isoformat())
    return person


def _running(now: datetime):
    rows = AccessCode.objects.filter(used_at__isnull=True, expires_at__gt=now)
    return rows.filter(person__is_active=True, person__suspended_at__isnull=True).select_related("person")


def _digest(plain: str) -> str:
    return hashlib.sha256(f"access-code:{plain}".encode()).hexdigest()
