"""A worker meets volunteers, notes what was checked, and welcomes them."""

import logging
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules
from accounts.models import Skill, User, Vetting, VolunteerProfile
from core.database import find
from core.errors import Invalid, NotAllowed, NotVisible

_log = logging.getLogger("gemeinsinn.accounts")
KINDS = tuple(kind for kind in Skill.Need.values if kind != Skill.Need.NONE)
CERTIFICATE_YEARS = 5  # then it is asked for again (field-germany.md, B11)


@transaction.atomic
def record_vetting(
    *,
    person_id: object,
    by: User,
    now: datetime,
    kind: str,
    on: date | None = None,
    valid_until: date | None = None,
    suitable: bool = True,
) -> Vetting:
    """
    Note that `kind` (talk, pledge, identity, certificate) was checked: the day and yes or no, never a copy.

    `valid_until` None: without end, for a certificate five years. Raises NotVisible, NotAllowed, Invalid.
    """
    person = _met_by(by, person_id)
    on = on or timezone.localdate(now)
    if kind == Skill.Need.CERTIFICATE and valid_until is None:
        valid_until = _years_later(on, CERTIFICATE_YEARS)
    _check(kind, on, valid_until, today=timezone.localdate(now))
    row = Vetting.objects.create(
        user=person, kind=kind, on=on, valid_until=valid_until, suitable=suitable, by=by, noted_at=now
    )
    _log.info("vetting recorded person=%s kind=%s by=%s", person.pk, kind, by.pk)
    return row


@transaction.atomic
def welcome_volunteer(*, person_id: object, by: User, now: datetime) -> VolunteerProfile:
    """
    From now on the volunteer is asked. Twice is once. Raises NotVisible, NotAllowed, Invalid without a talk.
    """
    person = _met_by(by, person_id)
    profile = VolunteerProfile.objects.select_for_update(of=("self",)).filter(user=person).first()
    if profile is None:
        raise NotVisible
    if Skill.Need.TALK not in rules.holding(person.vettings.all()):
        raise Invalid(fields={"kind": [_("Bitte tragen Sie zuerst das Gespräch ein.")]})
    if profile.welcomed_at is None:
        profile.welcomed_at = now
        profile.save(update_fields=["welcomed_at"])
        _log.info("volunteer welcomed person=%s by=%s", person.pk, by.pk)
    return profile


def _met_by(by: User, person_id: object) -> User:
    person = find(User.objects.visible_to(by), person_id)
    if not rules.may_vet(by, person):
        raise NotAllowed
    return person


def _check(kind: str, on: date, valid_until: date | None, *, today: date) -> None:
    problems: dict[str, list] = {}
    if kind not in KINDS:
        problems["kind"] = [_("Diese Prüfung kennen wir nicht.")]
    if on > today or today.year - on.year > 10:
        problems["on"] = [_("Bitte prüfen Sie den Tag der Prüfung.")]
    if valid_until and valid_until < on:
        problems["valid_until"] = [_("Das Ende liegt vor dem Tag der Prüfung.")]
    if problems:
        raise Invalid(fields=problems)


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
