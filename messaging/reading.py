"""The next messages of many conversations in one question, each above a number of its own."""

from uuid import UUID

from core.database import keys_in, wanted
from messaging.actions.messages import PAGE
from messaging.models import Message

MOST = 1000  # rows of one question; the rest is asked for at once

# Within its page each conversation counts on from its own cursor: numbers are dense, so a range is a page.
_ROWS = """
    {wanted}
    SELECT m.id, m.conversation_id, m.seq, m.sender_id, m.client_id, m.body, m.stored_at,
      m.cautions, m.deleted_at, m.deletes
    FROM wanted JOIN messaging_message m
      ON m.conversation_id = wanted.talk AND m.seq > wanted.above AND m.seq <= wanted.above + {page}
    ORDER BY m.conversation_id, m.seq
    LIMIT {most}
"""


def rows_above(above: dict[UUID, int]) -> tuple[dict[UUID, list[Message]], set[UUID]]:
    """
    By conversation: the messages above its number in order, at most a page of each.

    Also the conversations of which this is certainly all there was.
    """
    if not above:
        return {}, set()
    rows = list(Message.objects.raw(_sql(len(above)), _parameters(above)))
    found: dict[UUID, list[Message]] = {}
    for row in rows:
        found.setdefault(row.conversation_id, []).append(row)
    return found, _whole(above, found, cut=len(rows) == MOST)


def _whole(above: dict[UUID, int], found: dict[UUID, list[Message]], *, cut: bool) -> set[UUID]:
    if cut:  # the last one found may go on, those after it were not reached
        reached = list(found)[:-1]
        return {key for key in reached if len(found[key]) < PAGE}
    return {key for key in above if len(found.get(key, ())) < PAGE}


def _sql(count: int) -> str:
    return _ROWS.format(wanted=wanted(count, talk="uuid", above="bigint"), page=PAGE, most=MOST)


def _parameters(above: dict[UUID, int]) -> list[object]:
    return [one for pair in zip(keys_in(above), above.values(), strict=True) for one in pair]
