"""Which weights count for a quarter now: the newest version its workers switched on, else the house's own."""

from collections.abc import Iterable
from uuid import UUID

from matching.models import Weighing
from matching.scoring import WEIGHTS
from places.models import Quarter


def current(quarter: Quarter) -> Weighing | None:
    """The version in force; None while the quarter never changed anything."""
    return Weighing.objects.filter(quarter=quarter).order_by("-number").first()


def weights_by_quarter(quarters: Iterable[UUID]) -> dict[UUID, dict[str, float]]:
    """The weights of each of these quarters; one query for all of them."""
    newest = {row.quarter_id: row.weights for row in Weighing.objects.filter(quarter__in=quarters).order_by("number")}
    return {quarter: dict(newest.get(quarter, WEIGHTS)) for quarter in quarters}


def weights_of(quarter: Quarter) -> dict[str, float]:
    """Part of the fit -> weight."""
    version = current(quarter)
    return dict(version.weights) if version else dict(WEIGHTS)
