"""
The letters that wait, worked out from the call list: its lines to people who want letters, or have no number.

A line goes when the call list hears that it was told, so a letter that was sent is marked there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from matching.calls.book import Entry, book
from matching.calls.registry import CallLine
from matching.desk import calls
from matching.models import Appointment, HelpRequest, Match
from matching.paper import reading
from places.models import Quarter

# Kinds of call that a letter can stand for, by what they are about.
OF_MATCHES = ("gefragt", "gefunden", "danke", "beendet")
OF_VISITS = ("verabredet", "abgesagt")
OF_REQUESTS = ("abgelaufen",)


@dataclass(frozen=True)
class Row:
    """`href`: the letter; `call`: where it is marked as told."""

    person: User
    why: str
    due: str
    quarter: Quarter
    href: str
    call: str


def waiting(quarters: Sequence[Quarter], *, reader: User, now: datetime) -> list[Row]:
    """In the order of the call list. A fixed number of queries above it."""
    found = book(quarters, reader=reader, now=now)
    entries = [entry for entry in [*found.now, *found.later] if _by_letter(entry.line.person)]
    letters = letters_for([entry.line for entry in entries], quarters=quarters, now=now)
    return [_row(entry, letters[entry.line.key], now) for entry in entries if entry.line.key in letters]


def letters_for(lines: Iterable[CallLine], *, quarters: Sequence[Quarter], now: datetime) -> dict[tuple, str]:
    """Key of a line -> address of the letter that says the same; lines without one are left out."""
    wanted, own = list(lines), {quarter.pk for quarter in quarters}
    things = _things(wanted)
    found: dict[tuple, str] = {}
    for line in wanted:
        thing = things.get(UUID(line.about)) if line.kind in (*OF_MATCHES, *OF_VISITS, *OF_REQUESTS) else None
        if thing is None:
            continue
        for letter, person in reading.letters_about(thing, now=now):
            if person.pk == line.person.pk and person.quarter_id in own:
                found[line.key] = reverse("desk:letter", args=[letter.key, letter.to, thing.pk])
    return found


def _things(lines: Sequence[CallLine]) -> dict[UUID, reading.Thing]:
    matches: QuerySet = Match.objects.for_cards()
    visits: QuerySet = Appointment.objects.for_lists()
    wishes: QuerySet = HelpRequest.objects.for_cards()
    found = matches.in_bulk(_about(lines, OF_MATCHES)) | visits.in_bulk(_about(lines, OF_VISITS))
    return found | wishes.in_bulk(_about(lines, OF_REQUESTS))


def _about(lines: Sequence[CallLine], kinds: Sequence[str]) -> list[UUID]:
    return [UUID(line.about) for line in lines if line.kind in kinds]


def _by_letter(person: User) -> bool:
    return person.channel == User.Channel.LETTER or not person.phone


def _row(entry: Entry, href: str, now: datetime) -> Row:
    shown = calls.row(entry, now)
    return Row(entry.line.person, shown.why, shown.due, entry.line.quarter, href, shown.href)
