"""What the roster answers: a person, a moment, a pair with its reasons."""

from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching import times
from matching.facts import Person, RequestFacts
from matching.roster.columns import NEVER, Columns
from matching.scoring import PARTS


class Found(NamedTuple):
    """One pair that passes every gate. `parts`: part of the fit -> 0..1; `reasons`: codes for `matching.reasons`."""

    request: RequestFacts
    volunteer: Person
    score: float
    parts: dict[str, float]
    reasons: list[dict[str, Any]]
    slot_start: datetime


def person_of(columns: Columns, row: int) -> Person:
    """What can be told of one volunteer."""
    c, born, asked = columns, int(columns.born[row]), float(columns.asked[row])
    return Person(
        id=c.person(row),
        home_quarter_id=c.quarters.word(int(c.home[row])),
        cell=c.cells.word(int(c.cell[row])) or "",
        levels=_levels(c, row),
        languages=frozenset(word for _bit, word in c.language_names.of_mask(int(c.languages[row]))),
        born_on=date.fromordinal(born) if born != NEVER else None,
        wishes_other_generation=bool(c.other_generation[row]),
        last_asked_at=datetime.fromtimestamp(asked, UTC) if np.isfinite(asked) else None,
        live_matches=int(c.live[row]),
        capacity=int(c.capacity[row]),
    )


def parts_of(values: npt.NDArray[np.float64]) -> dict[str, float]:
    """A fit's parts in the order of PARTS as those that apply."""
    return {part: value for part, value in zip(PARTS, values.tolist(), strict=True) if value == value}


def moment_of(day: int, minute: int, zone: tzinfo) -> datetime:
    """`day`: ordinal; `minute`: local, since midnight."""
    return times.moment(date.fromordinal(day), minute, zone)


def _levels(columns: Columns, row: int) -> dict[str, int]:
    one, two = int(columns.level_1[row]), int(columns.level_2[row])
    skills = columns.skill_names.of_mask(int(columns.skills[row]))
    return {skill: one >> bit & 1 | (two >> bit & 1) << 1 for bit, skill in skills}
