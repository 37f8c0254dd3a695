"""A conversation opens with the confirmation of its match and closes some time after the end."""

import logging
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from matching import states
from matching.models import Match
from messaging.models import Conversation

log = logging.getLogger("gemeinsinn.messaging")
KEPT_DAYS = 30  # from the closing of the talk to its deletion
HAD_TALK = (states.CONFIRMED, states.ENDED, states.COMPLETED)


def open_conversation(*, match: Match, now: datetime) -> Conversation:
    """The one conversation of this confirmed match; the same again where it exists."""
    conversation, made = Conversation.objects.get_or_create(match=match, defaults={"opened_at": now})
    if made:
        log.info("conversation opened conversation=%s match=%s", conversation.pk, match.pk)
    return conversation


def close_conversation(*, match: Match, now: datetime) -> Conversation:
    """From `now` on the two may write for as many days as their quarter says; a closing once set stays."""
    conversation = open_conversation(match=match, now=now)
    closes_at = now + timedelta(days=match.request.quarter.talk_open_days)
    delete_on = timezone.localdate(closes_at) + timedelta(days=KEPT_DAYS)
    rows = Conversation.objects.filter(pk=conversation.pk, closes_at=None)
    if rows.update(closes_at=closes_at, delete_on=delete_on):
        log.info("conversation closes conversation=%s", conversation.pk)
    conversation.refresh_from_db()
    return conversation


def open_missing_conversations(*, now: datetime) -> int:
    """
    Open and close what an interruption left undone between a match's commit and our hearing of it.

    Returns how many conversations it had to mend.
    """
    unheard = Q(conversation=None) | Q(conversation__closes_at=None) & ~Q(state=states.CONFIRMED)
    matches = Match.objects.filter(unheard, state__in=HAD_TALK, confirmed_at__isnull=False)
    # a talk is removed long before its match: what is missing after so many days is missing on purpose
    matches = matches.exclude(ended_at__lt=now - timedelta(days=KEPT_DAYS))
    mended = 0
    for match in matches.select_related("request__quarter"):
        _follow(match, now)
        mended += 1
    return mended


def _follow(match: Match, now: datetime) -> None:
    if match.state == states.CONFIRMED:
        open_conversation(match=match, now=now)
    else:
        close_conversation(match=match, now=match.ended_at or now)
