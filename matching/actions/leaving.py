"""Somebody stops helping, or goes for good: what they had promised ends, and whoever waited hears it as always."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from accounts.actions.profiles import end_helping
from accounts.models import User
from accounts.roles import profile_of
from accounts.rules import may_change_profile
from core.database import find
from core.errors import NotVisible
from matching import states
from matching.actions.steps import end_confirmed, free_place, holds_place, lock_request, request_step, step
from matching.models import HelpRequest, Match

LEFT = "left"  # why such a match is over
APART = "apart"  # and why one of two who want no contact is


def part_pairs(*, one: User, other: User, now: datetime) -> list[UUID]:
    """
    One of the two wants no contact: whatever waits between them closes, so that nobody is asked or confirmed after it.

    A confirmed match stays until somebody ends it, as the page says. Returns the requests that lost somebody; safe to
    run twice.
    """
    both = Q(resident=one, volunteer=other) | Q(resident=other, volunteer=one)
    waiting = Match.objects.filter(both, state__in=states.WAITING).order_by("pk").values_list("pk", "request_id")
    return [request_id for pk, request_id in list(waiting) if _part(pk, request_id, now=now)]


@transaction.atomic
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
    live = Match.objects.filter(volunteer=person, state__in=states.LIVE).order_by("pk")
    keys = list(live.values_list("pk", flat=True))
    for key in keys:
        leave_match(match_id=key, now=now)
    profile.refresh_from_db()
    end_helping(profile, by=by, now=now)
    return len(keys)


@transaction.atomic
def leave_match(*, match_id: object, now: datetime) -> Match:
    """The volunteer of this match is gone: it closes or ends, its place is free and its request looks again."""
    request = lock_request(Match.objects.values_list("request_id", flat=True).get(pk=match_id))
    match = Match.objects.select_related("request__quarter", "resident", "volunteer").get(pk=match_id)
    if match.state == states.CONFIRMED:
        end_confirmed(match, request, by=match.volunteer, now=now, reason=LEFT)
        if request.state == states.FILLED:
            request_step(request, "reopen", by=None, now=now, reason="match ended")
    elif match.state in states.WAITING:
        _close(match, request, now=now, why=LEFT)
    return match


@transaction.atomic
def _part(pk: UUID, request_id: UUID, *, now: datetime) -> bool:
    request = lock_request(request_id)
    match = Match.objects.get(pk=pk)
    if match.state not in states.WAITING:
        return False
    _close(match, request, now=now, why=APART)
    return True


def _close(match: Match, request: HelpRequest, *, now: datetime, why: str) -> None:
    held = holds_place(match)
    step(match, "close", by=None, now=now, reason=why, end_reason=why)
    if held:
        free_place(request)
