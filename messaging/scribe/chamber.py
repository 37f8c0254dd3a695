"""What the scribe knows, the sockets that are open on the other side, and what it does: the verbs of `writing`."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from core.database import key_out
from core.keys import Key
from messaging import writing
from messaging.actions.marks import Reached
from messaging.auth import Pass
from messaging.scribe import wire
from messaging.sending import Send
from messaging.together import on_a_kept_connection, worked

# The answers and whom to wake as `wire` packs them; then by moment since when passes were found good: their numbers.
Told = tuple[list, list, dict[float, list[int]]]


class Chamber:
    """A copy of the passes of the serving process, under the numbers it gave them."""

    def __init__(self) -> None:
        self._passes: dict[int, Pass] = {}
        self._of: dict[UUID, dict[int, Pass]] = {}

    def know(self, number: int, person: str, session_key: str, epoch: int | None) -> None:
        self._passes[number] = there = Pass(session_key, epoch, number=number)
        self._of.setdefault(key_out(person), {})[number] = there

    def forget(self, number: int, person: str) -> None:
        self._passes.pop(number, None)
        here = self._of.get(key_out(person), {})
        here.pop(number, None)
        if not here:
            self._of.pop(key_out(person), None)

    def passes(self, numbers: Iterable[int]) -> list[Pass]:
        return [self._passes[number] for number in numbers]

    def post(self, by: Sequence[Pass], wishes: Sequence[tuple]) -> Told:
        """`wishes`: conversation, client_id, body, cautions."""
        asked = {one.number: one for one in by}
        sends = [Send(key_out(talk), one, Key(key), *said) for one, (talk, key, *said) in zip(by, wishes, strict=True)]
        return _told(partial(writing.post, hearers=partial(self._hearers, asked)), sends, asked)

    def mark(self, by: Sequence[Pass], wishes: Sequence[tuple]) -> Told:
        """`wishes`: conversation, number, whether it was read."""
        asked = {one.number: one for one in by}
        reached = [Reached(key_out(talk), one, seq, read) for one, (talk, seq, read) in zip(by, wishes, strict=True)]
        return _told(writing.mark, reached, asked)

    def _hearers(self, asked: dict[int, Pass], people: Iterable[UUID]) -> list[Pass]:
        """The passes of these people's sockets; they are `asked` about too."""
        there = {number: one for person in people for number, one in tuple(self._of.get(person, {}).items())}
        asked |= there
        return list(there.values())


def _told(work: Callable[[list], list], questions: list[Any], asked: dict[int, Pass]) -> Told:
    answers, wakes = worked(partial(on_a_kept_connection, work), questions)
    stands: dict[float, list[int]] = {}
    for number, one in asked.items():
        stands.setdefault(one.good_at, []).append(number)
    return *wire.told_in(answers, wakes), stands
