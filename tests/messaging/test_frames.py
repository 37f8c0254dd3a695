"""What is written down at once is, letter for letter, what the encoder would make of the same message."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from messaging.frames import ack_text, as_text, frame, message_data, message_text, moment
from messaging.models import Message
from messaging.sending import Stored

KEYS = [UUID(int=number << 70 | 5) for number in range(4)]
AT = datetime(2026, 7, 1, 23, 59, 59, 999_999, UTC)
BODIES = ["Guten Tag", '"\\ \n\t\r\b\f\x01\x1f\x7f', "Grüße 🙂 \u2028 </script> {}%s %(a)s", "x" * 4000]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("cautions", ["", "money", "money secret"])
def test_a_message_is_written_as_its_frame(body, cautions):
    stored = Stored(KEYS[0], KEYS[1], 7, KEYS[2], KEYS[3], body, AT, cautions)
    assert message_text(stored) == as_text(frame("message", **message_data(stored)))


@pytest.mark.parametrize("sender", [KEYS[2], None])
@pytest.mark.parametrize(("deleted_at", "deletes"), [(AT, None), (None, 3), (None, None)])
def test_so_is_one_that_was_taken_back_or_whose_writer_is_gone(sender, deleted_at, deletes):
    row = Message(
        conversation_id=KEYS[1],
        seq=2**62,
        sender_id=sender,
        client_id=KEYS[3],
        stored_at=AT,
        cautions="money",
        deleted_at=deleted_at,
        deletes=deletes,
    )
    assert message_text(row) == as_text(frame("message", **message_data(row)))


def test_the_tick_names_what_was_sent():
    stored = Stored(KEYS[0], KEYS[1], 7, KEYS[2], KEYS[3], "x", AT, "")
    assert ack_text(stored) == as_text(
        {
            "v": 1,
            "type": "ack",
            "client_id": str(KEYS[3]),
            "conversation": str(KEYS[1]),
            "seq": 7,
            "stored_at": moment(AT),
        }
    )
