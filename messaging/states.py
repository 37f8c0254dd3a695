"""The life of a report, as one table."""

from core.errors import WrongState

OPEN, IN_WORK, SETTLED, DISMISSED = "open", "in_work", "settled", "dismissed"
REPORT_STATES = (OPEN, IN_WORK, SETTLED, DISMISSED)
STANDING = (OPEN, IN_WORK)  # while it stands, the office may read
REPORT_MOVES = {
    (OPEN, "take"): IN_WORK,
    (IN_WORK, "settle"): SETTLED,
    (IN_WORK, "dismiss"): DISMISSED,
}
OUTCOMES = {  # which ends go with which move
    "settle": ("talked", "warned", "ended", "suspended"),
    "dismiss": ("nothing", "misunderstood", "elsewhere"),
}


def report_after(state: str, move: str) -> str:
    """The state a report is in after this move. Raises WrongState where the table has no such move."""
    if (state, move) not in REPORT_MOVES:
        raise WrongState
    return REPORT_MOVES[state, move]


def report_moves(state: str) -> list[str]:
    """The moves there are from here."""
    return [move for before, move in REPORT_MOVES if before == state]
