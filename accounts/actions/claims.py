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
from accounts.actions import apart, emails
from accounts.actions.finding import locked, of_office
from accounts.actions.people import EmailTaken
from accounts.models import AccessCode, User
from core.database import clash_means
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


class NumberIsNew(Conflict):
    """Who calls and says "my number is a new one" would have the next code read out to them."""

    code = "number_is_new"
    detail = _(
        "Am Telefon geht das nicht: Hier steht keine Nummer, oder das Büro hat sie in den letzten 14 Tagen geändert. "
        "Bitte geben Sie den Code im Brief oder persönlich im Büro."
    )


class NotSeen(Conflict):
    """The same by way of an address, where a code goes too; or somebody names themselves as trusted."""

    code = "not_seen"
    detail = _(
        "Das Büro hat die Telefonnummer in den letzten 14 Tagen geändert. Eine E-Mail-Adresse oder eine "
        "Vertrauensperson tragen Sie nur ein, wenn die Person selbst vor Ihnen steht. Bitte kreuzen Sie das an."
    )


class NoSuchCode(Invalid):
    """Wrong, used, too old, or of somebody who may not come in: all the same to whoever tries."""

    code = "no_such_code"
    detail = _("Dieser Code gilt nicht. Bitte sehen Sie noch einmal nach, oder rufen Sie Ihr Quartiersbüro an.")


@transaction.atomic
def issue_access_code(*, person_id: object, by: User, now: datetime, way: str) -> str:
    """
    A fresh code for this person, as it is written and read out: "K7QM-4XPT-2A". Shown once, good for 14 days.

    `way`: one of AccessCode.Way, how the worker gives it; kept with the code. Raises NotVisible, NotAllowed (not their
    worker; a person with a role comes in by no code), AlreadyTheirs, NumberIsNew (only for "phone"), Invalid.
    """
    person = of_office(person_id, by=by, among=locked())
    if person.suspended_at or roles.needs_second_factor(person):
        raise NotAllowed
    if uses_own_account(person):
        raise AlreadyTheirs
    if way not in AccessCode.Way.values:
        raise Invalid(fields={"way": [_("Bitte sagen Sie, wie die Person den Code bekommt.")]})
    if way == AccessCode.Way.PHONE and not rules.may_be_read_out(person, now=now):
        raise NumberIsNew
    plain = "".join(secrets.choice(LETTERS) for _place in range(LENGTH))
    fresh = {"digest": _digest(plain), "way": way, "made_by": by, "made_at": now, "used_at": None}
    until = {"expires_at": now + GOOD_FOR, "delete_on": timezone.localdate(now) + KEPT}
    AccessCode.objects.update_or_create(person=person, defaults=fresh | until)
    _log.info("access code made person=%s by=%s way=%s", person.pk, by.pk, way)
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
    apart.note_who(person, now=now)
    _log.info("person claimed person=%s", person.pk)
    return person


@transaction.atomic
def put_email_on_record(*, person_id: object, by: User, now: datetime, email: str, seen: bool = False) -> User:
    """
    A worker notes the address a person without one told them; they log in by a code mailed to it.

    `seen`: the person stands before the worker; without it nothing is noted while the number is a new one.
    Raises NotVisible, NotAllowed, AlreadyTheirs, NotSeen, EmailTaken, Invalid.
    """
    person = of_office(person_id, by=by, among=locked())
    if roles.needs_second_factor(person):
        raise NotAllowed
    if uses_own_account(person):
        raise AlreadyTheirs
    if not seen and rules.number_is_new(person, now=now):
        raise NotSeen
    checks.fill(person, {"email": email}, allowed={"email"})
    person.email = str(person.email).lower() or None
    person.email_changed_on, person.email_changed_by = timezone.localdate(now), by
    with clash_means(EmailTaken):
        person.save(update_fields=["email", "email_changed_on", "email_changed_by"])
    EmailAddress.objects.filter(user=person).exclude(email=person.email or "").delete()
    emails.expect_email(person)
    apart.note_who(person, now=now)
    _log.info("email on record person=%s by=%s at=%s", person.pk, by.pk, now.isoformat())
    return person


def _running(now: datetime):
    rows = AccessCode.objects.filter(used_at__isnull=True, expires_at__gt=now)
    return rows.filter(person__is_active=True, person__suspended_at__isnull=True).select_related("person")


def _digest(plain: str) -> str:
    return hashlib.sha256(f"access-code:{plain}".encode()).hexdigest()
