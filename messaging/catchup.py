"""
What people have not been told yet, read from the database, for many sockets at once.

Wakes only say when to look; this says what there is.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Block
from messaging.actions.messages import PAGE
from messaging.auth import Caller, Pass, Revoked, people_of
from messaging.frames import mark_frame, message_text
from messaging.models import Conversation, Installation, Mark, Message
from messaging.reading import rows_above
from messaging.stands import stands_of

Marks = dict[tuple[UUID, UUID], tuple[int, int]]  # (conversation, person) -> (delivered, read)
PAGE_BYTES = 64 * 1024  # of the messages one socket holds in memory at once


class Talk(NamedTuple):
    """What is needed of a conversation here; a row of the ORM would cost ten times as much."""

    id: UUID
    last_seq: int
    opened_at: datetime
    match: UUID
    state: str
    members: tuple[UUID, ...]


class MarkRow(NamedTuple):
    talk: UUID
    person: UUID
    delivered: int
    read: int


@dataclass
class Hello:
    """What a client says it knows."""

    epoch: UUID | None
    cursors: dict[UUID, int]


@dataclass
class Look:
    """
    One socket's question. `cursors`: conversation -> last number given (missing: 0); `seen`: marks it was told.

    `only`: look into these conversations alone; None: into all. `silent`: only ask whether this person may be here.
    """

    pass_: Pass
    cursors: dict[UUID, int] = field(default_factory=dict)
    seen: Marks = field(default_factory=dict)
    only: frozenset[UUID] | None = None
    silent: bool = False
    hello: Hello | None = None
    with_stands: bool = False


@dataclass
class Said:
    """One message as text, made once for all who hear it."""

    conversation: UUID
    seq: int
    text: str


@dataclass
class News:
    """`messages`: in order, at most a page; `marks`: frames after them; `more`: read on at once."""

    person: Caller
    messages: list[Said] = field(default_factory=list)
    marks: list[dict[str, Any]] = field(default_factory=list)
    seen_marks: Marks = field(default_factory=dict)
    last_seqs: dict[UUID, int] = field(default_factory=dict)
    stands: dict[UUID, str] = field(default_factory=dict)
    more: bool = False
    epoch: UUID | None = None
    resync: bool = False


def news_for(looks: list[Look]) -> list[News | Exception]:
    """Each socket's news: everything above its cursors and every mark that rose, or why it has to go."""
    people = people_of([look.pass_ for look in looks])
    found: list[News | Exception] = [p if isinstance(p, Revoked) else News(p) for p in people]
    open_ = [(look, news) for look, news in zip(looks, found, strict=True) if isinstance(news, News)]
    talking = [(look, news) for look, news in open_ if not look.silent]
    if talking:
        _read(talking)
    return found


def _read(talking: list[tuple[Look, News]]) -> None:
    talks = _talks(talking)
    of_person: dict[UUID, list[Talk]] = {}
    for talk in talks.values():
        for member in talk.members:
            of_person.setdefault(member, []).append(talk)
    for look, news in talking:
        for talk in of_person.get(news.person.pk, ()):
            if look.only is None or talk.id in look.only:
                news.last_seqs[talk.id] = talk.last_seq
    _greet([one for one in talking if one[0].hello], talks)
    _add_messages(talking)
    _add_marks([one for one in talking if not one[1].more])  # a mark never comes before its message
    _add_stands([news for look, news in talking if look.with_stands], talks)


def _talks(talking: list[tuple[Look, News]]) -> dict[UUID, Talk]:
    """All conversations that may matter, in the order in which they are told."""
    named = {key for look, _ in talking for key in look.only or ()}
    people = {news.person.pk for look, news in talking if look.only is None}
    found = _rows(Conversation.objects.filter(pk__in=named)) if named else []
    found += _rows(Conversation.objects.of_any(people)) if people else []
    return {talk.id: talk for talk in sorted(found, key=lambda talk: (talk.opened_at, talk.id))}


