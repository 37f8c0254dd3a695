"""A worker meets volunteers, notes the steps of trust they took, and welcomes them."""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import trust
from accounts.actions.finding import of_office
from accounts.models import Step, User, Vetting, VolunteerProfile
from core.database import find
from core.errors import Conflict, Invalid, NotVisible

_log = logging.getLogger("gemeinsinn.accounts")
KINDS = tuple(step for step in Step.values if step != Step.PARENTS)  # the parents' yes has verbs of its own
UNDO_WITHIN = timedelta(hours=24)


class TooLateToUndo(Conflict):
    """What was noted longer ago stays; what changed since is noted anew."""

    code = "too_late_to_undo"
    detail = gettext_lazy("Das wurde vor mehr als einem Tag eingetragen. Bitte tragen Sie den neuen Stand ein.")


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
    dated: date | None = None,
) -> Vetting:
    """
    Note that the step `kind` was taken: the day and yes or no, never a copy.

    `valid_until` None: as long as the gate matrix says, else without end. `dated`: the day on a certificate, from
    which its time counts. Raises NotVisible, NotAllowed, Invalid.
    """
    person = of_office(person_id, by=by)
    today = timezone.localdate(now)
    on = on or today
    _check(kind, on, valid_until, dated, today=today)
    months = trust.current().months.get(kind)
    if valid_until is None and months:
        valid_until = months_later(dated or on, months)
    version = trust.pledge_text().number if kind == Step.PLEDGE else None
    _end(person.vettings.filter(kind=kind), today=today)  # what this step replaces
    row = Vetting.objects.create(
        user=person,
        kind=kind,
        on=on,
        valid_until=valid_until,
        suitable=suitable,
        dated=dated,
        version=version,
        by=by,
        noted_at=now,
        delete_on=_kept_until(valid_until),
    )
    _log.info("vetting recorded person=%s kind=%s by=%s", person.pk, kind, by.pk)
    return row


@transaction.atomic
def undo_vetting(*, vetting_id: object, by: User, now: datetime) -> Vetting:
    """
    A slip of the finger: the newest note of a step goes again, and what counted before counts once more.

    Raises NotVisible, NotAllowed, TooLateToUndo (after a day, or where something was noted since).
    """
    row = find(Vetting.objects.filter(user__in=User.objects.visible_to(by)).exclude(kind=Step.PARENTS), vetting_id)
    person = of_office(row.user_id, by=by)
    of_kind = trust.newest(person.vettings.filter(kind=row.kind))
    if now - row.noted_at > UNDO_WITHIN or of_kind[row.kind] != row:
        raise TooLateToUndo
    row.delete()
    before = trust.newest(person.vettings.filter(kind=row.kind)).get(row.kind)
    if before:
        before.delete_on = _kept_until(before.valid_until)
        before.save(update_fields=["delete_on"])
    _log.info("vetting undone person=%s kind=%s by=%s", person.pk, row.kind, by.pk)
    return row


@transaction.atomic
def welcome_volunteer(*, person_id: object, by: User, now: datetime) -> VolunteerProfile:
    """
    From now on the volunteer is asked. Twice is once. Raises NotVisible, NotAllowed, Invalid without a talk.
    """
    person = of_office(person_id, by=by)
    profile = VolunteerProfile.objects.select_for_update(of=("self",)).filter(user=person, stopped_at=None).first()
    if profile is None:
        raise NotVisible
    if Step.TALK not in trust.holding(person.vettings.all()):
        raise Invalid(fields={"kind": [_("Bitte tragen Sie zuerst das Gespräch ein.")]})
    if profile.welcomed_at is None:
        profile.welcomed_at = now
        profile.save(update_fields=["welcomed_at"])
        _log.info("volunteer welcomed person=%s by=%s", person.pk, by.pk)
    return profile


def let_vettings_go(*, today: date, person: User | None = None) -> int:
    """
    Checks of people who do not help (any more) go 90 days from today, whenever they would have ended.

    Of this `person`, or (the clock) of everybody. Returns how many rows got a day. Safe to run twice.
    """
    stopped = Q(user__volunteer_profile__isnull=True) | Q(user__volunteer_profile__stopped_at__isnull=False)
    rows = person.vettings.all() if person else Vetting.objects.all()
    return _end(rows.filter(stopped), today=today)


def keep_vettings(person: User) -> None:
    """They help again: the newest check of each kind is kept as if they had never stopped."""
    for row in trust.newest(person.vettings.all()).values():
        row.delete_on = _kept_until(row.valid_until)
        row.save(update_fields=["delete_on"])


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _kept_until(valid_until: date | None) -> date | None:
    """A check with an end is deleted by itself some time after it; one without end when the person stops."""
    return trust.keep_until(valid_until) if valid_until else None


def _end(rows: QuerySet[Vetting], *, today: date) -> int:
    """These count no longer, and are kept as long as what ended today. Returns how many got a day."""
    last = trust.keep_until(today)
    return rows.filter(Q(delete_on__isnull=True) | Q(delete_on__gt=last)).update(delete_on=last)


def _check(kind: str, on: date, valid_until: date | None, dated: date | None, *, today: date) -> None:
    problems: dict[str, list] = {}
    if kind not in KINDS:
        problems["kind"] = [_("Diese Prüfung kennen wir nicht.")]
    if on > today or today.year - on.year > 10:
        problems["on"] = [_("Bitte prüfen Sie den Tag der Prüfung.")]
    if valid_until and valid_until < on:
        problems["valid_until"] = [_("Das Ende liegt vor dem Tag der Prüfung.")]
    if dated and kind != Step.CERTIFICATE:
        problems["dated"] = [_("Nur ein Führungszeugnis trägt einen eigenen Tag.")]
    elif dated and not 0 <= (on - dated).days <= trust.CERTIFICATE_FRESH_DAYS:
        problems["dated"] = [_("Das Führungszeugnis darf beim Einsehen höchstens drei Monate alt sein.")]
    if problems:
        raise Invalid(fields=problems)
