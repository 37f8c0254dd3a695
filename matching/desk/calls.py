"""The call list in words, for the page, for paper and for a table program."""

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
class Done:
    """One call of today that is through."""

    person: User
    when: str
    what: str
    by: str
    note: str


def rows(entries: Sequence[Entry], now: datetime) -> list[Row]:
    return [row(entry, now) for entry in entries]


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


def table(entries: Sequence[Entry], now: datetime) -> list[list[Any]]:
    """Heading and rows for a table program."""
    head = [
        _("Name"), _("Telefon"), _("Warum"), _("Anrufen bis"), _("Am besten"), _("Nicht erreicht"), _("Übernimmt"),
        _("Notiz"), _("Quartier"),
    ]  # fmt: skip
    return [[str(one) for one in head], *(_cells(entry, now) for entry in entries)]


def _cells(entry: Entry, now: datetime) -> list[Any]:
    person = entry.line.person
    return [
        person.full_name,
        person.phone.as_national if person.phone else "",
        entry.line.why,
        words.moment(entry.line.until, now),
        best_time(person),
        entry.tries or "",
        entry.taken_by.full_name if entry.taken_by else "",
        entry.note,
        entry.line.quarter.name,
    ]


def _tries(entry: Entry) -> str:
    if not entry.tries:
        return ""
    return ngettext("einmal nicht erreicht", "%(count)s-mal nicht erreicht", entry.tries) % {"count": entry.tries}


def _what(call: Call) -> str:
    source = registry.source(call.kind)
    if source is None and call.outcome == Call.Outcome.NOTED:
        return gettext("Anruf notiert")
    return f"{source.title}: {outcome(call)}" if source else outcome(call)
