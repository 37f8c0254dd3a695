"""
The best volunteers for one request: the gates and the fit of `matching.roster.pairs` for a single request.

One request is asked for while somebody waits, so everything here is one value against a few arrays of one quarter's
people. A test holds it against the law and against `pairs`.
"""

from datetime import datetime, tzinfo

import numpy as np
import numpy.typing as npt

from matching import scoring, times
from matching.facts import RequestFacts, age_on
from matching.gates import HARDLY_ANY
from matching.reasons import Teller
from matching.roster import bits, young
from matching.roster.around import Floats, around
from matching.roster.asked import Asked, ask
from matching.roster.columns import GENDERS, Columns
from matching.roster.found import Found, moment_of
from matching.scoring import PARTS
from places.distance import travel_minutes

Index = npt.NDArray[np.intp]
Words = npt.NDArray[np.uint64]


def best(
    columns: Columns, facts: RequestFacts, days: dict[int, int], *, now: datetime, zone: tzinfo, limit: int
) -> list[Found]:
    """The best `limit`, best first. `days`: wished day (ordinal) -> its quarters, in order, none outside 6 to 22."""
    return _Search(columns, facts, days, now=now, zone=zone).best(limit) if days else []


class _Search:
    """One request among the people around it. `_at`: who is still in question, as indexes of the table."""

    def __init__(
        self, columns: Columns, facts: RequestFacts, days: dict[int, int], *, now: datetime, zone: tzinfo
    ) -> None:
        self._columns, self._facts, self._now, self._zone = columns, facts, now, zone
        self._days = list(days)
        self._words = days.values()
        self._today = now.astimezone(zone).date()
        self._there = around(columns, facts.quarter_id, facts.admitted, self._today)
        self._length = times.quarters(facts.duration)
        self._asked: Asked | None = None

    def best(self, limit: int) -> list[Found]:
        self._at = self._able()
        free = self._free()
        begins = bits.starts_of(free, self._length)
        fits = self._in_time(begins)
        some = np.logical_or.reduce(fits).nonzero()[0]
        some = self._not_out(some)
        if not len(some):
            return []
        self._at = self._at.take(some)
        begins = begins.take(some, axis=1)
        parts = self._parts(begins)
        score = self._total(parts)
        order = (-score).argsort(kind="stable")[:limit]  # the table's own order decides between equal fits
        chosen = some.take(order)
        return self._told(score, parts, order, begins, fits.take(chosen, axis=1))

    # --- gates ----------
    def _able(self) -> Index:
        """Who passes every gate but that of time."""
        there, facts = self._there, self._facts
        need = np.uint64(self._columns.skill_names.mask(facts.skills))
        fits = there.skills & need == need
        self._until, self._soonest = there.until(facts.needs)
        fits &= self._until >= self._days[0]
        if self._has_place:
            self._near, within = there.near(facts.cell)
            fits &= within
        if facts.languages:
            fits &= there.languages & np.uint64(self._columns.language_names.mask(facts.languages)) != 0
        if facts.gender_wish:
            fits &= there.gender == GENDERS.get(facts.gender_wish, -1)
        return self._old_enough(fits.nonzero()[0])

    @property
    def _has_place(self) -> bool:
        return bool(self._facts.cell) and not self._facts.remote

    def _old_enough(self, at: Index) -> Index:
        """Without the young whom their age or a missing check keeps out; who is left of them is in `_young`."""
        self._young = np.empty(0, np.intp)
        if self._days[0] >= self._there.grown_on:
            return at
        grown = self._there.adult.take(at) <= self._days[0]
        if grown.all():
            return at
        some = self._young_who_may(at[~grown])
        at = np.sort(np.concatenate([at[grown], some]))
        self._young = np.searchsorted(at, some)
        return at

    def _young_who_may(self, at: Index) -> Index:
        """Those of the young whom the rules let in on one of the days; most fall at a look, the others one by one."""
        some = self._there.adult.take(at) <= self._days[-1]
        if self._facts.minors_may:
            some |= self._there.young_until.take(at) >= self._days[0]
        at = at[some]
        if len(at):
            asked, r, v = self._as_pairs(at)
            at = at[young.checked(self._columns, asked, r, v) & young.old_enough(self._columns, asked, r, v)]
        return at

    def _as_pairs(self, at: Index) -> tuple[Asked, Index, npt.NDArray[np.int32]]:
        """These people as pairs of one request, for what is asked of the few."""
        if self._asked is None:
            self._asked = ask(self._columns, [self._facts], now=self._now, zone=self._zone)
        return self._asked, np.zeros(len(at), np.intp), self._there.rows[at]

    def _not_out(self, some: Index) -> Index:
        """Without the resident and those who can never be this pair."""
        out = {person.int for person in self._facts.out} | {self._facts.resident_id.int}
        at = self._at.take(some)
        halves = zip(self._there.high.take(at).tolist(), self._there.low.take(at).tolist(), strict=True)
        stay = [index for index, (high, low) in enumerate(halves) if (high << 64 | low) not in out]
        return some if len(stay) == len(some) else some[stay]

    # --- time ----------
    def _free(self) -> Words:
        """(days, people): the free quarters among those wished for."""
        there, at = self._there, self._at
        free = np.empty((len(self._days), len(at)), np.uint64)
        for index, (day, word) in enumerate(zip(self._days, self._words, strict=True)):
            np.bitwise_and(there.free(day).take(at), np.uint64(word), out=free[index])
        self._without_visits(free)
        if self._days[-1] > self._soonest:
            free[np.array(self._days)[:, None] > self._until.take(at)] = 0
        if len(self._young):
            self._shut_the_young(free)
        return free

    def _without_visits(self, free: Words) -> None:
        """Each agreed visit taken out with the way there and back."""
        place = dict(zip(self._at.tolist(), range(len(self._at)), strict=True))
        for index, day in enumerate(self._days):
            for who, start, end, cell in self._there.visits(day):
                if who in place:
                    way = self._way(cell)
                    gone = bits.word(start - way, end + way, outwards=True)
                    free[index, place[who]] &= np.uint64(~gone & bits.FULL)

    def _way(self, cell: int) -> int:
        """Minutes to a visit in that cell; none where one of the two is by telephone."""
        return (
            0 if cell < 0 or self._facts.remote else travel_minutes(self._facts.cell, self._columns.cells.words[cell])
        )

    def _shut_the_young(self, free: Words) -> None:
        asked, r, v = self._as_pairs(self._at.take(self._young))
        for index, day in enumerate(self._days):
            words = free[index].take(self._young)
            young.shut(self._columns, asked, r, v, np.full(len(r), day), words)
            free[index][self._young] = words

    def _in_time(self, begins: Words) -> npt.NDArray[np.bool_]:
        """(days, people): a visit may begin on that day and its week has the hours left."""
        need = self._facts.duration.total_seconds() / 3600 - HARDLY_ANY
        fits = begins != 0
        for index, day in enumerate(self._days):
            room = self._there.room(day).take(self._at)
            if len(self._young):
                room[self._young] += self._less(day)
            fits[index] &= room >= need
        return fits

    def _less(self, day: int) -> npt.NDArray[np.float32]:
        """By how many hours a week the rules for the young go below their own wish."""
        asked, r, v = self._as_pairs(self._at.take(self._young))
        return young.hours_a_week(self._columns, asked, r, v, np.full(len(r), day)) - self._columns.hours[v]

    # --- the fit ----------
    def _parts(self, begins: Words) -> Floats:
        """(PARTS, people), nan where a part does not apply."""
        there, at, facts = self._there, self._at, self._facts
        parts = np.empty((len(PARTS), len(at)))
        parts[0] = self._near.take(at) if self._has_place else np.nan
        usable = np.add.reduce(np.bitwise_count(bits.stretched_of(begins, self._length)), dtype=np.int64)
        parts[1] = scoring.slack_share(usable / self._length)
        parts[2] = self._skill_depth()
        parts[3] = self._language()
        parts[4] = self._continuity() if facts.together else 0.0
        weeks = (self._now.timestamp() - there.since.take(at)) / scoring.WEEK_SECONDS
        parts[5] = scoring.halves(weeks * there.pace.take(at), there.room_share.take(at))
        parts[6] = self._generations()
        return parts.round(3)

    def _skill_depth(self) -> Floats | float:
        kinds = len(self._facts.skills)
        if not kinds:
            return np.nan
        need = np.uint64(self._columns.skill_names.mask(self._facts.skills))
        ones, twos = (level.take(self._at) & need for level in (self._there.level_1, self._there.level_2))
        return (np.bitwise_count(ones) + 2.0 * np.bitwise_count(twos)) / (3 * kinds)

    def _language(self) -> Floats | float:
        wanted = self._facts.languages or self._facts.resident_languages - {"de"}
        if not wanted:
            return np.nan
        mask = np.uint64(self._columns.language_names.mask(wanted))
        return np.bitwise_count(self._there.languages.take(self._at) & mask) / float(len(wanted))

    def _continuity(self) -> Floats:
        together = {person.int: scoring.known_share(times) for person, times in self._facts.together.items()}
        halves = (half.take(self._at).tolist() for half in (self._there.high, self._there.low))
        return np.array([together.get(high << 64 | low, 0.0) for high, low in zip(*halves, strict=True)])

    def _generations(self) -> Floats | float:
        born, wished = self._facts.resident_born_on, self._there.other_generation.take(self._at)
        if not (self._facts.wishes_other_generation or wished.any()):
            return np.nan
        age = age_on(born, self._today) if born else np.nan
        apart = np.abs(self._there.ages.take(self._at) - age) >= scoring.GENERATION_YEARS  # false for nan
        return apart.astype(np.float64) if self._facts.wishes_other_generation else np.where(wished, apart, np.nan)

    def _total(self, parts: Floats) -> Floats:
        """The weighted mean of the parts that apply, rounded to 4 digits; 0 where no weight counts."""
        weights = np.array([float(self._facts.weights.get(part, 0)) for part in PARTS])
        applies = parts == parts
        whole = weights @ applies
        sums = weights @ np.where(applies, parts, 0)
        return (sums / np.where(whole > 0, whole, np.inf)).round(4)

    # --- what is told ----------
    def _told(
        self, score: Floats, parts: Floats, order: Index, begins: Words, fits: npt.NDArray[np.bool_]
    ) -> list[Found]:
        first = fits.argmax(axis=0)
        words = begins[first, order].tolist()
        teller = Teller(self._facts, now=self._now, zone=self._zone)
        rows = zip(
            self._at.take(order).tolist(), score.take(order).tolist(), parts.take(order, axis=1).T.tolist(),
            first.tolist(), words, strict=True,
        )  # fmt: skip
        return [self._one(teller, *row) for row in rows]

    def _one(self, teller: Teller, at: int, score: float, parts: list[float], index: int, word: int) -> Found:
        person = self._there.person(at)
        slot = moment_of(self._days[index], bits.minute_of((word & -word).bit_length() - 1), self._zone)
        said = {part: value for part, value in zip(PARTS, parts, strict=True) if value == value}
        return Found(self._facts, person, score, said, teller.reasons(person, slot), slot)