def _rows(talks: QuerySet[Conversation]) -> list[Talk]:
    names = ("id", "last_seq", "opened_at", "match", "match__state", "match__resident", "match__volunteer")
    return [Talk(*row[:5], members=row[5:]) for row in talks.order_by().values_list(*names)]


def _greet(talking: list[tuple[Look, News]], talks: dict[UUID, Talk]) -> None:
    """Our epoch, and whether the client forgets what it holds: another data set, or numbers we never gave."""
    if not talking:
        return
    ours = Installation.current().epoch
    for look, news in talking:
        said = look.hello
        assert said is not None  # only those who greeted
        ahead = any(seq > news.last_seqs.get(key, seq) for key, seq in said.cursors.items())
        news.epoch = ours
        news.resync = ahead or (said.epoch != ours if said.epoch or said.cursors else False)
        look.cursors = {} if news.resync else said.cursors


def _add_messages(talking: list[tuple[Look, News]]) -> None:
    wanted: dict[UUID, int] = {}
    for look, news in talking:
        for key, last in news.last_seqs.items():
            if (cursor := look.cursors.get(key, 0)) < last:
                wanted[key] = min(cursor, wanted.get(key, cursor))
    rows, whole = rows_above(wanted)
    said = {key: [_said(row) for row in found] for key, found in rows.items()}
    for look, news in talking:
        _fill_page(look, news, said, whole)


def _said(row: Message) -> Said:
    return Said(row.conversation_id, row.seq, message_text(row))


def _fill_page(look: Look, news: News, said: dict[UUID, list[Said]], whole: set[UUID]) -> None:
    size = 0
    for key, last in news.last_seqs.items():
        cursor = look.cursors.get(key, 0)
        for one in said.get(key, ()) if cursor < last else ():
            if one.seq <= cursor:
                continue
            if len(news.messages) >= PAGE or size >= PAGE_BYTES:
                news.more = True
                return
            news.messages.append(one)
            size += len(one.text)
        if cursor < last and key not in whole:
            news.more = True
            return


def _add_marks(talking: list[tuple[Look, News]]) -> None:
    """Not those of somebody who blocked the viewer: they see ordinary sending, without delivery and reading."""
    marks = _marks({key for _, news in talking for key in news.last_seqs})
    if not marks:
        return
    viewers = {news.person.pk for _, news in talking}
    hidden = set(Block.objects.filter(blocked__in=viewers).values_list("blocker", "blocked"))
    for look, news in talking:
        for key in news.last_seqs:
            for mark in marks.get(key, ()):
                if (mark.person, news.person.pk) not in hidden:
                    _add_mark(news, mark, look.seen.get((key, mark.person), (0, 0)))


def _marks(talks: Iterable[UUID]) -> dict[UUID, list[MarkRow]]:
    found: dict[UUID, list[MarkRow]] = {}
    rows = Mark.objects.filter(conversation__in=list(talks)).order_by("pk")
    for talk, person, delivered, read in rows.values_list("conversation", "person", "delivered_seq", "read_seq"):
        found.setdefault(talk, []).append(MarkRow(talk, person, delivered, read))
    return found


def _add_mark(news: News, mark: MarkRow, seen: tuple[int, int]) -> None:
    delivered, read = seen
    if mark.delivered > delivered:
        news.marks.append(mark_frame("delivered", mark.talk, mark.person, mark.delivered))
    if mark.read > read:
        news.marks.append(mark_frame("read", mark.talk, mark.person, mark.read))
    if mark.delivered > delivered or mark.read > read:
        news.seen_marks[mark.talk, mark.person] = max(mark.delivered, delivered), max(mark.read, read)


def _add_stands(wanting: list[News], talks: dict[UUID, Talk]) -> None:
    if not wanting:
        return
    asked = [talks[key] for key in {key for news in wanting for key in news.last_seqs}]
    stands = stands_of({talk.match: talk.state for talk in asked})
    for news in wanting:
        news.stands = {key: stands[talks[key].match] for key in news.last_seqs}
