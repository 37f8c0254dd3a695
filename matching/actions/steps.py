"""
One step of a match or a request, the same on both databases: guarded UPDATE, event, counters, announcement.

Every verb locks the request's row first, so that verbs on one request follow each other; the guarded UPDATE and the
constraints have the last word where row locks do nothing (SQLite). Whoever moves several holds first their requests
and then the profiles, each in the order of their keys: so no two verbs wait for each other in a ring.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import User, VolunteerProfile
from core.errors import StaleScreen
from matching import signals, states
from matching.errors import AlreadyFilled, NoCapacity
from matching.models import BookedSlot, HelpRequest, Match, MatchEvent, RequestEvent

KEEP_AFTER_END = timedelta(days=365)  # data of a finished match or request


def lock_request(pk: object) -> HelpRequest:
    """The request's row, held until the end of the transaction."""
    return _held().get(pk=pk)


def lock_requests(keys: Iterable[UUID] | QuerySet, *, only_free: bool = False) -> dict[UUID, HelpRequest]:
    """
    Several requests' rows by their keys, held like one; before the first of their matches moves.

    `only_free`: without those that somebody else holds, for whoever holds a profile already and must not wait.
    """
    rows = _held(only_free).filter(pk__in=keys)
    return {request.pk: request for request in rows.order_by("pk")}


def lock_loads(people: Iterable[UUID] | QuerySet) -> None:
    """The profiles of all these users, held before one of them changes; their requests are held already."""
    list(VolunteerProfile.objects.select_for_update().filter(user__in=people).order_by("user_id").values_list("pk"))


def helpers_of(requests: Iterable[UUID]) -> QuerySet:
    """The users with a live match on one of these requests, for `lock_loads`."""
    return Match.objects.live().filter(request__in=requests).values("volunteer")


def _held(only_free: bool = False) -> QuerySet[HelpRequest]:
    rows = HelpRequest.objects.select_for_update(of=("self",), skip_locked=only_free)
    return rows.select_related("quarter", "resident__quarter", "place")


def step(
    match: Match,
    move: str,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    spoken: bool = False,
    **changes: Any,
) -> Match:
    """
    Make one move of the table: the row, its event, the volunteer's load, the news.

    `by` None: the clock or the system. Raises WrongState, or StaleScreen when somebody else moved it meanwhile.
    """
    before, after = match.state, states.after(match.state, move)
    if after not in states.LIVE:
        changes = {"ended_at": now, "delete_on": keep_until(now)} | changes
    rows = Match.objects.filter(pk=match.pk, state=before, version=match.version)
    if not rows.update(state=after, version=F("version") + 1, **changes):
        raise StaleScreen
    if before in states.LIVE and after not in states.LIVE:
        drop_load(match)
    match.refresh_from_db()
    record(match, move, before=before, by=by, now=now, reason=reason, spoken=spoken)
    return match


def record(
    match: Match, move: str, *, before: str, by: User | None, now: datetime, reason: str = "", spoken: bool = False
) -> None:
    """Append the event and tell the house after commit."""
    MatchEvent.objects.create(
        match=match,
        move=move,
        before=before,
        after=match.state,
        by=by,
        reason=reason.strip()[:200],
        spoken=spoken,
        at=now,
    )
    signals.announce(match, move=move, by=by, at=now, spoken=spoken)


def request_step(
    request: HelpRequest, move: str, *, by: User | None, now: datetime, reason: str = "", **changes: Any
) -> HelpRequest:
    """One move of a request: the row, its event, the news. Raises WrongState or StaleScreen."""
    before, after = request.state, states.request_after(request.state, move)
    if after in (states.DONE, states.WITHDRAWN, states.LAPSED):
        changes |= {"ended_at": now, "end_reason": reason.strip()[:40], "delete_on": keep_until(now)}
    rows = HelpRequest.objects.filter(pk=request.pk, state=before)
    if not rows.update(state=after, version=F("version") + 1, **changes):
        raise StaleScreen
    request.refresh_from_db()
    RequestEvent.objects.create(
        request=request, move=move, before=before, after=after, by=by, reason=reason.strip()[:200], at=now
    )
    signals.announce_request(request, move=move, by=by, at=now)
    return request


