"""The call list as it stands: lines from the states, beside each what was tried, what is through today."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from core.database import find
from core.errors import NotVisible
from matching.calls import registry
from matching.calls.registry import CallLine, Source
from matching.models import Call
from places.models import Quarter

MANY_TRIES = 3  # from then on the list says that the telephone does not reach them
DONE_SHOWN = 100


@dataclass(frozen=True)
class Entry:
    """One line with its history: how often nobody answered, when to try again, who took it over, the last note."""

    line: CallLine
    tries: int = 0
    last_try: datetime | None = None
    next_at: datetime | None = None
    taken_by: User | None = None
    note: str = ""

    @property
    def is_hard_to_reach(self) -> bool:
        return self.tries >= MANY_TRIES


@dataclass(frozen=True)
class Book:
    """`now`: to call now, most urgent first. `later`: tried, waits for its hour. `others`: a colleague does it."""

    now: list[Entry]
    later: list[Entry]
    others: list[Entry]
    done: list[Call]


def book(quarters: Sequence[Quarter], *, reader: User, now: datetime) -> Book:
    """The whole list of these quarters for this worker. A fixed number of queries, however long it is."""
    entries = entries_of(_lines(registry.sources(), quarters, now), reader=reader)
    mine = [entry for entry in entries if entry.taken_by in (None, reader)]
    waits = [entry for entry in mine if entry.next_at and entry.next_at > now]
    return Book(
        now=[entry for entry in mine if entry not in waits],
        later=sorted(waits, key=lambda entry: (entry.next_at, entry.line.key)),
        others=[entry for entry in entries if entry.taken_by not in (None, reader)],
        done=through_today(quarters, now=now),
    )


def of_person(person: User, quarters: Sequence[Quarter], *, reader: User, now: datetime) -> list[Entry]:
    """What waits for the word of this person: for a caller who rings by themselves."""
    lines = [
        line
        for source in registry.sources()
        for line in source.lines(list(source.rows(quarters, now).filter(source.of(person))), now)
        if line.person.pk == person.pk
    ]
    return entries_of(lines, reader=reader)


def to_tell(person: User, quarters: Sequence[Quarter], *, reader: User, now: datetime) -> list[Entry]:
    """All of the list that this reader tells this person: not what a colleague took over."""
    found = of_person(person, quarters, reader=reader, now=now)
    listed = {line.key for line in registry.without_spared([entry.line for entry in found])}
    return [entry for entry in found if entry.line.key in listed and entry.taken_by in (None, reader)]


def one(kind: str, about: str, person_id: object, quarters: Sequence[Quarter], *, reader: User, now: datetime) -> Entry:
    """One line, found through the worker's quarters. Raises NotVisible: it is through, or was never theirs."""
    source = registry.source(kind)
    if source is None:
        raise NotVisible
    row = find(source.rows(quarters, now), about)
    for entry in entries_of(source.lines(_together(source, row, quarters, now), now), reader=reader):
        if str(entry.line.person.pk) == str(person_id) and entry.line.about == about:
            return entry
    raise NotVisible


def count(quarters: Sequence[Quarter], now: datetime) -> int:
    """How many rows wait: one query for each source. Lines, where some are spared."""
    if any(spares.is_anybody() for spares in registry.SPARES):
        return len(_lines(registry.sources(), quarters, now))
    return sum(source.rows(quarters, now).count() for source in registry.sources())


def entries_of(lines: Iterable[CallLine], *, reader: User) -> list[Entry]:
    """Lines the reader may work on, with what was tried, in the order to call. One query."""
    mine = [line for line in lines if reader.pk not in line.pair and reader.pk != line.person.pk]
    tried = _history(mine)
    return sorted((_entry(line, tried[line.key]) for line in mine), key=lambda one: (one.line.until, one.line.key))


def through_today(quarters: Sequence[Quarter], *, now: datetime) -> list[Call]:
    """Whom the office spoke to today, the last first."""
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    rows = Call.objects.filter(quarter__in=quarters, at__gte=midnight, at__lt=midnight + timedelta(days=1))
    spoken = rows.exclude(outcome__in=[Call.Outcome.MISSED, Call.Outcome.HANDED])
    return list(spoken.select_related("person", "by").order_by("-at", "id")[:DONE_SHOWN])


def _lines(sources: Iterable[Source], quarters: Sequence[Quarter], now: datetime) -> list[CallLine]:
    lines = [line for source in sources for line in source.lines(list(source.rows(quarters, now)), now)]
    return registry.without_spared(lines)


def _together(source: Source, row, quarters: Sequence[Quarter], now: datetime) -> list:
    """The row, and the ones that share its line (times proposed together)."""
    offer = getattr(row, "offer", None)
    return list(source.rows(quarters, now).filter(offer=offer)) if offer else [row]


def _history(lines: Sequence[CallLine]) -> dict[tuple, list[Call]]:
    found: dict[tuple, list[Call]] = defaultdict(list)
    about = {line.about for line in lines}
    calls = Call.objects.filter(kind__in={line.kind for line in lines}, about__in=about)
    for call in calls.select_related("to").order_by("at", "id"):
        found[call.kind, call.about, call.person_id].append(call)
    return found


def _entry(line: CallLine, calls: Sequence[Call]) -> Entry:
    missed = [call for call in calls if call.outcome == Call.Outcome.MISSED]
    handed = [call for call in calls if call.outcome == Call.Outcome.HANDED]
    notes = [call.note for call in calls if call.note]
    return Entry(
        line=line,
        tries=len(missed),
        last_try=missed[-1].at if missed else None,
        next_at=missed[-1].next_at if missed else None,
        taken_by=handed[-1].to if handed else None,
        note=notes[-1] if notes else "",
    )
