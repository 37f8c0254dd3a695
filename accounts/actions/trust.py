"""A resident names somebody who may act for them, and takes it back."""

import logging
from datetime import datetime, timedelta

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks, rules, search
from accounts.actions import apart, emails
from accounts.actions.claims import NotSeen
from accounts.models import TrustedPerson, User
from core.database import clash_means, find
from core.errors import Conflict, Invalid, NotAllowed, TooMany

_log = logging.getLogger("gemeinsinn.accounts")
_MOST = 5  # at the same time
_MOST_OF_ONE, _OF_ONE_WITHIN = 2, timedelta(days=30)  # a mistake is put right once; a third mail is none
_MOST_A_DAY = 10  # each one mails a stranger


class TooManyNamed(TooMany):
    """Naming and revoking in turn would mail many people."""

    code = "too_many_trusted"
    detail = gettext_lazy("Das war sehr oft an einem Tag. Bitte rufen Sie Ihr Quartiersbüro an.")


class NamedAgain(TooManyNamed):
    """Whoever ended it gets no mail after mail."""

    detail = gettext_lazy("Diese Person haben Sie schon zweimal eingetragen. Bitte rufen Sie Ihr Quartiersbüro an.")


class AlreadyTrusted(Conflict):
    """The same person twice."""

    code = "already_trusted"


@transaction.atomic
def name_trusted_person(
    *, resident_id: object, by: User, now: datetime, name: str, email: str, seen: bool = False
) -> TrustedPerson:
    """
    The person with this address is asked whether they act for the resident: by mail, to log in by code and say so.

    Nothing opens before their yes (`agree_to_act`), neither to them nor about them.

    An unknown address becomes a person without password. Nothing here tells whether the address was known.
    `seen`: the resident stands before the worker `by`. Raises NotVisible, NotAllowed, Invalid, TooManyNamed,
    NotSeen.
    """
    resident = find(User.objects.visible_to(by).select_for_update(of=("self",)), resident_id)
    if not rules.may_name_trusted_person(by, resident):
        raise NotAllowed
    if by != resident and not seen and rules.number_is_new(resident, now=now):
        raise NotSeen
    row = TrustedPerson(resident=resident, since=now)
    _fill(row, name)
    _check_room(resident, now)
    row.person = _person_with(email, row.name, resident, now)
    if row.person == by != resident:  # it would outlive the role, without a reason asked and a reading kept
        raise Invalid(fields={"email": [_("Sie selbst können Sie hier nicht eintragen.")]})
    if row.person == resident:
        raise Invalid(fields={"email": [_("Das ist Ihre eigene Adresse. Bitte geben Sie die der anderen Person an.")]})
    if by == resident and _named_lately(row) >= _MOST_OF_ONE:
        raise NamedAgain
    with clash_means(AlreadyTrusted):
        row.save()
    transaction.on_commit(lambda: _tell(row), robust=True)  # without the mail they are asked all the same
    _log.info("trusted person named resident=%s by=%s", resident.pk, by.pk)
    return row


@transaction.atomic
def agree_to_act(*, trust_id: object, by: User, now: datetime) -> TrustedPerson:
    """The named person says yes; twice is once. No is `revoke_trusted_person`. Raises NotVisible."""
    asked = TrustedPerson.objects.filter(person=by, revoked_at__isnull=True)
    row = find(asked.select_for_update(of=("self",)), trust_id)
    if row.agreed_at is None:
        row.agreed_at = now
        row.save(update_fields=["agreed_at"])
        _log.info("trusted person agreed trust=%s by=%s", row.pk, by.pk)
    return row


@transaction.atomic
def revoke_trusted_person(*, trust_id: object, by: User, now: datetime) -> TrustedPerson:
    """The person may no longer act; the resident, their worker or they themselves say so. Raises NotVisible."""
    mine = Q(resident__in=User.objects.visible_to(by)) | Q(person=by)
    row = find(TrustedPerson.objects.filter(mine).select_for_update(of=("self",)), trust_id)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        _log.info("trusted person revoked trust=%s by=%s", row.pk, by.pk)
    return row


def _fill(row: TrustedPerson, name: str) -> None:
    checks.fill(row, {"name": name}, allowed={"name"})
    if not row.name:
        raise Invalid(fields={"name": [_("Bitte geben Sie den Namen an.")]})


def _check_room(resident: User, now: datetime) -> None:
    if resident.trusted_people.filter(since__gt=now - timedelta(days=1)).count() >= _MOST_A_DAY:
        raise TooManyNamed
    if resident.trusted_people.filter(revoked_at__isnull=True).count() >= _MOST:
        raise Invalid(fields={"name": [_("Mehr als fünf Vertrauenspersonen gehen nicht.")]})


def _named_lately(row: TrustedPerson) -> int:
    rows = TrustedPerson.objects.filter(resident=row.resident, person=row.person)
    return rows.filter(since__gt=row.since - _OF_ONE_WITHIN).count()


def _person_with(email: str, name: str, resident: User, now: datetime) -> User:
    probe = User()
    checks.fill(probe, {"email": email}, allowed={"email"})
    address = str(probe.email).lower()
    known = User.objects.filter(email=address).first()
    if known or not address:
        return known or _nobody()
    person = User(
        email=address,
        first_name=name[:60],
        quarter=resident.quarter,
        wants_help=False,
        joined_at=now,
        created_by=resident,
    )
    person.set_unusable_password()
    person.search_key = search.key(person)
    person.save()
    emails.expect_email(person)
    apart.note_who(person, now=now)
    return person


def _nobody() -> User:
    raise Invalid(fields={"email": [_("Bitte geben Sie die E-Mail-Adresse an.")]})


def _tell(row: TrustedPerson) -> None:
    context = {"resident": row.resident.first_name, "user": row.person}
    get_adapter().render_mail("accounts/email/trusted", row.person.email, context).send()
