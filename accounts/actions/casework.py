"""Verbs of the worker's case: follow-ups, a deputy for the holidays, notes, and the consent to pass them on."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.actions.finding import of_office
from accounts.checks import is_readable
from accounts.models import CaseNote, Deputy, FollowUp, HandOver, User
from accounts.sealing import seal
from core.database import find
from core.errors import Invalid, NotAllowed

FURTHEST = timedelta(days=400)
KEPT = timedelta(days=365)
NOTES_KEPT = timedelta(days=730)
LONGEST_NOTE = 4000
_log = logging.getLogger("gemeinsinn.accounts")


@transaction.atomic
def add_follow_up(*, person_id: object, by: User, now: datetime, text: str, due_on: date) -> FollowUp:
    """Something to do by a day, today at the earliest. Raises NotVisible, NotAllowed, Invalid."""
    person, today = of_office(person_id, by=by), timezone.localdate(now)
    said = _text(text, "text", most=200)
    if not today <= due_on <= today + FURTHEST:
        raise Invalid(fields={"due_on": [_("Bitte wählen Sie einen Tag im kommenden Jahr.")]})
    return FollowUp.objects.create(
        person=person, text=said, due_on=due_on, made_by=by, made_at=now, delete_on=due_on + KEPT
    )


@transaction.atomic
def finish_follow_up(*, follow_up_id: object, by: User, now: datetime, done: bool = True) -> FollowUp:
    """Done, or after all not (`done` False). Twice is once. Raises NotVisible."""
    row = find(FollowUp.objects.filter(person__in=_cases(by)), follow_up_id)
    if done != bool(row.done_at):
        row.done_at, row.done_by = (now, by) if done else (None, None)
        row.save(update_fields=["done_at", "done_by"])
    return row


@transaction.atomic
def name_deputy(*, deputy_id: object, by: User, now: datetime, first_day: date, last_day: date) -> Deputy:
    """
    A colleague stands in: on these days they see the worker's quarters. Only somebody who works here themselves.

    Raises NotAllowed, NotVisible, Invalid.
    """
    if not roles.own_quarters_of(by).exists():
        raise NotAllowed
    deputy = find(roles.colleagues_of(by), deputy_id)
    today = timezone.localdate(now)
    if not today <= first_day <= last_day <= min(first_day, today + FURTHEST) + FURTHEST / 4:
        raise Invalid(fields={"last_day": [_("Bitte wählen Sie Tage von heute an, höchstens drei Monate.")]})
    row = Deputy.objects.create(worker=by, deputy=deputy, first_day=first_day, last_day=last_day)
    _log.info("deputy named deputy=%s worker=%s", deputy.pk, by.pk)
    return row


@transaction.atomic
def end_deputy(*, deputy_row_id: object, by: User, now: datetime) -> Deputy:
    """Back earlier: it ends now. Raises NotVisible."""
    row = find(Deputy.objects.filter(worker=by), deputy_row_id)
    if row.ended_at is None:
        row.ended_at = now
        row.save(update_fields=["ended_at"])
    return row


@transaction.atomic
def write_note(*, person_id: object, by: User, now: datetime, text: str) -> CaseNote:
    """A note for oneself, sealed. Raises NotVisible, NotAllowed, Invalid."""
    person = of_office(person_id, by=by)
    sealed = seal(_text(text, "text", most=LONGEST_NOTE))
    ends = timezone.localdate(now + NOTES_KEPT)
    return CaseNote.objects.create(person=person, worker=by, sealed=sealed, at=now, delete_on=ends)


@transaction.atomic
def delete_note(*, note_id: object, by: User, now: datetime) -> None:
    """Whoever wrote it takes it away for good. Raises NotVisible."""
    find(CaseNote.objects.visible_to(by, today=timezone.localdate(now)).filter(worker=by), note_id).delete()


@transaction.atomic
def hand_over(
    *, person_id: object, taker_id: object, by: User, now: datetime, purpose: str, way: str, until: date | None = None
) -> HandOver:
    """
    The person agreed that this colleague may read the worker's notes about them. One consent for each hand-over.

    Raises NotVisible, NotAllowed, Invalid.
    """
    person = of_office(person_id, by=by)
    taker = find(roles.colleagues_of(by).exclude(pk=person.pk), taker_id)
    if way not in HandOver.Way.values:
        raise Invalid(fields={"way": [_("Bitte sagen Sie, wie die Person zugestimmt hat.")]})
    today = timezone.localdate(now)
    if until and until < today:
        raise Invalid(fields={"until": [_("Dieser Tag ist schon vorbei.")]})
    if until and until > today + NOTES_KEPT:  # no note is older
        raise Invalid(fields={"until": [_("Bitte wählen Sie einen Tag in den nächsten zwei Jahren.")]})
    return HandOver.objects.create(
        person=person,
        giver=by,
        taker=taker,
        purpose=_text(purpose, "purpose", most=200),
        way=way,
        consented_at=now,
        until=until,
        delete_on=until + KEPT if until else None,
    )


@transaction.atomic
def take_hand_over_back(*, hand_over_id: object, by: User, now: datetime) -> HandOver:
    """The person, or the worker, no longer wants it: from now on the colleague reads nothing. Raises NotVisible."""
    row = find(HandOver.objects.filter(giver=by), hand_over_id)
    if row.revoked_at is None:
        row.revoked_at, row.delete_on = now, timezone.localdate(now) + KEPT
        row.save(update_fields=["revoked_at", "delete_on"])
    return row


def _cases(by: User):
    return User.objects.filter(quarter__in=roles.quarters_of(by)).exclude(pk=by.pk)


def _text(text: str, name: str, *, most: int) -> str:
    said = text.strip()
    if not said or len(said) > most or not is_readable(said):
        raise Invalid(fields={name: [_("Bitte schreiben Sie etwas, höchstens %(most)s Zeichen.") % {"most": most}]})
    return said
