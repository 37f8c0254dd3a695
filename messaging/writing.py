"""What sockets want to write, gathered: one commit for the messages of many, one for their marks."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import User
from messaging import actions
from messaging.actions.marks import Reached
from messaging.actions.messages import Posted, Send
from messaging.auth import Pass, Revoked, people_of

Wish = Send | Reached  # `by` is the Pass of the socket


def write(wishes: list[Wish]) -> list[Posted | Exception | None]:
    """Every wish answered for itself: what was posted, None for a mark, or why not."""
    sends = [wish for wish in wishes if isinstance(wish, Send)]
    posted = iter(actions.post_messages(sends, writers=_who, now=timezone.now()) if sends else [])
    marked = iter(_mark([wish for wish in wishes if isinstance(wish, Reached)]))
    return [next(posted) if isinstance(wish, Send) else next(marked) for wish in wishes]


def _who(sends: Sequence[Send]) -> list[User | Exception]:
    return [*people_of([send.by for send in sends])]


def _mark(wishes: list[Reached]) -> list[Exception | None]:
    """Whoever is shut out marks nothing; the others are not held up by it."""
    passes: list[Pass] = [wish.by for wish in wishes]
    people = people_of(passes) if wishes else []
    good = [
        Reached(wish.conversation_id, person, wish.seq, wish.read)
        for wish, person in zip(wishes, people, strict=True)
        if isinstance(person, User)
    ]
    answers = iter(actions.mark_many(good) if good else [])
    return [person if isinstance(person, Revoked) else next(answers) for person in people]
