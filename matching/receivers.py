"""What matching listens to."""

from typing import Any

from accounts import triggers

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
