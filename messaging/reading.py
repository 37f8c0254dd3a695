"""The next messages of many conversations in one question, each above a number of its own."""

from uuid import UUID

from django.db import connection

from messaging.actions.messages import PAGE
from messaging.models import Message

MOST = 1000  # rows of one question; the rest is asked for at once

_SQLITE = "WITH wanted(talk, above) AS (VALUES {rows})"
_POSTGRES = "WITH wanted(talk, above) AS (SELECT talk::uuid, above::bigint FROM (VALUES {rows}) AS w(talk, above))"
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


def rows_above(wanted: dict[UUID, int]) -> tuple[dict[UUID, list[Message]], set[UUID]]:
    """
    By conversation: the messages above its number in order, at most a page of each.

    Also the conversations of which this is certainly all there was.
    """
    if not wanted:
        return {}, set()
    rows = list(Message.objects.raw(_sql(len(wanted)), _parameters(wanted)))
    found: dict[UUID, list[Message]] = {}
    for row in rows:
        found.setdefault(row.conversation_id, []).append(row)
    return found, _whole(wanted, found, cut=len(rows) == MOST)


def _whole(wanted: dict[UUID, int], found: dict[UUID, list[Message]], *, cut: bool) -> set[UUID]:
    if cut:  # the last one found may go on, those after it were not reached
        reached = list(found)[:-1]
        return {key for key in reached if len(found[key]) < PAGE}
    return {key for key in wanted if len(found.get(key, ())) < PAGE}


def _sql(count: int) -> str:
    start = _SQLITE if connection.vendor == "sqlite" else _POSTGRES
    wanted = start.format(rows=", ".join(["(%s, %s)"] * count))
    return _ROWS.format(wanted=wanted, page=PAGE, most=MOST)


def _parameters(wanted: dict[UUID, int]) -> list[object]:
    key = Message._meta.get_field("id")
    return [one for talk, seq in wanted.items() for one in (key.get_db_prep_value(talk, connection), seq)]
