"""How long until a saved change counts in another process that keeps its own roster."""

import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from statistics import median

from django.db import connection, connections

from accounts import receivers as accounts_receivers
from accounts import triggers
from accounts.models import VolunteerProfile
from bench import _rows
from bench._alone import Line, taking
from bench._asking import Requests
from bench._city import NOW, Land, Volunteers
from matching import receivers, roster


def write(land: Land, volunteers: Volunteers, requests: Requests) -> None:
    """The city into the database, without a note for each of a million rows."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA cache_size = -1000000")  # a gigabyte: keys come in no order
    triggers.take_away()
    _rows.write(land, volunteers, requests)
    accounts_receivers.make_triggers()
    receivers.make_triggers()


def lines(size: int, quick: bool) -> list[Line]:
    """A pause saved here, seen there: a forked process with a roster and a connection of its own."""
    rows = roster.current(now=NOW).columns
    people = [rows.person(row) for row in range(3 if quick else 7)]
    connections.close_all()
    here, there = get_context("fork").Pipe()
    other = get_context("fork").Process(target=_watch, args=(there, people))
    other.start()
    here.recv()  # it is there and looks
    taken = []
    for person in people:
        profile = VolunteerProfile.objects.get(user=person)
        profile.paused = not profile.paused
        profile.save(update_fields=["paused"])
        saved = time.monotonic()
        taken.append(here.recv() - saved)
    other.join()
    time.sleep(0.6)
    with taking() as catching_up:
        roster.current(now=NOW)
    return [
        (
            "roster.change_seen_seconds",
            max(taken),
            "s",
            f"the longest of {len(taken)}, another process, {size} volunteers",
        ),
        ("roster.change_seen_median_seconds", median(taken), "s", "at most 1"),
        ("roster.catch_up_milliseconds", catching_up[0] * 1000, "ms", f"{len(people)} changed people read anew"),
    ]


def _watch(there: Connection, people: list) -> None:
    """Ask the roster as a page would, until each of these people's pause has turned."""
    columns = roster.current(now=NOW).columns
    there.send(0.0)
    for person in people:
        row = int(columns.rows_of([person])[0])
        before = int(columns.paused_until[row])
        while int(roster.current(now=NOW).columns.paused_until[row]) == before:
            time.sleep(0.005)
        there.send(time.monotonic())
