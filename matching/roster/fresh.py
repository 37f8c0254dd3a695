"""
The roster of this process: filled once, then kept up by the notes that the database's triggers leave with each change.

A note is read by every process within a second (CHECKED_EVERY), and only the people named in it are read anew.
"""

import threading
import time
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from accounts.models import VolunteerChange
from matching.roster import load
from matching.roster.roster import Roster

CHECKED_EVERY = 0.25  # seconds between two looks at the notes
OVERLAP = timedelta(minutes=2)  # a transaction may commit a note with a lower number than one already seen
KEPT = timedelta(days=1)  # how long notes live; a process that slept longer starts anew
MANY = 2000  # with more people changed than this, starting anew is quicker

Note = tuple[int, UUID, datetime]  # its number, whose, when; an undone one may give its number to another


class Keeper:
    """One roster and how far its notes were read."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """The next question fills the roster anew."""
        with self.lock:
            self._roster: Roster | None = None
            self._day: date | None = None
            self._low = 0  # every note up to this number was seen, or is too old to come late
            self._seen: set[int] = set()
            self._unsure: set[Note] = set()  # read inside a transaction that may still be undone
            self._looked = 0.0
            self._read_at: datetime | None = None

    def current(self, *, now: datetime) -> Roster:
        """The roster as of this moment; `now` decides which local day is today."""
        zone = timezone.get_default_timezone()
        with self.lock:
            day = now.astimezone(zone).date()
            if self._roster is None or self._day != day or self._slept_too_long():
                self._fill(day, now=now)
            elif connection.in_atomic_block or time.monotonic() - self._looked >= CHECKED_EVERY:
                self._catch_up(now=now)
            assert self._roster is not None
            return self._roster

    def _fill(self, day: date, *, now: datetime) -> None:
        self.forget()
        self._read_at = timezone.now()
        notes = list(self._notes())  # before the rows: what comes in between is read twice, and nothing is missed
        zone = timezone.get_default_timezone()
        self._roster = Roster(load.everybody(now=now, zone=zone), zone=zone)
        self._note_as_read(notes)
        self._unsure = set(notes) if connection.in_atomic_block else set()
        self._day, self._looked = day, time.monotonic()

    def _catch_up(self, *, now: datetime) -> None:
        assert self._roster is not None
        notes = [note for note in self._notes() if note[0] not in self._seen]
        people = {who for _number, who, _at in self._unsure ^ set(notes)}  # new notes, and those that were undone
        self._looked, self._read_at = time.monotonic(), timezone.now()
        if len(people) > MANY and self._day:
            return self._fill(self._day, now=now)
        if people:
            with self._roster.lock:
                load.some(self._roster.columns, sorted(people), now=now, zone=self._roster.zone)
        self._unsure = set(notes) if connection.in_atomic_block else set()
        self._note_as_read(notes)
        return None

    def _notes(self) -> list[Note]:
        rows = VolunteerChange.objects.filter(pk__gt=self._low).order_by("pk")
        return list(rows.values_list("pk", "user_id", "at"))

    def _note_as_read(self, notes: list[Note]) -> None:
        """Inside a transaction nothing counts as read: it may be undone, and its numbers given out again."""
        if connection.in_atomic_block:
            return
        self._seen |= {note[0] for note in notes}
        old = timezone.now() - OVERLAP
        self._low = max([self._low, *(number for number, _who, at in notes if at < old)])
        self._seen = {number for number in self._seen if number > self._low}

    def _slept_too_long(self) -> bool:
        return self._read_at is None or timezone.now() - self._read_at > KEPT / 2


_keeper = Keeper()


def current(*, now: datetime) -> Roster:
    """The roster of this process, at most CHECKED_EVERY seconds behind the database."""
    return _keeper.current(now=now)


def forget() -> None:
    """Start anew at the next question: for tests, and after a restore."""
    _keeper.forget()


def drop_old_notes(*, now: datetime) -> int:
    """The clock: notes every process has read by now. Returns how many went."""
    return VolunteerChange.objects.filter(at__lt=now - KEPT).delete()[0]
