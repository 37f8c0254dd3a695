"""The generated city as the columns of a roster, without a database: how a million volunteers come into memory."""

from datetime import timedelta

import numpy as np

from bench._city import ALWAYS, GENDERS, KINDS, LANGUAGES, NEVER, NOW, TODAY, Array, Land, Volunteers
from bench._facts import SLUGS, ZONE
from matching import times
from matching.roster import bits, columns, young
from matching.roster.roster import Roster

SAME = ("high", "low", "home", "cell", "radius_m", "skills", "hours", "capacity", "live", "ready", "holidays",
        "other_generation", "languages", "born", "asked", "joined", "ask_wish")  # fmt: skip


def a_roster(land: Land, v: Volunteers) -> Roster:
    """All volunteers of the city, as `matching.roster.load` would have read them."""
    c = columns.Columns(len(v))
    rows = c.grow(len(v))
    c.quarters, c.cells = columns.Names(land.ids), columns.Names(land.cells)
    c.skill_names, c.language_names = columns.Names(SLUGS), columns.Names(LANGUAGES)
    c.monday = times.week_of(NOW, ZONE).toordinal()
    for name in SAME:
        getattr(c, name)[:] = getattr(v, name)
    c.level_1[:], c.level_2[:] = v.level_1 & v.skills, v.level_2 & v.skills
    c.gender[:] = np.array([columns.GENDERS[gender] for gender in GENDERS])[v.gender]
    c.vetted[:, [columns.KINDS.index(kind) for kind in KINDS]] = v.vetted
    young.prepare(c, rows)
    c.week[:] = v.week
    c.paused_until[:] = np.where(v.paused, ALWAYS, NEVER)
    c.here[:] = True
    _days(c, v)
    _visits(c, v)
    c.serving.fill(v.serves, np.repeat(rows, np.diff(v.serves_from)))
    c.living.fill(c.home, rows)
    return Roster(c, zone=ZONE)


def _days(c: columns.Columns, v: Volunteers) -> None:
    """The days of each exception, with what is free on them."""
    words = [bits.word(start, end, outwards=not there) for *_row, start, end, there in v.exceptions.tolist()]
    row, first, there, word = _each_day(v.exceptions, np.array(words, np.uint64))
    usual = c.week[row, (first + 6) % 7]
    ahead = first >= TODAY
    keys = columns.key_of(row[ahead].astype(np.int64), first[ahead])
    order = np.argsort(keys)
    c.days.keys = keys[order]
    c.days.columns["word"] = np.where(there == 1, usual | word, usual & ~word)[ahead][order]
    c.special[row] = True


def _each_day(exceptions: Array, words: Array) -> tuple[Array, Array, Array, Array]:
    """(row, day, there?, word) of every day of every exception."""
    row, first, last, _start, _end, there = exceptions.T
    of, day = bits.spread(first, last + 1)
    return row[of], day, there[of], words[of]


def _visits(c: columns.Columns, v: Volunteers) -> None:
    row, day, start, end, cell = v.visits.T
    keys = columns.key_of(row.astype(np.int64), day)
    order = np.argsort(keys)
    c.visits.keys = keys[order]
    for name, column in (("start", start), ("end", end), ("cell", cell)):
        c.visits.columns[name] = column[order].astype(c.visits.columns[name].dtype)
    c.busy[row] = True
    np.add.at(c.taken, (row, c.week_of(day)), (end - start) / (timedelta(hours=1) / timedelta(minutes=1)))
