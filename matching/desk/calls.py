"""The call list in words, for the page, for paper and for a table program."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from matching.calls import hours, registry
from matching.calls.book import Entry
from matching.calls.registry import Answer
from matching.desk import words
from matching.models import Call

_ANSWERS = {  # of calls that are through; what a button said then
    "yes": _("sagt ja"),
    "no": _("sagt nein"),
    "none": _("passt nicht"),
    "other": _("andere Zeit vorgeschlagen"),
    "cancel": _("sagt den Termin ab"),
    "cancelled": _("ist ausgefallen"),
    "there": _("ist da"),
    "done": _("hat stattgefunden"),
    "told": _("weiß Bescheid"),
    "request": _("Bitte aufgenommen"),
    "fine-again": _("alles gut, gern wieder"),
    "fine-enough": _("alles gut, nicht wieder"),
    "wrong-again": _("etwas war nicht gut"),
    "wrong": _("etwas war nicht gut"),
}


@dataclass(frozen=True)
class Key:
    """One answer and the key that gives it: "1" to "8"."""

    answer: Answer
    key: str


@dataclass(frozen=True)
class Row:
    """One line in words. `say`: what to read out; `due`: until when, or since when too late; `best`: when to call."""

    entry: Entry
    href: str
    title: str
    why: str
    due: str
    best: str
    suits: bool
    tries: str
    again: str
    say: tuple[str, ...]
    keys: list[Key]
    time_answer: Key | None

    @property
    def person(self) -> User:
        return self.entry.line.person

    @property
    def key(self) -> str:
        return ":".join(map(str, self.entry.line.key))


@dataclass(frozen=True)
class Block:
    """One person to call, with everything there is to tell them, most urgent first."""

    rows: list[Row]

    @property
    def person(self) -> User:
        return self.rows[0].person

    @property
    def waits(self) -> bool:
        """Nothing to call about before a later hour."""
        return all(row.again for row in self.rows)

    @property
    def most_tried(self) -> Row:
        return max(self.rows, key=lambda row: row.entry.tries)


@dataclass(frozen=True)
class Done:
    """One call of today that is through."""

    person: User
    when: str
    what: str
    by: str
    note: str


def rows(entries: Sequence[Entry], now: datetime) -> list[Row]:
    return [row(entry, now) for entry in entries]


def blocks(entries: Sequence[Entry], now: datetime) -> list[Block]:
    """Each person once, in the order in which the first of their lines stands here."""
    found: dict[UUID, list[Row]] = defaultdict(list)
    for entry in entries:
        found[entry.line.person.pk].append(row(entry, now))
    return [Block(some) for some in found.values()]


def row(entry: Entry, now: datetime) -> Row:
    line = entry.line
    source = registry.source(line.kind)
    keys = [Key(answer, str(number)) for number, answer in enumerate(line.answers, start=1)]
    return Row(
        entry=entry,
        href=address(line.kind, line.about, line.person.pk),
        title=str(source.title) if source else "",
        why=line.why,
        due=due(line.until, now),
        best=best_time(line.person),
        suits=hours.suits_now(line.person, now=now),
        tries=_tries(entry),
        again=words.moment(entry.next_at, now) if entry.next_at and entry.next_at > now else "",
        say=line.say,
        keys=[one for one in keys if not one.answer.asks],
        time_answer=next((one for one in keys if one.answer.asks == "time"), None),
    )


def address(kind: str, about: str, person_id: UUID) -> str:
    return reverse("desk:call", args=[kind, about, person_id])


def due(until: datetime, now: datetime) -> str:
    """ "bis heute, 9 Uhr", and once that is over "überfällig seit heute, 9 Uhr"."""
    said = {"moment": words.moment(until, now)}
    return gettext("bis %(moment)s") % said if until > now else gettext("überfällig seit %(moment)s") % said


def best_time(person: User) -> str:
    """When they like to be called, "" where they did not say."""
    return str(person.get_call_time_display()) if person.call_time else ""


def done(calls: Iterable[Call], now: datetime) -> list[Done]:
    return [
        Done(
            person=call.person,
            when=words.moment(call.at, now),
            what=_what(call),
            by=call.by.full_name if call.by else "",
            note=call.note,
        )
        for call in calls
    ]


def said(answer: str) -> str:
    """What was answered, in words; the times to choose from have a name of their own each."""
    return str(_("Zeit passt")) if answer.startswith("agree-") else str(_ANSWERS.get(answer, answer))


def outcome(call: Call) -> str:
    """What came of a call, in words, also where nobody answered."""
    return {
        Call.Outcome.ANSWERED: said(call.answer),
        Call.Outcome.MISSED: gettext("nicht erreicht"),
        Call.Outcome.HANDED: gettext("übergeben"),
        Call.Outcome.NOTED: gettext("Notiz"),
    }[Call.Outcome(call.outcome)]


def table(found: Sequence[Block], now: datetime) -> list[list[Any]]:
    """Heading and a row for each person for a table program; of several things each stands on a line of its cell."""
    head = [
        _("Name"), _("Telefon"), _("Warum"), _("Anrufen bis"), _("Am besten"), _("Nicht erreicht"), _("Übernimmt"),
        _("Notiz"), _("Quartier"),
    ]  # fmt: skip
    return [[str(one) for one in head], *(_cells(block, now) for block in found)]


def _cells(block: Block, now: datetime) -> list[Any]:
    person, entries = block.person, [row.entry for row in block.rows]
    return [
        person.full_name,
        person.phone.as_national if person.phone else "",
        "\n".join(entry.line.why for entry in entries),
        "\n".join(words.moment(entry.line.until, now) for entry in entries),
        best_time(person),
        block.most_tried.entry.tries or "",
        _each_once(entry.taken_by.full_name for entry in entries if entry.taken_by),
        _each_once(entry.note for entry in entries if entry.note),
        _each_once(entry.line.quarter.name for entry in entries),
    ]


def _each_once(lines: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(lines))


def _tries(entry: Entry) -> str:
    if not entry.tries:
        return ""
    return ngettext("einmal nicht erreicht", "%(count)s-mal nicht erreicht", entry.tries) % {"count": entry.tries}


def _what(call: Call) -> str:
    source = registry.source(call.kind)
    if source is None and call.outcome == Call.Outcome.NOTED:
        return gettext("Anruf notiert")
    return f"{source.title}: {outcome(call)}" if source else outcome(call)
