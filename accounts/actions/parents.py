"""Parents say yes to what their child does here: on paper, or by a signed link without an account; and take it back."""

import logging
from datetime import date, datetime, timedelta

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks, rules, trust
from accounts.actions.finding import of_office
from accounts.models import ParentConsent, Step, User, Vetting
from accounts.youth import ADULT
from core.database import clash_means, find
from core.errors import Conflict, Invalid, NotAllowed, NotVisible

LINK_GOOD_FOR = timedelta(days=30)
_SALT = "parents"
_log = logging.getLogger("gemeinsinn.accounts")


class AlreadyAgreed(Conflict):
    """The parents' yes is there already."""

    code = "already_agreed"
    detail = gettext_lazy("Das Einverständnis der Eltern liegt schon vor.")


@transaction.atomic
def ask_parents(*, person_id: object, by: User, now: datetime, name: str, phone: str) -> ParentConsent:
    """A worker met the parents and gives them the link (`token_of`). Raises NotVisible, NotAllowed, Invalid."""
    person = _young(by, person_id, now=now)
    person.parent_consents.filter(given_at__isnull=True).delete()
    return _made(person, name=name, phone=phone, way=ParentConsent.Way.LINK, by=by, now=now)


@transaction.atomic
def record_paper_consent(*, person_id: object, by: User, now: datetime, name: str, phone: str) -> ParentConsent:
    """The signed paper lies in the office. Raises NotVisible, NotAllowed, Invalid, AlreadyAgreed."""
    person = _young(by, person_id, now=now)
    row = _made(person, name=name, phone=phone, way=ParentConsent.Way.PAPER, by=by, now=now)
    return _give(row, now=now)


@transaction.atomic
def give_consent(*, token: str, now: datetime) -> ParentConsent:
    """A parent agrees on the page behind the link. Twice is once. Raises NotVisible, AlreadyAgreed."""
    row = consent_behind(token)
    if row.given_at is None and now - row.asked_at > LINK_GOOD_FOR:
        raise NotVisible
    return row if row.given_at else _give(row, now=now)


@transaction.atomic
def take_consent_back(
    *, now: datetime, token: str = "", consent_id: object = None, by: User | None = None
) -> ParentConsent:
    """
    From now on the child is not sent anywhere: by the parent (`token`), or by a worker on their word (`consent_id`).

    Raises NotVisible, NotAllowed.
    """
    row = _of_worker(consent_id, by) if by else consent_behind(token)
    if row.given_at and not row.revoked_at:
        row.revoked_at = now
        row.delete_on = trust.keep_until(timezone.localdate(now))
        row.save(update_fields=["revoked_at", "delete_on"])
        _note(row, now=now, suitable=False, until=None)
        _log.info("parents took back consent=%s", row.pk)
    return row


def token_of(row: ParentConsent) -> str:
    """What stands in the parent's link; it names nobody."""
    return signing.dumps(str(row.pk), salt=_SALT)


def consent_behind(token: str) -> ParentConsent:
    """The consent this link leads to. Raises NotVisible."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature as wrong:
        raise NotVisible from wrong
    return find(ParentConsent.objects.select_related("user__quarter", "by"), key)


def running_consent(person: User) -> ParentConsent | None:
    """The yes that counts now; its phone is the adult contact of each visit."""
    return person.parent_consents.filter(given_at__isnull=False, revoked_at__isnull=True).first()


def _young(by: User, person_id: object, *, now: datetime) -> User:
    person = of_office(person_id, by=by, among=User.objects.filter(volunteer_profile__isnull=False))
    if not rules.is_minor(person, today=timezone.localdate(now)):
        raise Invalid(fields={"name": [_("Die Person ist schon erwachsen.")]})
    return person


def _of_worker(consent_id: object, by: User) -> ParentConsent:
    row = find(ParentConsent.objects.filter(user__in=User.objects.visible_to(by)).select_related("user"), consent_id)
    if not rules.may_vet(by, row.user):
        raise NotAllowed
    return row


def _made(person: User, *, name: str, phone: str, way: str, by: User, now: datetime) -> ParentConsent:
    row = ParentConsent(user=person, way=way, by=by, asked_at=now, delete_on=timezone.localdate(now + LINK_GOOD_FOR))
    checks.fill(row, {"name": name, "phone": phone}, allowed={"name", "phone"})
    if sum(letter.isdigit() for letter in row.phone) < 5:
        raise Invalid(
            fields={"phone": [_("Bitte geben Sie eine Telefonnummer an, unter der jemand zu erreichen ist.")]}
        )
    row.save()
    return row


def _give(row: ParentConsent, *, now: datetime) -> ParentConsent:
    grown = _grown_on(row.user)
    row.given_at, row.delete_on = now, trust.keep_until(grown)
    with clash_means(AlreadyAgreed):
        row.save(update_fields=["given_at", "delete_on"])
    _note(row, now=now, suitable=True, until=grown - timedelta(days=1))
    _log.info("parents agreed consent=%s way=%s", row.pk, row.way)
    return row


def _note(row: ParentConsent, *, now: datetime, suitable: bool, until: date | None) -> None:
    """The step that the matcher looks at."""
    Vetting.objects.create(
        user=row.user,
        kind=Step.PARENTS,
        on=timezone.localdate(now),
        valid_until=until,
        suitable=suitable,
        by=row.by,
        noted_at=now,
        delete_on=trust.keep_until(until) if until else row.delete_on,
    )


def _grown_on(person: User) -> date:
    born = person.born_on
    assert born is not None  # only somebody with a birthday is known to be young
    try:
        return born.replace(year=born.year + ADULT)
    except ValueError:
        return date(born.year + ADULT, 3, 1)
