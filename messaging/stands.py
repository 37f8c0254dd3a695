"""
How a match and its appointments stand, as one short word for each conversation.

Not a stream of events that a device could miss: every greeting and every heartbeat brings the present word, and a
device that holds another one loads anew. So all devices agree after 25 s, whatever was lost between.
"""

import hashlib
from uuid import UUID

from matching.models import Appointment


def stands_of(matches: dict[UUID, str]) -> dict[UUID, str]:
    """By match; `matches` brings their states. Equal words mean that nothing changed."""
    parts = {match: [state] for match, state in matches.items()}
    rows = Appointment.objects.filter(match__in=list(parts)).order_by("id")
    for match, *stand in rows.values_list("match", "id", "state", "start", "end"):
        parts[match].append(" ".join(map(str, stand)))
    return {match: _short(found) for match, found in parts.items()}


def _short(parts: list[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
