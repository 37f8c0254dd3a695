"""The life of a suspension: one table, read by verbs, pages and database."""

from core.errors import WrongState

PAUSED, EXCLUDED, APPEALED, UPHELD, LIFTED, LAPSED = "paused", "excluded", "appealed", "upheld", "lifted", "lapsed"

SUSPENSION_MOVES: dict[tuple[str, str], str] = {
    ("", "propose"): PAUSED,  # one worker: the person stays away at once
    (PAUSED, "confirm"): EXCLUDED,  # a second one
    (PAUSED, "withdraw"): LIFTED,
    (PAUSED, "lapse"): LAPSED,  # nobody confirmed in time
    (EXCLUDED, "appeal"): APPEALED,
    (EXCLUDED, "lift"): LIFTED,
    (APPEALED, "uphold"): UPHELD,  # somebody who did not decide before
    (APPEALED, "overturn"): LIFTED,
    (UPHELD, "lift"): LIFTED,
}
SUSPENSION_STATES = (PAUSED, EXCLUDED, APPEALED, UPHELD, LIFTED, LAPSED)
IN_FORCE = (PAUSED, EXCLUDED, APPEALED, UPHELD)


def suspension_after(state: str, move: str) -> str:
    """The state after this move. Raises WrongState where the table has no such move."""
    if (state, move) not in SUSPENSION_MOVES:
        raise WrongState
    return SUSPENSION_MOVES[state, move]


def suspension_moves(state: str) -> list[str]:
    """The moves the table knows from this state, in its order."""
    return [move for (before, move) in SUSPENSION_MOVES if before == state]
