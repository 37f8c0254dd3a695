"""The list of talks: with whom and about what, so that two of the same first name are told apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from matching.words import kinds
from messaging import rules, showing
from messaging.models import Conversation


@dataclass(frozen=True)
class Row:
    """`about`: the kinds of help, which both know. `looks_alike`: another here has name and kinds in common."""

    talk: Conversation
    other: User
    about: str
    is_closed: bool
    looks_alike: bool


def rows_of(talks: Sequence[Conversation], user: User, now: datetime) -> list[Row]:
    """`talks`: made `for_list`; asks no query."""
    names = [(showing.other_of(talk, user), kinds(talk.match.request.skills.all())) for talk in talks]
    seen = Counter((other.first_name, about) for other, about in names)
    return [
        Row(talk, other, about, not rules.is_open(talk, now), seen[other.first_name, about] > 1)
        for talk, (other, about) in zip(talks, names, strict=True)
    ]
