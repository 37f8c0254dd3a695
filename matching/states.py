"""
The life of a request, of a match and of an appointment: one table each, read by actions, pages, API and database.

Source: product.md, "The life of a request" and "The life of a match".
"""

from core.errors import WrongState

# --- a match ----------
PROPOSED, ASKED, ACCEPTED, CONFIRMED = "proposed", "asked", "accepted", "confirmed"
REJECTED, DECLINED, EXPIRED, REFUSED = "rejected", "declined", "expired", "refused"
CLOSED, ENDED, COMPLETED = "closed", "ended", "completed"

MATCH_MOVES: dict[tuple[str, str], str] = {
    (PROPOSED, "release"): ASKED,
    (PROPOSED, "reject"): REJECTED,
    (ASKED, "accept"): ACCEPTED,
    (ASKED, "decline"): DECLINED,
    (ASKED, "expire"): EXPIRED,
    (ACCEPTED, "confirm"): CONFIRMED,
    (ACCEPTED, "refuse"): REFUSED,
    (ACCEPTED, "reject"): REJECTED,
    (PROPOSED, "close"): CLOSED,
    (ASKED, "close"): CLOSED,
    (ACCEPTED, "close"): CLOSED,
    (CONFIRMED, "end"): ENDED,
    (CONFIRMED, "complete"): COMPLETED,
}
MATCH_STATES = (
    PROPOSED, ASKED, ACCEPTED, CONFIRMED, REJECTED, DECLINED, EXPIRED, REFUSED, CLOSED, ENDED, COMPLETED,
)  # fmt: skip
LIVE = (PROPOSED, ASKED, ACCEPTED, CONFIRMED)
WAITING = (PROPOSED, ASKED, ACCEPTED)  # live, and closed by the system once somebody else is confirmed
CERTAINLY_NOT_AGAIN = (REJECTED, REFUSED, DECLINED, EXPIRED, ENDED)  # the same two for the same request

# --- a request ----------
DRAFT, OPEN, FILLED, DONE, WITHDRAWN, LAPSED = "draft", "open", "filled", "done", "withdrawn", "expired"

REQUEST_MOVES: dict[tuple[str, str], str] = {
    (DRAFT, "publish"): OPEN,
    (DRAFT, "withdraw"): WITHDRAWN,
    (OPEN, "fill"): FILLED,
    (OPEN, "withdraw"): WITHDRAWN,
    (OPEN, "expire"): LAPSED,
    (FILLED, "reopen"): OPEN,
    (FILLED, "withdraw"): WITHDRAWN,
    (FILLED, "finish"): DONE,
}
REQUEST_STATES = (DRAFT, OPEN, FILLED, DONE, WITHDRAWN, LAPSED)

# --- an appointment ----------
AGREED, DONE_VISIT, CANCELLED = "agreed", "done", "cancelled"

APPOINTMENT_MOVES: dict[tuple[str, str], str] = {
    (PROPOSED, "agree"): AGREED,
    (PROPOSED, "take_up"): PROPOSED,  # a visit of a series that had to be asked about: the first yes of two
    (PROPOSED, "cancel"): CANCELLED,
    (PROPOSED, "move"): CANCELLED,  # another time is proposed instead
    (PROPOSED, "drop"): CANCELLED,  # another of the proposed times was agreed, or the match is over
    (AGREED, "arrive"): AGREED,
    (AGREED, "finish"): DONE_VISIT,
    (DONE_VISIT, "correct"): DONE_VISIT,  # it took another time than was said
    (DONE_VISIT, "take_back"): AGREED,  # said by mistake: the visit is not over
    (AGREED, "cancel"): CANCELLED,
    (AGREED, "move"): CANCELLED,  # once the new time is agreed
    (AGREED, "drop"): CANCELLED,
}
APPOINTMENT_STATES = (PROPOSED, AGREED, DONE_VISIT, CANCELLED)


def after(state: str, move: str) -> str:
    """The state a match is in after this move. Raises WrongState where the table has no such move."""
    return _after(MATCH_MOVES, state, move)


def request_after(state: str, move: str) -> str:
    """The state a request is in after this move. Raises WrongState where the table has no such move."""
    return _after(REQUEST_MOVES, state, move)


def appointment_after(state: str, move: str) -> str:
    """The state an appointment is in after this move. Raises WrongState where the table has no such move."""
    return _after(APPOINTMENT_MOVES, state, move)


def moves_from(state: str) -> list[str]:
    """The moves the table knows for a match in this state, in the table's order."""
    return [move for (before, move) in MATCH_MOVES if before == state]


def _after(moves: dict[tuple[str, str], str], state: str, move: str) -> str:
    if (state, move) not in moves:
        raise WrongState
    return moves[state, move]
