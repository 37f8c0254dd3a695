"""What the house hears from its floors: whoever waits for the clock's work gets it woken at once."""

from typing import Any

from django.core.cache import cache

from matching.models import Round

# Moves of a request or a match after which a small round may find somebody new.
OPENING = {"publish", "change", "reopen"}
FREEING = {"reject", "refuse", "decline", "expire", "close", "end", "complete"}
LOOKED_AT_AFTER_S = 10  # what follows within these seconds is looked at together


def hear_round_wanted(sender: type, round: Round, **_: Any) -> None:  # noqa: A002 - the announcement's word
    _jobs().run_round_now(str(round.pk))


def hear_something_changed(sender: type, move: str, **_: Any) -> None:
    """One wake-up for all that happens within some seconds; the rows say what it was."""
    if move in OPENING | FREEING and cache.add("rounds.woken", True, timeout=LOOKED_AT_AFTER_S - 1):
        _jobs().look_for_changes.schedule(delay=LOOKED_AT_AFTER_S)


def _jobs() -> Any:
    from config import jobs  # opens the queue: only where something is to be woken

    return jobs
