"""A resident's request: started, changed step by step, published, withdrawn, lapsed."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.database import find
from core.errors import Invalid, NotAllowed, WrongState
from matching import rules, states
from matching.actions.intake import cleaned, missing, replace_windows
from matching.actions.steps import (
    close_others,
    end_confirmed,
    guard_version,
    helpers_of,
    keep_until,
    lock_loads,
    lock_request,
    note_change,
    request_step,
)
from matching.models import HelpRequest


@transaction.atomic
def start_request(*, resident: User, by: User, now: datetime) -> HelpRequest:
    """
    A draft for this resident; the one `by` already started for them is taken up again.

    Raises NotAllowed (not the resident, not trusted, not a worker of their quarter), Invalid (no quarter yet).
    """
    if not rules.may_enter_requests_for(by, resident):
        raise NotAllowed
    if resident.quarter is None:
        raise Invalid(fields={"quarter": [_("Bitte sagen Sie uns zuerst, wo Sie wohnen.")]})
    draft = HelpRequest.objects.filter(resident=resident, entered_by=by, state=states.DRAFT).first()
    return draft or HelpRequest.objects.create(
        resident=resident,
        entered_by=by,
        quarter=resident.quarter,
        place=resident.place,
        created_at=now,
        delete_on=keep_until(now),
    )


@transaction.atomic
def change_request(
    *, request_id: object, by: User, now: datetime, changes: dict[str, Any], version: int | None = None
) -> HelpRequest:
    """
    Change a draft or an open request. Keys as in the JSON API; only the keys given are changed.

    Raises NotVisible, NotAllowed, WrongState, StaleScreen, Invalid with a sentence per field.
    """
    request = lock_request(find(HelpRequest.objects.visible_to(by), request_id).pk)
    if not rules.may_change_request(by, request):
        raise NotAllowed
    if request.state not in (states.DRAFT, states.OPEN):
        raise WrongState
    guard_version(request, version)
    fields, skills, windows = cleaned(changes, request=request, now=now)
    HelpRequest.objects.filter(pk=request.pk).update(version=F("version") + 1, **fields)
    if skills is not None:
        request.skills.set(skills)
    if windows is not None:
        replace_windows(request, windows)
    if request.state == states.OPEN:
        note_change(request, by=by, now=now)
    return HelpRequest.objects.for_cards().get(pk=request.pk)


@transaction.atomic
def publish_request(
    *, request_id: object, by: User, now: datetime, consent: str = "self", version: int | None = None
) -> HelpRequest:
    """
    From now on the matcher sees it. `consent`: "self", or "oral" when a worker was told on the phone.

    Raises NotVisible, NotAllowed, WrongState, Invalid (something is still missing; `fields` says what).
    """
    request = lock_request(find(HelpRequest.objects.visible_to(by), request_id).pk)
    if not rules.may_change_request(by, request):
        raise NotAllowed
    states.request_after(request.state, "publish")
    guard_version(request, version)
    if consent not in (HelpRequest.Consent.SELF, HelpRequest.Consent.ORAL):
        raise Invalid(fields={"consent": [_("Ohne Einwilligung können wir niemanden fragen.")]})
    if consent == HelpRequest.Consent.SELF and by != request.resident:  # nobody else can have said it themselves
        raise Invalid(fields={"consent": [_("Ohne Einwilligung können wir niemanden fragen.")]})
    gaps = missing(request, now=now)
    if gaps:
        raise Invalid(fields=gaps)
    moments: dict[str, Any] = {"open_since": now, "consent_at": now, "delete_on": None}
    return request_step(request, "publish", by=by, now=now, consent=consent, consent_by=by, step=5, **moments)


@transaction.atomic
def withdraw_request(
    *, request_id: object, by: User, now: datetime, reason: str = "", version: int | None = None
) -> HelpRequest:
    """The resident does not need it any more. Whoever was waiting is thanked; confirmed matches end."""
    request = lock_request(find(HelpRequest.objects.visible_to(by), request_id).pk)
    if not rules.may_withdraw_request(by, request):
        raise NotAllowed
    states.request_after(request.state, "withdraw")
    guard_version(request, version)
    lock_loads(helpers_of([request.pk]))
    close_others(request, now=now, why="withdrawn")
    for match in request.matches.filter(state=states.CONFIRMED).order_by("pk"):
        end_confirmed(match, request, by=by, now=now, reason="withdrawn")
    return request_step(request, "withdraw", by=by, now=now, reason=reason)


def expire_requests(*, now: datetime) -> int:
    """The clock: open requests whose time is over and with nobody confirmed. Returns how many; safe to run twice."""
    today = timezone.localtime(now).date()
    open_ones = HelpRequest.objects.open().order_by("pk")
    flexible = open_ones.filter(timing=HelpRequest.Timing.FLEXIBLE, flexible_until__lt=today)
    dated = open_ones.filter(timing=HelpRequest.Timing.DATED).exclude(windows__end__gt=now)
    series = open_ones.filter(timing=HelpRequest.Timing.WEEKLY).exclude(windows__rule="").prefetch_related("windows")
    over = [request.pk for request in series if missing(request, now=now)]
    keys = [*flexible.values_list("pk", flat=True), *dated.values_list("pk", flat=True), *over]
    return sum(_lapse(pk, now=now) for pk in keys)


@transaction.atomic
def _lapse(pk: object, *, now: datetime) -> bool:
    request = lock_request(pk)
    still_meeting = request.matches.filter(state=states.CONFIRMED).exists()
    if request.state != states.OPEN or still_meeting or not missing(request, now=now):
        return False
    close_others(request, now=now, why="expired")
    request_step(request, "expire", by=None, now=now)
    return True
