"""The moves of a match, as in the table of product.md. Each returns the match in its new state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User, VolunteerProfile
from accounts.reach import only_by_phone
from core.database import clash_means, find
from core.errors import Invalid, NotAllowed, WrongState
from matching import rules, states
from matching.actions.orders import write_order
from matching.actions.steps import (
    all_held,
    close_others,
    drop_appointments,
    end_confirmed,
    free_place,
    guard_version,
    helpers_of,
    hold_place,
    holds_place,
    lock_loads,
    lock_request,
    record,
    request_step,
    step,
)
from matching.calls import hours
from matching.code_words import fresh_word
from matching.errors import AlreadyFilled, DeadlinePassed, PlacesHeld
from matching.models import Appointment, HelpRequest, Match
from matching.models.matches import GONE

URGENT_FACTOR = 4  # an urgent request asks for an answer in a quarter of the usual time
OFFICE_SHARE = 6  # a sixth of the time is office hours for those the office calls: of two days one working day


@transaction.atomic
def release_match(
    *, match_id: object, by: User | None, now: datetime, version: int | None = None, **_words: Any
) -> Match:
    """
    A worker (or the policy: `by` None) lets the volunteer be asked; the deadline of the quarter starts, and leaves
    the office hours enough to call whoever has only a telephone.

    Raises NotVisible, NotAllowed, WrongState, PlacesHeld (nobody is asked for a place that somebody said yes to).
    """
    match, request = _opened(match_id, by=by, move="release", version=version)
    if all_held(request):
        raise PlacesHeld
    step(match, "release", by=by, now=now, asked_at=now, deadline=_deadline(match, request, now=now))
    VolunteerProfile.objects.filter(user=match.volunteer_id).update(last_asked_at=now)
    return match


@transaction.atomic
def reject_match(
    *, match_id: object, by: User, now: datetime, reason: str = "", version: int | None = None, **_words: Any
) -> Match:
    """A worker says no to this pair, with a reason; it is remembered and never proposed again."""
    if not reason.strip():
        raise Invalid(fields={"reason": [_("Bitte sagen Sie kurz, warum diese beiden nicht zueinander passen.")]})
    match, request = _opened(match_id, by=by, move="reject", version=version)
    held = holds_place(match)
    step(match, "reject", by=by, now=now, reason=reason, end_reason=reason.strip()[:200])
    if held:
        free_place(request)
    return match


@transaction.atomic
def accept_match(
    *, match_id: object, by: User, now: datetime, spoken: bool = False, version: int | None = None, **_words: Any
) -> Match:
    """
    The volunteer who was asked says yes, or a worker heard it (`spoken`); the first yes holds the place.

    Raises NotVisible, NotAllowed, WrongState, DeadlinePassed, AlreadyFilled ("someone was faster"), Invalid.
    """
    match, request = _opened(match_id, by=by, move="accept", version=version)
    on_word = _passed_on(by.pk != match.volunteer_id, spoken)
    if match.deadline and match.deadline < now:
        raise DeadlinePassed
    with clash_means(AlreadyFilled):
        hold_place(request)
    return step(match, "accept", by=by, now=now, spoken=on_word, accepted_at=now)


@transaction.atomic
def decline_match(
    *,
    match_id: object,
    by: User,
    now: datetime,
    reason: str = "",
    spoken: bool = False,
    version: int | None = None,
    **_words: Any,
) -> Match:
    """The volunteer says "not this time", also on the telephone (`spoken`), with or without a reason."""
    match, _request = _opened(match_id, by=by, move="decline", version=version)
    on_word = _passed_on(by.pk != match.volunteer_id, spoken)
    return step(match, "decline", by=by, now=now, reason=reason, spoken=on_word, end_reason=reason.strip()[:200])


@transaction.atomic
def clear_match(*, match_id: object, by: User, now: datetime, version: int | None = None, **_words: Any) -> Match:
    """
    A worker looked at a self-offer and lets it through to the resident; from now on it holds the place.

    Raises NotVisible, NotAllowed, WrongState (nothing to look at), AlreadyFilled.
    """
    request = lock_request(find(Match.objects.visible_to(by), match_id).request_id)
    match = Match.objects.select_related("request__quarter").get(pk=match_id)
    if not rules.may_review(by, match):
        raise WrongState if rules.may_propose(by, request) and not match.needs_review else NotAllowed
    guard_version(match, version)
    if rules.are_apart(match):
        raise WrongState
    hold_place(request)
    Match.objects.filter(pk=match.pk).update(needs_review=False, version=F("version") + 1)
    match.refresh_from_db()
    record(match, "clear", before=match.state, by=by, now=now)
    return match


@transaction.atomic
def confirm_match(
    *, match_id: object, by: User, now: datetime, spoken: bool = False, version: int | None = None, **_words: Any
) -> Match:
    """
    The resident (or a trusted person, or a worker on the resident's spoken word: `spoken`) says yes.

    Writes the dated order, proposes the first common time, fills the request when this was the last place, and
    thanks everybody still waiting. Raises NotVisible, NotAllowed, WrongState, AlreadyFilled, Invalid.
    """
    match, request = _opened(match_id, by=by, move="confirm", version=version)
    on_word = _passed_on(not roles.acts_for(by, match.resident), spoken)
    _take_place(request)
    lock_loads(helpers_of([request.pk]))  # theirs and, where this fills the request, of everybody who waits
    word = fresh_word(resident_id=match.resident_id, volunteer_id=match.volunteer_id)
    step(match, "confirm", by=by, now=now, spoken=on_word, confirmed_at=now, code_word=word)
    VolunteerProfile.objects.filter(user=match.volunteer_id).update(confirmed_pairs=F("confirmed_pairs") + 1)
    write_order(match, now=now)
    _propose_first_time(match, request, now=now)
    if request.confirmed_helpers == request.helpers_needed:
        request_step(request, "fill", by=by, now=now)
        close_others(request, now=now, why="filled")
    return match


@transaction.atomic
def refuse_match(
    *,
    match_id: object,
    by: User,
    now: datetime,
    reason: str = "",
    spoken: bool = False,
    version: int | None = None,
    **_words: Any,
) -> Match:
    """The resident (also on the telephone: `spoken`) kindly prefers somebody else; the volunteer is not told why."""
    match, request = _opened(match_id, by=by, move="refuse", version=version)
    on_word = _passed_on(not roles.acts_for(by, match.resident), spoken)
    step(match, "refuse", by=by, now=now, spoken=on_word, end_reason=reason.strip()[:200])
    free_place(request)
    return match


@transaction.atomic
def end_match(
    *, match_id: object, by: User, now: datetime, reason: str = "", version: int | None = None, **_words: Any
) -> Match:
    """
    A confirmed match ends early; the request opens again by itself and keeps its waiting time.

    `reason`: in their own words, which never read as one of ours (`models.matches.GONE`).
    """
    match, request = _opened(match_id, by=by, move="end", version=version)
    end_confirmed(match, request, by=by, now=now, reason=reason.capitalize() if reason in GONE else reason)
    if request.state == states.FILLED:
        request_step(request, "reopen", by=None, now=now, reason="match ended")
    return match


@transaction.atomic
def complete_match(*, match_id: object, by: User, now: datetime, version: int | None = None, **_words: Any) -> Match:
    """The help was given. When every helper of a filled request is through, the request is done."""
    match, request = _opened(match_id, by=by, move="complete", version=version)
    step(match, "complete", by=by, now=now)
    match.appointments.filter(state=Appointment.State.AGREED, start__lte=now).update(state=Appointment.State.DONE)
    drop_appointments(match)
    if request.state == states.FILLED and not request.matches.filter(state__in=states.LIVE).exists():
        request_step(request, "finish", by=by, now=now)
    return match


def expire_matches(*, now: datetime) -> int:
    """The clock: everybody asked whose deadline has passed. Returns how many expired; safe to run twice."""
    late = Match.objects.filter(state=states.ASKED, deadline__lt=now).order_by("pk")
    return sum(_expire(pk, now=now) for pk in late.values_list("pk", flat=True))


VERBS: dict[str, Callable[..., Match]] = {
    "clear": clear_match,
    "release": release_match,
    "reject": reject_match,
    "accept": accept_match,
    "decline": decline_match,
    "confirm": confirm_match,
    "refuse": refuse_match,
    "end": end_match,
    "complete": complete_match,
}


def move_match(*, match_id: object, move: str, by: User, now: datetime, **words: Any) -> Match:
    """
    The move with this name. `words`: reason (str), version (int | None), spoken (bool); a verb takes what it needs.

    Raises what the verb raises, and WrongState for a name the table does not know.
    """
    if move not in VERBS:
        raise WrongState
    return VERBS[move](match_id=match_id, by=by, now=now, **words)


@transaction.atomic
def _expire(pk: object, *, now: datetime) -> bool:
    request = lock_request(Match.objects.values_list("request_id", flat=True).get(pk=pk))
    match = Match.objects.get(pk=pk)
    if match.state != states.ASKED or match.deadline is None or match.deadline >= now:
        return False
    if all_held(request):  # they could not have said yes: thanked, and asked again another time
        step(match, "close", by=None, now=now, reason="held", end_reason="held")
    else:
        step(match, "expire", by=None, now=now)
    return True


def _opened(match_id: object, *, by: User | None, move: str, version: int | None) -> tuple[Match, HelpRequest]:
    """The match and its locked request, if this person sees it and may make this move from its present state."""
    rows = Match.objects.visible_to(by) if by else Match.objects.all()
    request = lock_request(find(rows, match_id).request_id)
    match = Match.objects.select_related("request__quarter", "resident", "volunteer").get(pk=match_id)
    if by and not rules.may_move(by, match, move):
        raise NotAllowed
    states.after(match.state, move)
    guard_version(match, version)
    if move in rules.BRINGS_TOGETHER and rules.are_apart(match):  # about to be closed (`leaving.part_pairs`)
        raise WrongState
    return match, request


def _deadline(match: Match, request: HelpRequest, *, now: datetime) -> datetime:
    urgent = request.urgency == HelpRequest.Urgency.URGENT
    lasting = timedelta(hours=request.quarter.answer_hours) / (URGENT_FACTOR if urgent else 1)
    if not only_by_phone(match.volunteer):
        return now + lasting
    return max(now + lasting, hours.after_open(lasting / OFFICE_SHARE, since=now))


def _passed_on(by_another: bool, spoken: bool) -> bool:
    """Is this the word of somebody on the telephone? A worker says so, or nothing is entered. Raises Invalid."""
    if by_another and not spoken:
        raise Invalid(fields={"spoken": [_("Bitte bestätigen Sie, dass die Person das mündlich gesagt hat.")]})
    return by_another


def _take_place(request: HelpRequest) -> None:
    left = HelpRequest.objects.filter(pk=request.pk, state=states.OPEN, confirmed_helpers__lt=F("helpers_needed"))
    if not left.update(confirmed_helpers=F("confirmed_helpers") + 1):
        raise AlreadyFilled
    request.refresh_from_db(fields=["confirmed_helpers"])


def _propose_first_time(match: Match, request: HelpRequest, *, now: datetime) -> None:
    """What the matcher found becomes the first proposal in the talk; the two agree or choose another."""
    if match.slot_start and match.slot_start > now:
        end = match.slot_start + timedelta(minutes=request.duration_minutes)
        Appointment.objects.create(match=match, start=match.slot_start, end=end, created_at=now)
