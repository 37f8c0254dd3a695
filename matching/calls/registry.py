"""
Where the lines of the call list come from. An upper floor adds a source of its own in its `AppConfig.ready()`.

Already said by matching's own sources (`matching.calls.sources`): asked to help, somebody found, a time proposed, a
regular time, a visit on a holiday, the reminder, a visit nobody heard of, the two questions after it, and the news of
a pair confirmed, ended, not needed, of a visit agreed or called off, and of a request that lapsed.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from places.models import Quarter


class Verb(Protocol):
    """One of the house's verbs, bound to its row. `said`: `start` of another time."""

    def __call__(self, *, by: User, now: datetime, said: dict[str, Any]) -> object: ...


@dataclass(frozen=True)
class Answer:
    """
    One answer and the verb it calls, the very same as on the page of somebody with a screen.

    `name`: slug kept in `Call.answer`. `kind`: which button of the house. `asks`: "" or "time" (day and hour).
    """

    name: str
    label: Any
    do: Verb
    kind: str = "secondary"
    asks: str = ""


@dataclass(frozen=True)
class CallLine:
    """
    One person to call about one thing.

    `about`: key of the row it was made from. `say`: plain sentences to read out. `until`: call before this moment; the
    order of the list. `pair`: people who never work on it themselves. `reads`: whose address may have to be read out.
    """

    kind: str
    about: str
    person: User
    quarter: Quarter
    why: str
    say: tuple[str, ...]
    answers: tuple[Answer, ...]
    until: datetime
    badge: str = ""
    tone: str = "calm"
    request_id: UUID | None = None
    pair: frozenset[UUID] = frozenset()
    reads: User | None = None

    @property
    def key(self) -> tuple[str, str, UUID]:
        return (self.kind, self.about, self.person.pk)


@dataclass(frozen=True)
class Source:
    """
    One kind of call. `rows`: what waits in these quarters, ready for `lines` without further queries.

    `of`: narrows `rows` to one person. `lines`: none, one or two lines for each row. `told`: the line is gone once
    somebody answered it, because no state says so (news that were passed on).
    """

    kind: str
    title: Any
    rows: Callable[[Sequence[Quarter], datetime], QuerySet]
    of: Callable[[User], Q]
    lines: Callable[[Sequence[Any], datetime], list[CallLine]]
    told: bool = False


@dataclass(frozen=True)
class Spares:
    """
    What an upper floor tells people in another way, as they wished: those lines are not on the list.

    `is_anybody`: is there anyone at all? `of`: keys of the lines to leave out, in a fixed number of queries.
    """

    is_anybody: Callable[[], bool]
    of: Callable[[Sequence[CallLine]], Collection[tuple]]


SPARES: list[Spares] = []
_SOURCES: dict[str, Source] = {}


def without_spared(lines: Sequence[CallLine]) -> list[CallLine]:
    spared = {key for spares in SPARES for key in spares.of(lines)}
    return [line for line in lines if line.key not in spared]


def register(*some: Source) -> None:
    """Add sources, in the order in which the page shows them. The same kind again replaces the earlier one."""
    _SOURCES.update({source.kind: source for source in some})


def sources() -> list[Source]:
    return list(_SOURCES.values())


def source(kind: str) -> Source | None:
    return _SOURCES.get(kind)
