"""
What serving process and scribe say to each other: a length, then a tuple of plain values.

`marshal` because only plain values pass and both are the same Python: three quarters of the time of pickle. Refusals
are rare, and travel pickled.
"""

import marshal
import pickle
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from core.database import key_out
from core.keys import Key
from messaging.sending import Posted, Stored
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


def told_in(answers: Iterable[Any], wakes: Iterable[Wake]) -> tuple[list, list]:
    """Answers are None, a refusal or Posted. What is answered and heard of goes once: marshal knows it again."""
    messages = _Once(_message_in)
    return [_answer_in(one, messages) for one in answers], [_wake_in(one, messages) for one in wakes]


def told_out(answers: Iterable[Any], wakes: Iterable[tuple]) -> tuple[list, list[Wake]]:
    messages = _Once(_message_out)
    return [_answer_out(one, messages) for one in answers], [_wake_out(one, messages) for one in wakes]


class _Once:
    """`work` of each thing, done once for each."""

    def __init__(self, work: Callable) -> None:
        self._work, self._done = work, dict[int, Any]()

    def __call__(self, one: Any) -> Any:
        if (done := self._done.get(id(one))) is None:
            self._done[id(one)] = done = self._work(one)
        return done


def _answer_in(answer: Any, messages: _Once) -> Any:
    if isinstance(answer, Posted):
        return messages(answer.message), answer.repeated
    return answer and pickle.dumps(answer)


def _answer_out(answer: Any, messages: _Once) -> Any:
    if isinstance(answer, tuple):
        return Posted(messages(answer[0]), answer[1])
    return answer and pickle.loads(answer)  # noqa: S301 - as above


def _wake_in(woken: Wake, messages: _Once) -> tuple:
    people, message, fresh = woken
    return [person.hex for person in people], message, fresh and (messages(fresh.message), fresh.since)


def _wake_out(woken: tuple, messages: _Once) -> Wake:
    people, message, fresh = woken
    return Wake([key_out(person) for person in people], message, fresh and Fresh(messages(fresh[0]), fresh[1]))


def _message_in(one: Stored) -> tuple:
    pk, talk, seq, sender, key, body, stored_at, cautions, deleted_at, deletes = one
    at = deleted_at and deleted_at.isoformat()
    return str(pk), talk.hex, seq, sender.hex, str(key), body, stored_at.isoformat(), cautions, at, deletes


def _message_out(one: tuple) -> Stored:
    pk, talk, seq, sender, key, body, stored_at, cautions, deleted_at, deletes = one
    known = key_out(talk), seq, key_out(sender), Key(key), body, _moment(stored_at), cautions
    return Stored(Key(pk), *known, deleted_at and _moment(deleted_at), deletes)


_moment = lru_cache(maxsize=100)(datetime.fromisoformat)  # the messages of one commit share theirs
