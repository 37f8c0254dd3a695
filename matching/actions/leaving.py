"""
Somebody stops helping, or goes for good: what they had promised ends, and whoever waited hears it as always.

Whoever only wants to help fewer people at a time keeps what they know of; proposals they never heard of give way.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from accounts.actions.profiles import end_helping
from accounts.models import User, VolunteerProfile
from accounts.roles import profile_of
from accounts.rules import may_change_profile
from core.database import find
from core.errors import NotVisible
from matching import states
from matching.actions.steps import (
    end_confirmed,
    free_place,
    helpers_of,
    holds_place,
    lock_loads,
    lock_request,
    lock_requests,
    request_step,
    step,
)
from matching.models import HelpRequest, Match
from matching.models.matches import APART, LEFT, NO_ROOM


def part_pairs(*, one: User, other: User, now: datetime) -> int:
    """
    One of the two wants no contact: whatever waits between them closes, so that nobody is asked or confirmed after it.

    A confirmed match stays until somebody ends it, as the page says. Returns how many closed; safe to run twice.
    """
    both = Q(resident=one, volunteer=other) | Q(resident=other, volunteer=one)
    waiting = Match.objects.filter(both, state__in=states.WAITING).order_by("pk").values_list("pk", "request_id")
    return sum(_part(pk, request_id, now=now) for pk, request_id in list(waiting))


def stop_helping(*, person_id: object, by: User, now: datetime) -> int:
    """
    The volunteer helps no more: every pair ends, visits are called off, requests look for somebody else.

    By themselves, or by their quarter's worker on their word. Within VETTING_KEPT_DAYS they may begin again
    (`become_volunteer`) with what they offered. Returns how many pairs ended. Raises NotVisible.
    """
    person = find(User.objects.visible_to(by), person_id)
    profile = profile_of(person)
    if profile is None or not may_change_profile(by, person):
        raise NotVisible
    with transaction.atomic():
        ended = leave_all(person, by=by, now=now)
        profile.refresh_from_db()
        end_helping(profile, by=by, now=now)
    # On PostgreSQL they could still be proposed until this was committed; from here on `take_load` refuses it.
    return ended + leave_all(person, by=by, now=now)


@transaction.atomic
def leave_all(person: User, *, by: User, now: datetime) -> int:
    """This person is gone from every pair in which they help. Returns how many ended; safe to run twice."""
    live = Match.objects.live().filter(volunteer=person)
    requests = lock_requests(live.values("request"))
    rows = live.filter(request__in=requests).select_related("request__quarter", "resident", "volunteer")
    matches = list(rows.order_by("pk"))
    for match in matches:
        _leave(match, requests[match.request_id], by=by, now=now)
    return len(matches)


def lock_all_of(person: User) -> None:
    """
    Everything that moves when this person goes for good, held before the first of it does.

    Their requests and those they help in, and the profile of everybody who helps there.
    """
    asked = Q(resident=person, state__in=(states.OPEN, states.FILLED))
    helped = Q(pk__in=Match.objects.live().filter(volunteer=person).values("request"))
    lock_loads(helpers_of(lock_requests(HelpRequest.objects.filter(asked | helped).values("pk"))))


@transaction.atomic
def make_room(*, person: User, capacity: int, now: datetime) -> int:
    """
    The volunteer wants to help this many at a time: proposals beyond it close unheard, the worst fit first.

    Their requests are looked for anew by the next round, which may find the same two again. Whoever was asked already
    stays, also beyond it. Returns how many closed.

    What is proposed between the first look and the lock on the profile is looked at too, but for what somebody else
    moves just now: that holds the number up like what they know of.
    """
    silent = Match.objects.filter(volunteer=person, state=states.PROPOSED)
    lock_requests(silent.values("request"))
    profile = VolunteerProfile.objects.select_for_update(of=("self",)).filter(user=person).first()
    beyond = max(profile.live_matches - capacity, 0) if profile else 0
    free = lock_requests(silent.values("request"), only_free=True) if beyond else {}
    rows = silent.filter(request__in=free).select_related("request", "volunteer")
    worst = rows.order_by(F("score").asc(nulls_first=True), "-proposed_at", "pk")[:beyond]
    return sum(bool(step(match, "close", by=None, now=now, reason=NO_ROOM, end_reason=NO_ROOM)) for match in worst)


def _leave(match: Match, request: HelpRequest, *, by: User, now: datetime) -> None:
    """
    The volunteer of this match is gone: it closes or ends, its place is free and its request looks again.

    `by`: the volunteer, or the worker who heard it from them; kept as passed on, so that nobody tells them of it.
    """
    if match.state == states.CONFIRMED:
        end_confirmed(match, request, by=by, now=now, reason=LEFT, spoken=by.pk != match.volunteer_id)
        if request.state == states.FILLED:
            request_step(request, "reopen", by=None, now=now, reason="match ended")
    else:
        _close(match, request, by=by, now=now, why=LEFT)


@transaction.atomic
def _part(pk: UUID, request_id: UUID, *, now: datetime) -> bool:
    request = lock_request(request_id)
    match = Match.objects.get(pk=pk)
    if match.state not in states.WAITING:
        return False
    _close(match, request, by=None, now=now, why=APART)  # nobody reads whose wish it was
    return True


def _close(match: Match, request: HelpRequest, *, by: User | None, now: datetime, why: str) -> None:
    held = holds_place(match)
    spoken = by is not None and by.pk != match.volunteer_id
    step(match, "close", by=by, now=now, reason=why, spoken=spoken, end_reason=why)
    if held:
        free_place(request)
