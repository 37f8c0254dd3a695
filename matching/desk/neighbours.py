"""The quarters around one: which of them may send helpers, and what opening another one would bring."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matching import planner
from places.models import Border, Quarter


@dataclass(frozen=True)
class Neighbour:
    """`admitted`: None where the quarter's policy decides for all. `more`: proposals an opening would bring."""

    quarter: Quarter
    barrier: str
    admitted: bool | None
    is_open: bool
    more: int = 0


def around(quarter: Quarter) -> list[Neighbour]:
    """All neighbours, by name, as they are now."""
    return [_as_it_is(quarter, border) for border in _borders(quarter)]


def would_bring(quarter: Quarter, *, now: datetime) -> list[Neighbour]:
    """The neighbours that are not open, each with the proposals a round would find more; the most first. Computes."""
    closed = [one for one in around(quarter) if not one.is_open]
    if not closed:
        return []
    today = _filled(quarter, (), now)
    found = [_with(quarter, one, today, now) for one in closed]
    return sorted(found, key=lambda one: -one.more)


def _with(quarter: Quarter, one: Neighbour, today: int, now: datetime) -> Neighbour:
    more = _filled(quarter, [one.quarter], now) - today
    return Neighbour(one.quarter, one.barrier, one.admitted, one.is_open, more)


def _filled(quarter: Quarter, neighbours: Iterable[Quarter], now: datetime) -> int:
    admit = [(quarter.pk, one.pk) for one in neighbours]
    return planner.plan([quarter], now=now, admit=admit, explain=False).filled


def _borders(quarter: Quarter) -> Iterable[Border]:
    return Border.objects.filter(quarter=quarter).select_related("neighbour").order_by("neighbour__name", "pk")


def _as_it_is(quarter: Quarter, border: Border) -> Neighbour:
    is_open = quarter.admits_neighbours if border.admitted is None else border.admitted
    return Neighbour(border.neighbour, border.barrier, border.admitted, is_open)
