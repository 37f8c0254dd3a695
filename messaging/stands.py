"""
How a match, its appointments and its talk stand, as one short word for each conversation.

Not a stream of events that a device could miss: every greeting and every heartbeat brings the present word, and a
device that holds another one loads anew. So all devices agree after 25 s, whatever was lost between.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.utils import timezone

from matching.models import Appointment
from messaging import rules
from messaging.models import Conversation


def stands_of(matches: dict[UUID, str]) -> dict[UUID, str]:
    """By match; `matches` brings their states. Equal words mean that nothing changed."""
    parts = {match: [state] for match, state in matches.items()}
    for match, writing in _writing(parts):
        parts[match].append(writing)
    rows = Appointment.objects.filter(match__in=list(parts)).order_by("id")
    for match, *stand in rows.values_list("match", "id", "state", "start", "end"):
        parts[match].append(" ".join(map(str, stand)))
    return {match: _short(found) for match, found in parts.items()}


def _writing(matches: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Whether one may write, and until when; why not is no business of a device."""
    now, talks = timezone.now(), list(Conversation.objects.filter(match__in=list(matches)).select_related("match"))
    apart = rules.pairs_apart({member for talk in talks for member in talk.member_ids})
    return [
        (talk.match_id, "shut" if frozenset(talk.member_ids) in apart or not rules.is_open(talk, now) else "open")
        for talk in talks
    ]


def _short(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
