"""What sockets want to write: one commit for the messages of many, one for their marks."""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from uuid import UUID

from django.utils import timezone

from messaging import actions
from messaging.actions.marks import Reached
from messaging.auth import Caller, Pass, Revoked, people_of
from messaging.sending import Posted, Send

Hearers = Callable[[Iterable[UUID]], list[Pass]]


def post(sends: list[Send], *, hearers: Hearers) -> list[Posted | Exception]:
    """
    Every send answered for itself; `by` is the Pass of its socket.

    `hearers`: the passes of these people's sockets here. They are looked at in the same transaction, so that they can
    be given what it stores without another question.
    """
    return actions.post_messages(sends, writers=partial(_who, hearers), now=timezone.now())


def _who(hearers: Hearers, sends: Sequence[Send], members: Collection[UUID]) -> list[Caller | Exception]:
    passes = [send.by for send in sends]
    asked = {id(one) for one in passes}
    beside = [one for one in hearers(members) if id(one) not in asked]
    return [*people_of(passes + beside)[: len(passes)]]


def mark(wishes: list[Reached]) -> list[Exception | None]:
    """`by` as above. Whoever is shut out marks nothing; the others are not held up by it."""
    passes: list[Pass] = [wish.by for wish in wishes]
    people = people_of(passes)
    good = [
        Reached(wish.conversation_id, person, wish.seq, wish.read)
        for wish, person in zip(wishes, people, strict=True)
        if isinstance(person, Caller)
    ]
    answers = iter(actions.mark_many(good) if good else [])
    return [person if isinstance(person, Revoked) else next(answers) for person in people]
