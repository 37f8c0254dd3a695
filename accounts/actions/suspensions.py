"""Verbs around staying away: four eyes exclude, a person who did not decide hears the appeal."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import rules, states, telling
from accounts.actions.finding import locked, of_office
from accounts.actions.people import cut_sessions
from accounts.checks import is_readable
from accounts.models import Suspension, SuspensionEvent, User
from accounts.signals import announce_suspension
from core.database import clash_means, find
from core.errors import Conflict, Invalid, NotAllowed, NotVisible, StaleScreen, WrongState

APPEAL_WITHIN = timedelta(days=183)  # six months, as Art. 20 DSA asks of platforms
KEPT_AFTER_END = timedelta(days=365)
_SALT = "suspension"
_log = logging.getLogger("gemeinsinn.accounts")


class AlreadySuspended(Conflict):
    """Somebody was faster."""

    code = "already_suspended"
    detail = gettext_lazy("Diese Person ist schon angehalten.")


@transaction.atomic
def propose_suspension(*, person_id: object, by: User, now: datetime, cause: str, reason: str) -> Suspension:
    """
    The person stays away at once: sessions and sockets end, addresses close, their pairs are let go.

    Without a second worker within SUSPENSION_HOURS it lapses. Raises NotVisible, NotAllowed, Invalid, AlreadySuspended.
    """
    person = of_office(person_id, by=by, among=locked())
    if cause not in Suspension.Cause.values:
        raise Invalid(fields={"cause": [_("Bitte wählen Sie, worum es geht.")]})
    with clash_means(AlreadySuspended):
        row = Suspension.objects.create(
            user=person,
            cause=cause,
            reason=_text(reason, "reason"),
            proposed_by=by,
            proposed_at=now,
            deadline=now + timedelta(hours=settings.SUSPENSION_HOURS),
        )
    User.objects.filter(pk=person.pk, suspended_at__isnull=True).update(suspended_at=now)
    cut_sessions(person=person)
    _note(row, "propose", before="", by=by, now=now)
    return row


@transaction.atomic
def confirm_suspension(*, suspension_id: object, by: User, now: datetime) -> Suspension:
    """A second worker looked at it too. Raises NotVisible, NotAllowed, WrongState."""
    row = _opened(suspension_id, by, "confirm")
    return _move(row, "confirm", by=by, now=now, decided_by=by, decided_at=now)


@transaction.atomic
def withdraw_suspension(*, suspension_id: object, by: User, now: datetime) -> Suspension:
    """It was a mistake, or is settled: the person may come in again. Raises NotVisible, NotAllowed, WrongState."""
    return _move(_opened(suspension_id, by, "withdraw"), "withdraw", by=by, now=now)


@transaction.atomic
def lift_suspension(*, suspension_id: object, by: User, now: datetime, outcome: str = "") -> Suspension:
    """After all the person may come in again. Raises NotVisible, NotAllowed, WrongState."""
    row = _opened(suspension_id, by, "lift")
    return _move(row, "lift", by=by, now=now, outcome=_text(outcome, "outcome") if outcome.strip() else row.outcome)


@transaction.atomic
def appeal_suspension(
    *, now: datetime, text: str, token: str = "", suspension_id: object = None, by: User | None = None
) -> Suspension:
    """
    The person disagrees: by their link (`token`), or a worker writes down what they say on the phone.

    Raises NotVisible, NotAllowed, Invalid, WrongState (also when it is too late).
    """
    row = _opened(suspension_id, by, "appeal") if by else suspension_behind(token)
    states.suspension_after(row.state, "appeal")
    if now - (row.decided_at or row.proposed_at) > APPEAL_WITHIN:
        raise WrongState(_("Widersprechen geht sechs Monate lang. Bitte rufen Sie das Quartiersbüro an."))
    return _move(row, "appeal", by=by, now=now, appeal=_text(text, "text", most=2000), appealed_at=now)


@transaction.atomic
def decide_appeal(*, suspension_id: object, by: User, now: datetime, uphold: bool, outcome: str) -> Suspension:
    """Somebody who did not decide before looks again and says why. Raises as the other moves, and Invalid."""
    move = "uphold" if uphold else "overturn"
    row = _opened(suspension_id, by, move)
    return _move(row, move, by=by, now=now, heard_by=by, heard_at=now, outcome=_text(outcome, "outcome"))


@transaction.atomic
def mark_told(*, suspension_id: object, by: User, now: datetime) -> Suspension:
    """The office said it on the phone or wrote a letter. Raises NotVisible, NotAllowed."""
    row = find(Suspension.objects.visible_to(by), suspension_id)
    if not rules.may_move_suspension(by, row, "tell"):
        raise NotAllowed
    row.told_at, row.told_by = now, by
    row.save(update_fields=["told_at", "told_by"])
    return row


def lapse_suspensions(*, now: datetime) -> int:
    """The clock: pauses that nobody confirmed in time. Returns how many; safe to run twice."""
    late = Suspension.objects.filter(state=states.PAUSED, deadline__lt=now).order_by("pk")
    return sum(_lapse(pk, now=now) for pk in late.values_list("pk", flat=True))


def token_of(row: Suspension) -> str:
    """What stands in the person's link; it names nobody."""
    return signing.dumps(str(row.pk), salt=_SALT)


