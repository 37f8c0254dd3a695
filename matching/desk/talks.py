"""What a worker sees of the talk of a pair: how it stands, never its text. The floor above fills it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import User
from matching.models import Match


@dataclass(frozen=True)
class Talk:
    """`cautions`: kind of danger in words, how many messages; `pause`: address of the one tap, "" where not theirs."""

    words: Any
    tone: str
    cautions: list[tuple[Any, int]]
    reports: list[tuple[str, str]]  # (words, address)
    is_paused: bool
    pause: str


Describe = Callable[[Sequence[Match], User], dict[UUID, Talk]]
_describe: Describe | None = None


def describe_with(describe: Describe) -> None:
    """Said once, when the house is put together."""
    global _describe
    _describe = describe


def of(matches: Sequence[Match], worker: User) -> dict[UUID, Talk]:
    """By match; those without a talk are missing."""
    return _describe(matches, worker) if _describe else {}
