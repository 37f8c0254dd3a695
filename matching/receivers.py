"""What matching listens to."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts import triggers
from accounts.models import Block, Suspension, User
from matching.actions.calendar_feeds import revoke_calendar_feed
from matching.actions.leaving import make_room, part_pairs
from matching.actions.suspensions import let_suspended_go
from matching.actions.waves import is_missed, next_wave
from matching.models import HelpRequest, Match

_PAIR = "SELECT {row}.volunteer_id"
_BOTH = (
    "SELECT volunteer_id FROM matching_match WHERE id = {row}.match_id "
    "UNION SELECT resident_id FROM matching_match WHERE id = {row}.match_id"
)
WATCHED = (
    triggers.Watch("matching_match", _PAIR, ("volunteer_id", "state", "slot_start")),
    triggers.Watch("matching_appointment", _BOTH),
)


def make_triggers(**_: Any) -> None:
    """A match or an appointment changes what its volunteer has free."""
    triggers.install(WATCHED)


def hear_match_moved(sender: type, match: Match, move: str, at: datetime, **_: Any) -> None:
    """Somebody left: the next best is asked, in a transaction of its own. Not for a request that went with its data."""
    if is_missed(match, move) and HelpRequest.objects.filter(pk=match.request_id).exists():
        next_wave(request_id=match.request_id, now=at)


def hear_block_changed(sender: type, blocker: User, blocked: User, **_: Any) -> None:
    """Two who are apart now are asked for each other no more; a block that was lifted changes nothing."""
    if blocker.pk and blocked.pk and Block.objects.filter(blocker=blocker, blocked=blocked).exists():
        part_pairs(one=blocker, other=blocked, now=timezone.now())


def hear_capacity_wanted(sender: type, person: User, capacity: int, at: datetime, **_: Any) -> None:
    """Less time is believed: what only the matcher and the desk had in view for them gives way."""
    make_room(person=person, capacity=capacity, now=at)


def hear_sessions_cut(sender: type, person: User, **_: Any) -> None:
    """Whoever once held the person's phone may have kept the calendar's secret address; it opens nothing any more."""
    if person.pk:  # else erased, and the address with them
        revoke_calendar_feed(by=person)


def hear_suspension_moved(sender: type, suspension: Suspension, move: str, at: datetime, **_: Any) -> None:
    """Somebody must stay away: their pairs end now, whoever needs help is looked for anew."""
    if move == "propose":
        let_suspended_go(now=at, person=suspension.user)
