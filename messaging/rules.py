"""Small questions about a conversation, answered yes or no."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from accounts import roles
from accounts.models import User
from core.database import key_out, keys_in, places, rows_of
from matching.models import Match
from messaging.models import Conversation, Message
from messaging.outbox import push
from messaging.sending import LockedTalk

MAY_DELETE = timedelta(minutes=15)
# asking for both sides at once, SQLite would try every pair
_BLOCKED_BY = "SELECT blocker_id, blocked_id FROM accounts_block WHERE blocker_id IN ({people})"


def is_open(conversation: Conversation | LockedTalk, now: datetime) -> bool:
    """Writing is possible: the match runs, or ended only a short while ago, and no worker paused the talk."""
    return conversation.paused_at is None and (conversation.closes_at is None or now < conversation.closes_at)


def are_apart(conversation: Conversation | LockedTalk) -> bool:
    """One of the two blocked the other."""
    return bool(pairs_apart(conversation.member_ids))


def resting(matches: Collection[Match]) -> set[UUID]:
    """
    The matches whose talk is shut by one of the two or by the office.

    No address opens meanwhile, no time is arranged, and nobody learns why.
    """
    if not matches:
        return set()
    paused = Conversation.objects.filter(match__in=matches, paused_at__isnull=False).values_list("match_id", flat=True)
    apart = pairs_apart(person for match in matches for person in (match.resident_id, match.volunteer_id))
    shut = {match.pk for match in matches if frozenset((match.resident_id, match.volunteer_id)) in apart}
    return shut.union(paused)


def pairs_apart(people: Iterable[UUID]) -> set[frozenset[UUID]]:
    """The pairs among these people of whom one blocked the other."""
    known = set(people)
    if not known:
        return set()
    rows = rows_of(_BLOCKED_BY.format(people=places(len(known))), keys_in(known))
    pairs = [frozenset(map(key_out, row)) for row in rows]
    return {pair for pair in pairs if pair <= known}


def may_write(user: User, conversation: Conversation | LockedTalk, now: datetime) -> bool:
    """One of the two, not suspended, the talk open and nobody blocked."""
    member = user.pk in conversation.member_ids and not user.suspended_at
    return member and is_open(conversation, now) and not are_apart(conversation)


def may_delete(message: Message, now: datetime) -> bool:
    """Young enough to be taken back, and not taken back yet. Whose it is, asks the verb."""
    return message.deleted_at is None and now - message.stored_at < MAY_DELETE


def may_pause(worker: User, match: Match) -> bool:
    """A worker of the request's quarter who is neither of the two."""
    return roles.works_in(worker, match.request.quarter) and worker.pk not in (match.resident_id, match.volunteer_id)


def hears_online(person: User | None) -> bool:
    """Looks at their own page or mail; whoever does not is called."""
    return bool(person and person.email and person.channel == User.Channel.ONLINE)


def may_have_devices(person: User) -> bool:
    """Who works in the office sits at shared machines: nothing lights up there for the next one to see."""
    return push.is_on() and not roles.needs_second_factor(person)


def push_key_for(person: User) -> str:
    """What a browser of theirs needs to be told; "" where none may."""
    return push.public_key() if may_have_devices(person) else ""
