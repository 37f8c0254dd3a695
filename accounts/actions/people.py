"""Verbs around people: join, be entered by a worker, change, trust, block."""

import logging
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks, rules, search
from accounts.actions import apart, emails
from accounts.models import Block, User
from accounts.signals import announce_access, announce_block, announce_cut
from core.database import clash_means, find
from core.errors import Conflict, Invalid
from places.models import Quarter

_log = logging.getLogger("gemeinsinn.accounts")
OWN_FIELDS = {
    "first_name",
    "last_name",
    "phone",
    "born_on",
    "gender",
    "languages",
    "channel",
    "call_time",
    "share_phone",
    "text_size",
    "language",
    "wants_help",
}


SEEN_BY_THE_OFFICE = ("first_name", "last_name", "born_on", "gender")


class EmailTaken(Conflict):
    """Somebody else uses this address."""

    code = "email_taken"
    detail = gettext_lazy("Diese E-Mail-Adresse ist schon eingetragen.")


class NumberNeeded(Invalid):
    """Who wants to be called has left no number."""

    code = "phone_needed"
    detail = gettext_lazy("Für einen Anruf brauchen wir die Telefonnummer. Ohne Telefon geht auch ein Brief.")


@transaction.atomic
def sign_up(*, email: str, quarter: Quarter, now: datetime, wants_help: bool = True, **about: Any) -> User:
    """
    Somebody joins by themselves; whether the address is theirs is shown by the code mailed afterwards.

    `about`: any of OWN_FIELDS, `first_name` at least. Whoever calls has made sure not to tell a stranger that an
    address is known. Raises Invalid, NumberNeeded, EmailTaken.
    """
    person = User(email=_email(email), quarter=quarter, joined_at=now, wants_help=wants_help)
    _fill(person, about, now=now)
    person.set_unusable_password()
    with clash_means(EmailTaken):
        person.save()
    apart.note_who(person, now=now)
    _log.info("person joined person=%s", person.pk)
    return person


@transaction.atomic
def create_person(
    *, by: User, now: datetime, quarter: Quarter, first_name: str, email: str | None = None, **about: Any
) -> User:
    """
    A worker enters a caller: no e-mail and no login needed, `channel` "phone" unless said otherwise.

    `about`: any of OWN_FIELDS. Raises NotVisible for a quarter that is not the worker's, Invalid, EmailTaken,
    NumberNeeded.
    """
    quarter = find(rules.quarters_to_enter_people_in(by), quarter.pk)
    person = User(email=_email(email), quarter=quarter, created_by=by, joined_at=now, channel=User.Channel.PHONE)
    _fill(person, {"first_name": first_name, **about}, now=now)
    person.set_unusable_password()
    with clash_means(EmailTaken):
        person.save()
    emails.expect_email(person)
    apart.note_who(person, now=now)
    _log.info("person entered person=%s by=%s", person.pk, by.pk)
    return person


@transaction.atomic
def change_person(*, person_id: object, by: User, now: datetime, changes: dict[str, Any]) -> User:
    """
    `changes`: any of OWN_FIELDS. Raises NotVisible, Invalid, NumberNeeded.

    Whom the office met keeps the name, birthday and gender it saw: another worker changes them, not they themselves.
    Another number is noted with day and worker, unless people change their own: who is logged in is who they are.
    """
    person = find(User.objects.visible_to(by).select_for_update(of=("self",)), person_id)
    before, number = {name: getattr(person, name) for name in SEEN_BY_THE_OFFICE}, person.phone
    fields = _fill(person, changes, now=now)
    if by != person and person.phone != number:
        person.phone_changed_on, person.phone_changed_by = _today(now), by
        fields += ["phone_changed_on", "phone_changed_by"]
    if by == person and rules.was_met(person):
        _refuse_another_identity(person, before)
    person.save(update_fields=[*fields, "search_key"])
    if not apart.KNOWN_BY.isdisjoint(fields):
        apart.note_who(person, now=now)
    _log.info("person changed person=%s by=%s", person.pk, by.pk)
    return person


@transaction.atomic
def block(*, other: User, by: User, now: datetime) -> Block:
    """`by` does not want to be paired with `other`; the other is never told. Twice is once. Raises Invalid."""
    if other == by:
        raise Invalid(_("Sich selbst kann man nicht ausschließen."))
    row, _made = Block.objects.get_or_create(blocker=by, blocked=other, entry=None, defaults={"since": now})
    announce_access(by, other)
    announce_block(blocker=by, blocked=other)
    _log.info("person blocked by=%s", by.pk)
    return row


@transaction.atomic
def unblock(*, other: User, by: User, now: datetime) -> None:
    """The block of their own hand ends; without one nothing happens."""
    Block.objects.told_by(by).filter(blocked=other).delete()
    announce_block(blocker=by, blocked=other)
    _log.info("person unblocked by=%s at=%s", by.pk, now.isoformat())


def cut_sessions(*, person: User) -> None:
    """Every open session and socket of this account ends with its next step (`accounts.sessions.epoch_matches`)."""
    User.objects.filter(pk=person.pk).update(auth_epoch=F("auth_epoch") + 1)
    person.refresh_from_db(fields=["auth_epoch"])
    announce_access(person)
    announce_cut(person)
    _log.info("sessions cut person=%s", person.pk)


def _fill(person: User, about: dict[str, Any], *, now: datetime) -> list[str]:
    before = None if person._state.adding else (person.phone, person.channel)
    fields = checks.fill(person, about, allowed=OWN_FIELDS)
    if not person.first_name:
        raise Invalid(fields={"first_name": [_("Bitte geben Sie einen Vornamen an.")]})
    try:
        checks.birthday(person.born_on, today=_today(now))
    except ValidationError as wrong:
        raise Invalid(fields={"born_on": wrong.messages}) from wrong
    if (person.phone, person.channel) != before:  # somebody entered without a number may still get another name
        _check_number(person)
    person.search_key = search.key(person)
    return fields


def _check_number(person: User) -> None:
    if person.channel == User.Channel.PHONE and not person.phone:
        raise NumberNeeded(fields={"phone": [NumberNeeded.detail]})


def _refuse_another_identity(person: User, before: dict[str, Any]) -> None:
    """A checked helper under a new name is somebody nobody has checked. Raises Invalid."""
    others = [name for name, value in before.items() if getattr(person, name) != value]
    if others:
        said = _("Das hat Ihr Quartiersbüro mit Ihnen festgehalten. Bitte rufen Sie dort an, wenn es sich ändert.")
        raise Invalid(fields={name: [said] for name in others})


def _email(email: str | None) -> str | None:
    if not email:
        return None
    probe = User()
    checks.fill(probe, {"email": email}, allowed={"email"})
    return str(probe.email).lower()


def _today(now: datetime) -> date:
    return timezone.localdate(now)
