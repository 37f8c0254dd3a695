"""
How a match and its appointments stand, as one short word for each conversation.

Not a stream of events that a device could miss: every greeting and every heartbeat brings the present word, and a
device that holds another one loads anew. So all devices agree after 25 s, whatever was lost between.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from matching.models import Appointment
from messaging.models import Conversation


def stands_of(talks: Sequence[Conversation]) -> dict[UUID, str]:
    """By conversation; needs `match` with its state. Equal words mean that nothing changed."""
    parts: dict[UUID, list[str]] = {talk.match_id: [talk.match.state] for talk in talks}
    rows = Appointment.objects.filter(match__in=list(parts)).order_by("id")
    for match, *stand in rows.values_list("match", "id", "state", "start", "end"):
        parts[match].append(" ".join(map(str, stand)))
    return {talk.pk: _short(parts[talk.match_id]) for talk in talks}


def stand_of(talk: Conversation) -> str:
    return stands_of([talk])[talk.pk]


def _short(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
