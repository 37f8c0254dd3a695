"""A talk rests: because one of the two wants no contact, or because a worker pauses both sides."""

import logging
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction

from accounts.actions import people
from accounts.models import Block, User
from core.database import find
from core.errors import NotVisible
from matching.models import Match
from messaging import rules
from messaging.models import Conversation
from messaging.wake import wake

log = logging.getLogger("gemeinsinn.messaging")


def block_in_talk(*, conversation_id: object, by: User, now: datetime) -> Block:
    """`by` wants no contact with the other of this talk; it shuts for both, nobody is told why. Raises NotVisible."""
    return people.block(other=_other(conversation_id, by), by=by, now=now)


def unblock_in_talk(*, conversation_id: object, by: User, now: datetime) -> None:
    """Contact is possible again. Raises NotVisible."""
    people.unblock(other=_other(conversation_id, by), by=by, now=now)


@transaction.atomic
def pause_talk(*, match_id: object, by: User, now: datetime) -> Conversation:
    """A worker lets both sides rest: nobody writes until it is lifted. Twice is once. Raises NotVisible."""
    return _set_pause(match_id, by, now)


@transaction.atomic
def resume_talk(*, match_id: object, by: User) -> Conversation:
    """Both may write again. Raises NotVisible."""
    return _set_pause(match_id, by, None)


def tell_talk_moved(talk: Conversation, *, shut: bool) -> None:
    """Both devices look again; they hear that the talk is shut, never by whom."""
    news = {"type": "event", "kind": "talk_moved", "id": str(talk.pk), "match": str(talk.match_id)}
    wake(talk.member_ids, news | {"move": "shut" if shut else "open"})


def _set_pause(match_id: object, by: User, at: datetime | None) -> Conversation:
    talk = find_for_worker(match_id, by)
    rows = Conversation.objects.filter(pk=talk.pk, paused_at__isnull=at is not None)
    if rows.update(paused_at=at, paused_by=by if at else None):
        log.info("talk %s conversation=%s by=%s", "paused" if at else "resumed", talk.pk, by.pk)
        transaction.on_commit(partial(tell_talk_moved, talk, shut=at is not None or rules.are_apart(talk)))
    talk.refresh_from_db()
    return talk


def find_for_worker(match_id: object, by: User) -> Conversation:
    """The talk of a match of the worker's quarters that is not their own. Raises NotVisible."""
    match = find(Match.objects.select_related("request__quarter"), match_id)
    if not rules.may_pause(by, match):
        raise NotVisible
    talk = Conversation.objects.select_related("match").filter(match=match).first()
    if talk is None:
        raise NotVisible
    return talk


def _other(conversation_id: object, by: User) -> User:
    talk = find(
        Conversation.objects.visible_to(by).select_related("match__resident", "match__volunteer"), conversation_id
    )
    return talk.match.volunteer if by.pk == talk.match.resident_id else talk.match.resident


def talks_between(one: UUID, other: UUID) -> list[Conversation]:
    """All conversations these two have with each other."""
    rows = Conversation.objects.of_any([one]).select_related("match")
    return [talk for talk in rows if other in talk.member_ids]