def suspension_behind(token: str) -> Suspension:
    """The suspension this link leads to. Raises NotVisible."""
    try:
        key = signing.loads(token, salt=_SALT)
    except signing.BadSignature as wrong:
        raise NotVisible from wrong
    return find(Suspension.objects.select_related("user__quarter"), key)


@transaction.atomic
def _lapse(pk: object, *, now: datetime) -> bool:
    row = Suspension.objects.select_related("user").get(pk=pk)
    if row.state != states.PAUSED:
        return False
    _move(row, "lapse", by=None, now=now)
    return True


def _opened(suspension_id: object, by: User, move: str) -> Suspension:
    row = find(Suspension.objects.visible_to(by).select_related("user__quarter"), suspension_id)
    states.suspension_after(row.state, move)
    if not rules.may_move_suspension(by, row, move):
        raise NotAllowed
    return row


def _move(row: Suspension, move: str, *, by: User | None, now: datetime, **changes: Any) -> Suspension:
    """One move of the table by a guarded UPDATE. Raises WrongState, StaleScreen."""
    before, after = row.state, states.suspension_after(row.state, move)
    if after not in states.IN_FORCE:
        changes |= {"ended_at": now, "delete_on": timezone.localdate(now + KEPT_AFTER_END)}
    rows = Suspension.objects.filter(pk=row.pk, state=before)
    if not rows.update(state=after, told_at=None, told_by=None, **changes):
        raise StaleScreen
    row.refresh_from_db()
    if after not in states.IN_FORCE:
        User.objects.filter(pk=row.user_id).update(suspended_at=None)
    _note(row, move, before=before, by=by, now=now)
    return row


def _note(row: Suspension, move: str, *, before: str, by: User | None, now: datetime) -> None:
    SuspensionEvent.objects.create(suspension=row, move=move, before=before, after=row.state, by=by, at=now)
    announce_suspension(row, move=move, at=now)
    telling.tell_suspended(row, token=token_of(row), now=now)
    _log.info("suspension moved suspension=%s move=%s by=%s", row.pk, move, by.pk if by else None)


def _text(text: str, name: str, *, most: int = 1000) -> str:
    said = text.strip()
    if not said or not is_readable(said):
        raise Invalid(fields={name: [_("Bitte schreiben Sie in einfachen Worten, warum.")]})
    if len(said) > most:
        raise Invalid(fields={name: [_("Bitte kürzer, höchstens %(most)s Zeichen.") % {"most": most}]})
    return said
