"""
What serving process and scribe say to each other: a length, then a tuple of plain values.

`marshal` because both are the same Python and one belongs to the other: it takes a third of the time of pickle.
Refusals are rare, and travel pickled.
"""

import marshal
import pickle
from collections.abc import Iterable, Iterator
from typing import Any

from core.database import key_out
from messaging.wake import Fresh, Wake

KNOW, FORGET, POST, MARK = range(4)
_LENGTH = 4  # bytes


def packed(*words: Any) -> bytes:
    data = marshal.dumps(words)
    return len(data).to_bytes(_LENGTH, "big") + data


class Unpacking:
    """Bytes in as they come, whole tuples out."""

    def __init__(self) -> None:
        self._unread = b""

    def words(self, data: bytes) -> Iterator[tuple]:
        there, at = self._unread + data, 0
        self._unread = b""
        while (start := at + _LENGTH) <= len(there):
            end = start + int.from_bytes(there[at:start], "big")
            if end > len(there):
                break
            yield marshal.loads(there[start:end])  # noqa: S302 - from our own process
            at = end
        self._unread = there[at:]


def answers_in(answers: Iterable[Any]) -> list:
    """Texts and None go as they are, a refusal as bytes."""
    return [pickle.dumps(one) if isinstance(one, Exception) else one for one in answers]


def answers_out(answers: Iterable[Any]) -> list:
    return [pickle.loads(one) if isinstance(one, bytes) else one for one in answers]  # noqa: S301 - as above


def wakes_in(wakes: Iterable[Wake]) -> list[tuple]:
    return [
        ([person.hex for person in people], message, fresh and (fresh.conversation.hex, *fresh[1:]))
        for people, message, fresh in wakes
    ]


def wakes_out(wakes: Iterable[tuple]) -> list[Wake]:
    return [
        Wake([key_out(person) for person in people], message, fresh and Fresh(key_out(fresh[0]), *fresh[1:]))
        for people, message, fresh in wakes
    ]