def note_change(request: HelpRequest, *, by: User, now: datetime) -> None:
    """An open request was changed: its state stays, its story says so, and the house hears of it."""
    RequestEvent.objects.create(
        request=request, move="change", before=request.state, after=request.state, by=by, at=now
    )
    signals.announce_request(request, move="change", by=by, at=now)


def take_load(volunteer: User) -> None:
    """One more live match for this volunteer, unless they stopped or hold as many as they want. Raises NoCapacity."""
    free = VolunteerProfile.objects.filter(user=volunteer, stopped_at=None, live_matches__lt=F("capacity"))
    if not free.update(live_matches=F("live_matches") + 1):
        raise NoCapacity


def drop_load(match: Match) -> None:
    """One live match less for its volunteer."""
    rows = VolunteerProfile.objects.filter(user=match.volunteer_id, live_matches__gt=0)
    rows.update(live_matches=F("live_matches") - 1)


def hold_place(request: HelpRequest) -> None:
    """Somebody said yes: one helper place is spoken for. Raises AlreadyFilled when none is left."""
    left = HelpRequest.objects.filter(pk=request.pk, state=states.OPEN, accepted_helpers__lt=F("helpers_needed"))
    if not left.update(accepted_helpers=F("accepted_helpers") + 1):
        raise AlreadyFilled


def free_place(request: HelpRequest, *, confirmed: bool = False) -> None:
    """A yes was taken back: the place is free again."""
    changes: dict[str, Any] = {"accepted_helpers": F("accepted_helpers") - 1}
    if confirmed:
        changes["confirmed_helpers"] = F("confirmed_helpers") - 1
    HelpRequest.objects.filter(pk=request.pk, accepted_helpers__gt=0).update(**changes)
    request.refresh_from_db(fields=["accepted_helpers", "confirmed_helpers"])


def all_held(request: HelpRequest) -> bool:
    """As many said yes as are needed; who is only asked hears kindly that somebody was faster."""
    return request.accepted_helpers >= request.helpers_needed


def holds_place(match: Match) -> bool:
    """A yes that counts: not one that a worker still has to look at."""
    return match.state == states.CONFIRMED or (match.state == states.ACCEPTED and not match.needs_review)


def close_others(request: HelpRequest, *, now: datetime, why: str) -> None:
    """Everybody still waiting on this request is thanked and told at once; in the order of `lock_loads`."""
    for match in request.matches.filter(state__in=states.WAITING).order_by("volunteer_id", "pk"):
        held = holds_place(match)
        step(match, "close", by=None, now=now, reason=why, end_reason=why)
        if held:
            free_place(request)


def end_confirmed(
    match: Match, request: HelpRequest, *, by: User, now: datetime, reason: str, spoken: bool = False
) -> None:
    """A confirmed match ends: its later appointments fall away and its place is free again."""
    step(match, "end", by=by, now=now, reason=reason, spoken=spoken, end_reason=reason.strip()[:200])
    drop_appointments(match)
    free_place(request, confirmed=True)


def drop_appointments(match: Match) -> None:
    """What the two had arranged for later is called off, quarter-hours are free; a visit begun counts."""
    now = match.ended_at
    begun = match.appointments.filter(state=states.AGREED, arrived_at__isnull=False)
    begun.update(state=states.DONE_VISIT, version=F("version") + 1)
    open_ones = match.appointments.filter(state__in=[states.PROPOSED, states.AGREED])
    BookedSlot.objects.filter(appointment__in=open_ones).delete()
    open_ones.update(state=states.CANCELLED, version=F("version") + 1, cancelled_at=now)
    match.series.filter(ended_at__isnull=True).update(ended_at=now, delete_on=match.delete_on)


def guard_version(thing: Match | HelpRequest, version: int | None) -> None:
    """The page says which version it showed; another one is a conflict, not an overwrite."""
    if version is not None and version != thing.version:
        raise StaleScreen


def keep_until(now: datetime) -> date:
    """By the calendar here: what ended half an hour after midnight is kept as long as what ended at noon."""
    return timezone.localdate(now) + KEEP_AFTER_END
