"""
The best volunteers for one request: the gates and the fit of `matching.roster.pairs` for a single request.

One request is asked for while somebody waits, so everything here is one value against a few arrays of one quarter's
people. A test holds it against the law and against `pairs`.
"""

from datetime import datetime, tzinfo
from functools import lru_cache

import numpy as np

from matching import scoring, times
from matching.facts import Person, RequestFacts
from matching.gates import HARDLY_ANY
from matching.reasons import Teller
from matching.roster import bits, clock, pairs, young
from matching.roster.around import Flags, Floats, Index, Words, around
from matching.roster.asked import Asked, Wished, ask, generations_of, weights_of
from matching.roster.columns import GENDERS, Columns, Rows
from matching.roster.found import Found, moment_of, parts_of
from matching.scoring import PARTS
from places.distance import travel_minutes

NOBODY = np.empty(0, np.intp)


def best(
    columns: Columns, facts: RequestFacts, wished: Wished, *, now: datetime, zone: tzinfo, limit: int
) -> list[Found]:
    """The best `limit`, best first. `wished`: the days of the request, none of its hours outside 6 to 22."""
    return _Search(columns, facts, wished, now=now, zone=zone).best(limit) if wished.days else []


class _Search:
    """One request among the people around it. `_at`: who is still in question, as indexes of the table."""

    def __init__(self, columns: Columns, facts: RequestFacts, wished: Wished, *, now: datetime, zone: tzinfo) -> None:
        self._columns, self._facts, self._now, self._zone = columns, facts, now, zone
        self._days, self._words = wished.days, wished.words
        self._there = around(columns, facts.quarter_id, facts.admitted, now.astimezone(zone).date())
        self._able = self._there.able(facts.skills, facts.needs)
        self._cell = "" if facts.remote else facts.cell
        self._length = times.quarters(facts.duration)
        self._need = facts.duration.total_seconds() / 3600 - HARDLY_ANY
        self._one_week = columns.week_of(self._days[0]) == columns.week_of(self._days[-1])
        self._asked: Asked | None = None

    def best(self, limit: int) -> list[Found]:
        self._at = self._old_enough(self._fitting())
        begins = bits.starts_of(self._free(), self._length)
        slots = self._in_time(begins)
        some = np.bitwise_or.reduce(slots).nonzero()[0]
        if not len(some):
            return []
        self._at = self._at.take(some)
        parts = self._parts(begins.take(some, axis=1))
        score = pairs.total(parts, weights_of(tuple(self._facts.weights.items()))[:, None])
        order = (-score).argsort(kind="stable")  # the table's own order decides between equal fits
        order = order[: limit + len(self._facts.out) + 1]  # some of them may be out
        return self._told(order, score, parts.take(order, axis=1).T, slots.take(some.take(order), axis=1).T, limit)

    # --- gates ----------
    def _fitting(self) -> Flags:
        """Who passes every gate but those of age and time."""
        there, facts, able = self._there, self._facts, self._able
        fits = able.who
        if self._days[0] > able.soonest:
            fits = fits & (able.until >= self._days[0])
        if self._cell:
            self._near, within = there.near(self._cell)
            fits = fits & within
        if not facts.minors_may:
            fits = fits & there.grown(self._days[-1])
        if self._one_week:
            fits = fits & there.has_hours(self._days[0], self._need)
        if facts.languages:
            fits = fits & (there.languages & np.uint64(self._columns.language_names.mask(facts.languages)) != 0)
        if facts.gender_wish:
            fits = fits & (there.gender == GENDERS.get(facts.gender_wish, -1))
        return fits

    def _old_enough(self, fits: Flags) -> Index:
        """Without the young whom their age or a missing check keeps out; who is left of them is in `_young`."""
        some = fits.take(self._there.young)
        if not some.any():
            self._young = NOBODY
            return fits.nonzero()[0]
        some &= self._there.adult_on > self._days[0]
        stay = self._young_who_may(some)
        fits = fits.copy()
        fits[self._there.young[some]], fits[stay] = False, True
        at = fits.nonzero()[0]
        self._young = at.searchsorted(stay)
        return at

    def _young_who_may(self, some: Flags) -> Index:
        """Those of the young whom the rules let in on one of the days; most fall at a look, the others one by one."""
        may = self._there.adult_on <= self._days[-1]
        if self._facts.minors_may:
            may |= self._there.young_until >= self._days[0]
        at = self._there.young[some & may]
        if len(at):
            asked, r, v = self._as_pairs(at)
            at = at[young.checked(self._columns, asked, r, v) & young.old_enough(self._columns, asked, r, v)]
        return at

    def _as_pairs(self, at: Index) -> tuple[Asked, Index, Rows]:
        """These people as pairs of one request, for what is asked of the few."""
        if self._asked is None:
            self._asked = ask(self._columns, [self._facts], now=self._now, zone=self._zone)
        return self._asked, np.zeros(len(at), np.intp), self._there.rows[at]

    # --- time ----------
    def _free(self) -> Words:
        """(days, people): the free quarters among those wished for."""
        free = np.empty((len(self._days), len(self._at)), np.uint64)
        for index, day in enumerate(self._days):
            self._there.free(day).take(self._at, out=free[index], mode="clip")  # else `take` goes by way of a copy
        free &= self._words
        self._without_visits(free)
        if self._days[-1] > self._able.soonest:
            free[np.array(self._days)[:, None] > self._able.until.take(self._at)] = 0
        if len(self._young):
            self._shut_the_young(free)
        return free

    def _without_visits(self, free: Words) -> None:
        """Each agreed visit taken out with the way there and back."""
        there = self._there
        busy = (there.busy.take(self._at) & there.bits_of(self._days)).nonzero()[0]
        for index, who in zip(busy.tolist(), self._at.take(busy).tolist(), strict=True):
            for day, start, end, cell in there.visits(who):
                if day in self._days:
                    free[self._days.index(day), index] &= _left(start, end, self._way(cell))

    def _way(self, cell: int) -> int:
        """Minutes to a visit in that cell; none where one of the two is by telephone."""
        far = cell >= 0 and not self._facts.remote
        return travel_minutes(self._facts.cell, self._columns.cells.words[cell]) if far else 0

    def _shut_the_young(self, free: Words) -> None:
        asked, r, v = self._as_pairs(self._at.take(self._young))
        for index, day in enumerate(self._days):
            words = free[index].take(self._young)
            young.shut(self._columns, asked, r, v, np.full(len(r), day), words)
            free[index][self._young] = words

    def _in_time(self, begins: Words) -> Words:
        """(days, people): where a visit may begin and its week has the hours left."""
        if self._one_week and not len(self._young):
            return begins
        slots = begins.copy()
        for index, day in enumerate(self._days):
            slots[index] *= self._there.has_hours(day, self._need).take(self._at)
            if len(self._young):
                slots[index, self._young] *= self._young_have_hours(day)
        return slots

    def _young_have_hours(self, day: int) -> Flags:
        """The same under the rules for the young, who may less than they wish."""
        asked, r, v = self._as_pairs(self._at.take(self._young))
        return clock.has_hours(self._columns, asked, r, v, np.full(len(r), day))

    # --- the fit ----------
    def _parts(self, begins: Words) -> Floats:
        """(PARTS, people), nan where a part does not apply."""
        there, at, facts = self._there, self._at, self._facts
        parts = np.empty((len(PARTS), len(at)))
        parts[0] = self._near.take(at) if self._cell else np.nan
        usable = np.add.reduce(np.bitwise_count(bits.stretched_of(begins, self._length)), dtype=np.int64)
        parts[1] = scoring.slack_share(usable / self._length)
        parts[2] = self._able.levels.take(at) / (3 * len(facts.skills)) if facts.skills else np.nan
        parts[3] = self._language()
        parts[4] = self._continuity() if facts.together else 0.0
        weeks = (self._now.timestamp() - there.since.take(at)) / scoring.WEEK_SECONDS
        parts[5] = scoring.halves(scoring.waited_share(weeks, there.pace.take(at)), there.room_share.take(at))
        parts[6] = self._generations()
        return parts.round(3)

    def _language(self) -> Floats | float:
        wanted = self._facts.languages or self._facts.resident_languages - {"de"}
        if not wanted:
            return np.nan
        mask = np.uint64(self._columns.language_names.mask(wanted))
        return np.bitwise_count(self._there.languages.take(self._at) & mask) / float(len(wanted))

    def _continuity(self) -> Floats:
        known, high, low = self._facts.together, self._there.high.take(self._at), self._there.low.take(self._at)
        found = np.zeros(len(self._at))
        for person, often in known.items():
            same = (low == np.uint64(person.int & bits.FULL)) & (high == np.uint64(person.int >> 64))
            found[same] = scoring.known_share(often)
        return found

    def _generations(self) -> Floats | float:
        facts, there, at = self._facts, self._there, self._at
        wished = None if facts.wishes_other_generation else there.other_generation.take(at)
        if wished is not None and not wished.any():
            return np.nan
        apart = pairs.apart(there.born.take(at), *generations_of(facts.resident_born_on, there.today))
        return np.where(True if wished is None else wished, apart, np.nan)

    # --- what is told ----------
    def _told(self, order: Index, score: Floats, parts: Floats, slots: Words, limit: int) -> list[Found]:
        """The first so many who are neither the resident nor out. `parts` and `slots`: a row for each of `order`."""
        out = {person.int for person in self._facts.out} | {self._facts.resident_id.int}
        teller = Teller(self._facts, now=self._now, zone=self._zone)
        rows = zip(self._at.take(order).tolist(), score.take(order).tolist(), parts, slots.tolist(), strict=True)
        found: list[Found] = []
        for at, *row in rows:
            person = self._there.person(at)
            if person.id.int not in out:
                found.append(self._one(teller, person, *row))
                if len(found) == limit:
                    break
        return found

    def _one(self, teller: Teller, person: Person, score: float, parts: Floats, words: list[int]) -> Found:
        index = 0
        while not words[index]:
            index += 1
        slot = moment_of(self._days[index], bits.minute_of(_lowest(words[index])), self._zone)
        return Found(self._facts, person, score, parts_of(parts), teller.reasons(person, slot), slot)


def _lowest(word: int) -> int:
    return (word & -word).bit_length() - 1


@lru_cache(maxsize=16384)
def _left(start: int, end: int, way: int) -> np.uint64:
    """The quarters of a day that a visit between these minutes leaves, with the way there and back."""
    return np.uint64(~bits.word(start - way, end + way, outwards=True) & bits.FULL)
